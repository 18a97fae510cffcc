"""Downloads by viewers: which are offered, the file itself with ranges, and who is refused with which reason."""

from typing import Any

import pytest

from framehouse.identity import Profile, TenantChanges
from framehouse.library import (
    DownloadQuality,
    Output,
    OutputKind,
    Privacy,
    Video,
    new_output_id,
    output_prefix,
    record_output,
)
from framehouse.playback import embed_path, watch_path
from tests.edge.house import House
from tests.edge.visiting import PASSWORD, Browser, grant_for, login_for

SD, HD, ORIGINAL = DownloadQuality.SD, DownloadQuality.HD, DownloadQuality.ORIGINAL
FILM = {"sd": b"small film", "hd": b"a large film", "original": b"the source's bytes"}


async def with_files(house: House, **about: Any) -> Video:
    video = await house.playable(**about)
    for lines, data in ((360, FILM["sd"]), (720, FILM["hd"])):
        output_id = new_output_id()
        prefix = output_prefix(video.id, output_id)
        await house.library.storage.put(f"{prefix}{lines}p.mp4", data)
        size = (lines * 16 // 9, lines)
        key, now = f"{prefix}{lines}p.mp4", house.clock.now()
        output = Output(output_id, video.id, OutputKind.DOWNLOAD, f"{lines}p", key, len(data), *size, None, None, now)
        async with house.library.database.write() as tx:
            await record_output(tx, house.clock, house.owner.tenant_id, output, prefix)
    return video


async def account(house: House, **profile: Any) -> None:
    await house.identity.update_tenant(house.owner.tenant_id, TenantChanges(profile=Profile(**profile)))


def offered(config: dict[str, Any]) -> list[str]:
    return [download["quality"] for download in config["downloads"]]


@pytest.mark.parametrize(
    ("profile", "own", "expected"),
    [
        ({}, None, []),
        ({"download_sd": True}, None, ["sd"]),
        ({"download_sd": True, "download_hd": True}, None, ["sd", "hd"]),
        ({"download_sd": True}, (), []),  # the video's own word
        ({}, (ORIGINAL, SD), ["sd", "original"]),
        ({"download_sd": True}, (HD,), ["hd"]),
    ],
)
async def test_the_video_or_else_the_account_says_what_viewers_may_have(
    house: House, profile: dict[str, bool], own: tuple[DownloadQuality, ...] | None, expected: list[str]
) -> None:
    await account(house, **profile)
    video, browser = await with_files(house, viewer_downloads=own), Browser(house)
    config = await browser.embed(video, "type=hd")
    assert offered(config) == expected
    for download in config["downloads"]:
        assert download["url"].startswith(f"{embed_path(video)}/download/{download['quality']}?type=hd&pass=")
        answer = await Browser(house).get(download["url"])
        assert (answer.status_code, answer.content) == (200, FILM[download["quality"]])
    for quality in FILM:
        for url in (f"{embed_path(video)}/download/{quality}", f"{watch_path(video.id)}/download/{quality}"):
            answer = await browser.get(url)
            if quality in expected:
                assert (answer.status_code, answer.content) == (200, FILM[quality])
            else:
                assert (answer.status_code, browser.reason) == (403, "download_not_allowed")


async def test_the_file_itself(house: House) -> None:
    video = await with_files(house, viewer_downloads=(SD, ORIGINAL), title="Über alles", file_name="äpfel.mp4")
    browser, url = Browser(house), f"{embed_path(video)}/download/sd"
    whole = await browser.get(url)
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["content-disposition"].startswith("attachment; ")
    assert whole.headers["content-disposition"].endswith("%20360p.mp4")
    assert whole.headers["cache-control"] == "private, no-cache"
    assert "sandbox" in whole.headers["content-security-policy"]
    assert "access-control-allow-origin" not in whole.headers
    part = await browser.get(url, headers={"range": "bytes=6-", "if-range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, b"film")
    head = await browser.request("HEAD", url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, "10", b"")
    source = await browser.get(f"{embed_path(video)}/download/original")
    assert "%C3%A4pfel.mp4" in source.headers["content-disposition"]
    for name in ("4k", "SD", "sd.mp4"):
        assert (await browser.get(f"{embed_path(video)}/download/{name}")).status_code == 404


async def test_what_was_not_made_is_neither_offered_nor_there(house: House) -> None:
    video, browser = await house.playable(viewer_downloads=(SD, HD, ORIGINAL)), Browser(house)
    assert offered(await browser.embed(video)) == ["original"]
    assert (await browser.get(f"{embed_path(video)}/download/hd")).status_code == 404
    waiting = await house.video(viewer_downloads=(ORIGINAL,))
    assert offered(await browser.embed(waiting)) == []
    assert (await browser.get(f"{embed_path(waiting)}/download/original")).status_code == 404


async def test_logins_have_what_their_grants_say(house: House) -> None:
    """Neither the video's nor the account's word counts where everybody is known."""
    await account(house, download_sd=True, download_hd=True)
    video = await with_files(house, privacy=Privacy.LOGIN, viewer_downloads=(SD, HD, ORIGINAL))
    login, browser = await login_for(house), Browser(house)
    await grant_for(house, login, video, downloads=(HD,), allowed_plays=1)
    url = f"{embed_path(video)}/download/hd"
    assert (await browser.get(url)).status_code == 403
    assert browser.reason == "login_required"
    asked = await browser.embed(video)
    config = (await browser.post(asked["loginUrl"], email=login.email, password=PASSWORD)).json()
    assert offered(config) == ["hd"]
    assert (await browser.get(url)).content == FILM["hd"]
    assert (await browser.get(f"{watch_path(video.id)}/download/hd")).content == FILM["hd"]
    assert (await browser.get(f"{watch_path(video.id)}/download/sd")).status_code == 403
    assert browser.reason == "download_not_allowed"
    started = await browser.start(config)
    assert offered(started) == ["hd"]
    assert (await browser.get(started["downloads"][0]["url"])).content == FILM["hd"], "while the last play goes on"
    assert (await browser.get(url)).status_code == 403
    assert browser.reason == "plays_used_up"


async def test_the_owner_has_everything(house: House) -> None:
    video, browser = await with_files(house, privacy=Privacy.LOGIN), Browser(house)
    house.signed_in.append(house.owner.tenant_id)
    assert offered(await browser.embed(video)) == ["sd", "hd", "original"]


async def test_unknown_addresses(house: House) -> None:
    video, browser = await with_files(house, viewer_downloads=(SD,)), Browser(house)
    for url in (f"{embed_path(video)}x/download/sd", "/watch/AAAAAAAB/download/sd", "/embed/0/0/download/sd"):
        assert (await browser.get(url)).status_code == 404
    assert (await browser.post(f"{embed_path(video)}/download/sd")).status_code == 405
