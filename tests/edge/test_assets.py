"""Posters, captions, downloads and sources behind signatures that stay."""

import pytest

from framehouse.library import OutputKind
from framehouse.playback import AssetKind, asset_path
from tests.edge.house import House, hex_of

OCTETS = "application/octet-stream"


def path(house: House, video: object, kind: AssetKind, name: str) -> str:
    return asset_path(house.playback.assets, video, kind, name)  # type: ignore[arg-type]  # a Video


async def test_a_poster_has_its_address_before_it_is_made(house: House) -> None:
    video = await house.video()
    url = path(house, video, AssetKind.POSTER, "0.jpg")
    early = await house.client.get(url)
    assert (early.status_code, early.headers["content-type"]) == (200, "image/jpeg")
    assert early.content.startswith(b"\xff\xd8")
    assert early.content.endswith(b"\xff\xd9")
    assert early.headers["cache-control"] == "public, max-age=5"
    await house.record(video, OutputKind.POSTER, "0", {"0.jpg": b"\xff\xd8 the poster"})
    made = await house.client.get(url)
    assert made.content == b"\xff\xd8 the poster"
    assert made.headers["cache-control"] == "public, max-age=300"
    assert made.headers["etag"] != early.headers["etag"]
    again = await house.client.get(url, headers={"if-none-match": made.headers["etag"]})
    assert again.status_code == 304
    assert (await house.client.get(path(house, video, AssetKind.POSTER, "5.jpg"))).status_code == 404


async def test_storyboard_thumbnails_and_captions(house: House) -> None:
    video = await house.video()
    await house.record(video, OutputKind.STORYBOARD, "storyboard.vtt", {"storyboard.vtt": b"WEBVTT\n"})
    await house.record(video, OutputKind.STORYBOARD, "storyboard.jpg", {"storyboard.jpg": b"sprite"})
    await house.record(video, OutputKind.THUMBNAIL, "2", {"2.jpg": b"small"})
    await house.record(video, OutputKind.CAPTION, "de", {"de.vtt": b"WEBVTT\n\n"})
    expected = [
        (AssetKind.STORYBOARD, "storyboard.vtt", "text/vtt; charset=utf-8", b"WEBVTT\n"),
        (AssetKind.STORYBOARD, "storyboard.jpg", "image/jpeg", b"sprite"),
        (AssetKind.THUMBNAIL, "2.jpg", "image/jpeg", b"small"),
        (AssetKind.CAPTION, "de.vtt", "text/vtt; charset=utf-8", b"WEBVTT\n\n"),
    ]
    for kind, name, content_type, data in expected:
        answer = await house.client.get(path(house, video, kind, name))
        assert (answer.headers["content-type"], answer.content) == (content_type, data)
        assert answer.headers["access-control-allow-origin"] == "*"
    assert (await house.client.get(path(house, video, AssetKind.CAPTION, "fr.vtt"))).status_code == 404


async def test_a_download_is_saved_under_the_title_and_can_be_resumed(house: House) -> None:
    video = await house.video(title='Über "alles"/..\\x\r\nSet-Cookie: a=b')
    await house.record(video, OutputKind.DOWNLOAD, "720p", {"720p.mp4": bytes(range(200))})
    url = path(house, video, AssetKind.DOWNLOAD, "720p.mp4")
    whole = await house.client.get(url)
    assert (whole.headers["content-type"], whole.content) == ("video/mp4", bytes(range(200)))
    disposition = whole.headers["content-disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''%C3%9Cber" in disposition
    assert disposition.endswith("720p.mp4")
    assert "set-cookie" not in whole.headers
    headers = {"range": "bytes=150-", "if-range": whole.headers["etag"]}
    rest = await house.client.get(url, headers=headers)
    assert (rest.status_code, rest.content) == (206, bytes(range(150, 200)))
    head = await house.client.head(url)
    assert (head.headers["content-length"], head.headers["accept-ranges"], head.content) == ("200", "bytes", b"")


@pytest.mark.parametrize(
    ("file_name", "content_type"),
    [("a.mp4", "video/mp4"), ("a.html", OCTETS), ("a.svg", OCTETS), ("x", OCTETS)],
)
async def test_a_source_comes_back_as_it_was_and_never_as_a_page(
    house: House, file_name: str, content_type: str
) -> None:
    video = await house.video(file_name=file_name)
    answer = await house.client.get(path(house, video, AssetKind.SOURCE, file_name))
    assert answer.content == b"the source's bytes"
    assert answer.headers["content-type"] == content_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert f'filename="{file_name}"' in answer.headers["content-disposition"]


async def test_a_signature_opens_one_kind_of_one_video(house: House) -> None:
    video, other = await house.video(), await house.video()
    poster = path(house, video, AssetKind.POSTER, "0.jpg")
    _, _, video_hex, signature, _, _ = poster.split("/")
    for wrong in (
        f"/assets/{video_hex}/{signature}/source/a.mp4",
        f"/assets/{hex_of(other)}/{signature}/poster/0.jpg",
        f"/assets/{video_hex}/{signature[:-1]}/poster/0.jpg",
        f"/assets/{video_hex}/x/poster/0.jpg",
        f"/assets/{video_hex}/{signature}/nothing/0.jpg",
        f"/assets/{video_hex}/{signature}/poster/..%2f..%2fsource",
        f"/assets/zz/{signature}/poster/0.jpg",
    ):
        answer = await house.client.get(wrong)
        assert (answer.status_code, answer.text) == (404, "Not found.\n"), wrong


async def test_an_expired_video_is_not_downloaded_any_more_but_its_owner_has_the_source(house: House) -> None:
    video = await house.playable()
    await house.record(video, OutputKind.DOWNLOAD, "720p", {"720p.mp4": b"film"})
    url = path(house, video, AssetKind.DOWNLOAD, "720p.mp4")
    assert (await house.client.get(url)).status_code == 200
    await house.change(video, expires_at=house.clock.now())
    assert (await house.client.get(url)).status_code == 403
    assert (await house.client.get(path(house, video, AssetKind.SOURCE, "a.mp4"))).status_code == 200


async def test_preflight(house: House) -> None:
    url = path(house, await house.video(), AssetKind.POSTER, "0.jpg")
    answer = await house.client.options(url, headers={"access-control-request-headers": "range"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")


async def test_the_player_and_the_icon(house: House) -> None:
    script = await house.client.get("/player/player-ABCD1234.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    for name in ("manifest.json", "..%2fframehouse.sqlite", "x.js", ".js", "player-ABCD1234.js/x", "%00.js"):
        assert (await house.client.get(f"/player/{name}")).status_code == 404, name
    assert (await house.client.get("/favicon.ico")).headers["content-type"] == "image/svg+xml"
