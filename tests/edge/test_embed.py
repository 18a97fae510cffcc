"""The embed page, its configuration and its password."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from sqlalchemy import event

from framehouse import library
from framehouse.kernel import to_hex
from framehouse.library import CUT, OutputKind, Privacy
from framehouse.playback import embed_path, ladder_document
from tests.edge.house import LADDER_FILES, House, hex_of, ladder, with_settings
from tests.edge.visiting import Browser, grant_for, login_for


async def test_the_page_carries_the_configuration_and_a_strict_policy(house: House) -> None:
    video = await house.playable(title="</script><b>&", password=None)
    answer = await house.client.get(embed_path(video))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors *" in policy
    assert "x-frame-options" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert "</script><b>" not in answer.text
    assert "/player/player-ABCD1234.js" in answer.text
    head = await house.client.head(embed_path(video))
    assert (head.status_code, head.content) == (200, b"")


async def test_the_configuration_of_a_playable_video(house: House) -> None:
    video = await house.playable()
    await house.record(video, OutputKind.CAPTION, "en", {"en.vtt": b"WEBVTT\n"})
    await house.record(video, OutputKind.STORYBOARD, "storyboard.vtt", {"storyboard.vtt": b"WEBVTT\n"})
    config = await house.config(video, params={"autoplay": "1", "loop": "true", "t": "12.5", "color": "ff8800"})
    assert config["state"] == "playable"
    assert config["videoId"] == hex_of(video)
    assert config["durationMs"] == 6000
    assert (config["autoplay"], config["muted"], config["loop"], config["startMs"]) == (True, False, True, 12500)
    assert config["themeColor"] == "#ff8800"
    assert config["passwordUrl"] is None
    urls = [*config["manifests"].values(), config["poster"], config["storyboard"], config["captions"][0]["url"]]
    for url in [*urls, config["statusUrl"]]:
        assert url.startswith("/"), "the player fetches from the origin of its page"
        assert (await house.client.get(url)).status_code == 200, url
    assert (await house.client.get(config["statusUrl"])).json()["startMs"] == 12500


@pytest.mark.parametrize("options", [{"t": "x"}, {"t": "-1"}, {"t": "1e9"}, {"t": "²"}, {"color": "red;}"}])
async def test_odd_options_are_ignored(house: House, options: dict[str, str]) -> None:
    config = await house.config(await house.playable(), params=options)
    assert (config["startMs"], config["themeColor"]) == (0, None)


async def test_unknown_videos_and_wrong_tokens_look_the_same(house: House) -> None:
    video = await house.playable()
    token = embed_path(video).rsplit("/", 1)[1]
    pages = [
        await house.client.get(path)
        for path in (
            f"/embed/{hex_of(video)}/wrong",
            f"/embed/{to_hex(12345)}/{token}",
            f"/embed/{hex_of(video).upper()}x/{token}",
            f"/embed/{hex_of(video)}/%C3%A9",
        )
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "frame-ancestors *" in pages[0].headers["content-security-policy"]
    configs = [await house.client.get(f"/embed/{path}/config") for path in (f"{hex_of(video)}/x", "0/x")]
    assert {(answer.status_code, answer.text) for answer in configs} == {(404, "Not found.\n")}


async def test_a_final_slash_is_no_other_page(house: House) -> None:
    assert (await house.client.get(embed_path(await house.playable()) + "/")).status_code == 200


async def test_progress_then_the_film_then_failure(house: House) -> None:
    video = await house.video()
    answer = await house.client.get(embed_path(video) + "/config")
    assert (answer.json()["state"], answer.json()["progressPercent"]) == ("processing", 0)
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["manifests"] == {"hls": None, "dash": None}
    assert (await house.client.get(embed_path(video))).status_code == 200
    await house.record(video, OutputKind.PRESENTATION, CUT, LADDER_FILES, ladder_document(ladder()))
    await house.mark_playable(video)
    assert (await house.config(video))["state"] == "playable"
    broken = await house.video()
    async with house.library.database.write() as tx:
        await library.mark_failed(tx, house.clock, house.owner.tenant_id, broken.id, "no such codec on /srv/disk1")
    config = await house.config(broken)
    assert config["state"] == "failed"
    assert "disk1" not in config["message"]


async def test_new_players_get_the_ladder_as_soon_as_it_is_there_and_old_ones_go_on(house: House) -> None:
    video = await house.video()
    await house.record(video, OutputKind.PRESENTATION, CUT, LADDER_FILES, ladder_document(ladder()))
    await house.mark_playable(video)
    before = await house.media(video)
    await house.record(video, OutputKind.PRESENTATION, library.LADDER, LADDER_FILES, ladder_document(ladder()))
    after = await house.media(video)
    assert before.split("/")[4] != after.split("/")[4]
    assert (await house.client.get(before + "v1/2.m4s")).status_code == 200
    assert (await house.client.get(after + "v1/2.m4s")).status_code == 200


async def test_a_protected_video_is_not_streamed_clear(house: House) -> None:
    video = await house.video(protected=True)
    await house.record(video, OutputKind.PRESENTATION, CUT, LADDER_FILES, ladder_document(ladder()))
    await house.mark_playable(video)
    config = await house.config(video)
    assert (config["state"], config["manifests"]["hls"]) == ("processing", None)


async def test_denied_viewers_get_a_reason_and_nothing_else(house: House) -> None:
    video = await house.playable(allowed_networks=("192.0.2.0/24",))
    page = await house.client.get(embed_path(video))
    assert page.status_code == 403
    config = await house.config(video)
    assert (config["state"], config["title"], config["poster"]) == ("denied", "", None)
    assert "network" in config["message"]
    house.signed_in.append(house.owner.tenant_id)
    assert (await house.config(video))["state"] == "playable"


async def test_an_expired_video_is_its_owners_only(house: House) -> None:
    video = await house.playable()
    await house.change(video, expires_at=house.clock.now() + timedelta(hours=1))
    assert (await house.config(video))["state"] == "playable"
    house.advance(hours=1)
    assert (await house.config(video))["state"] == "denied"
    house.signed_in.append(house.owner.tenant_id)
    assert (await house.client.get(await house.media(video) + "v1/1.m4s")).status_code == 200


async def test_the_password_opens_the_embed_and_its_proof_is_kept(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="ö pen", prefers_embed_password=True)
    config = await house.config(video)
    assert (config["state"], config["manifests"]["hls"], config["poster"]) == ("password", None, None)
    url = config["passwordUrl"]
    wrong = await house.client.post(url, data={"password": "open"})
    assert (wrong.status_code, wrong.json()["state"]) == (403, "password")
    assert "not the password" in wrong.json()["message"]
    assert "set-cookie" not in wrong.headers
    right = await house.client.post(url, data={"password": "ö pen"})
    assert (right.status_code, right.json()["state"]) == (200, "playable")
    assert (await house.client.get(right.json()["manifests"]["hls"])).status_code == 200
    cookie = SimpleCookie(right.headers["set-cookie"])["framehouse_proof"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/embed/{hex_of(video)}", True, "Lax")
    assert not cookie["secure"]
    assert (await house.config(video))["state"] == "playable", "the client sends the cookie back"
    await house.change(video, password="another")
    assert (await house.config(video))["state"] == "password", "a changed password takes the proof back"


async def test_over_https_the_proof_works_in_frames_of_other_sites(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="p", prefers_embed_password=True)
    client = with_settings(house, public_url="https://films.example")
    answer = await client.post(embed_path(video) + "/password", data={"password": "p"})
    assert "SameSite=None; Secure; Partitioned" in answer.headers["set-cookie"]


async def test_guessing_passwords_is_slowed_down_per_video(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="p", prefers_embed_password=True)
    other = await house.playable(privacy=Privacy.PASSWORD, password="p", prefers_embed_password=True)
    url = embed_path(video) + "/password"
    statuses = [(await house.client.post(url, data={"password": str(n)})).status_code for n in range(11)]
    assert statuses == [403] * 10 + [429]
    limited = await house.client.post(url, data={"password": "p"})
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "300")
    assert limited.json()["state"] == "password"
    assert (await house.client.post(embed_path(other) + "/password", data={"password": "p"})).status_code == 200
    house.advance(minutes=5)
    assert (await house.client.post(url, data={"password": "p"})).status_code == 200


async def test_an_oversized_form_is_refused(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="p", prefers_embed_password=True)
    answer = await house.client.post(embed_path(video) + "/password", data={"password": "x" * 10_000})
    assert answer.status_code == 413


async def test_a_password_that_the_embed_does_not_ask_for(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="p")
    assert (await house.config(video))["state"] == "playable"


async def test_methods_and_unknown_paths(house: House) -> None:
    video = await house.playable()
    assert (await house.client.post(embed_path(video))).status_code == 405
    assert (await house.client.get(embed_path(video) + "/password")).status_code == 405
    for path in ("/", "/nothing", "/embed", "/media", "/embed/a/b/c/d"):
        assert (await house.client.get(path)).status_code == 404


async def test_an_unexpected_error_is_a_request_id_and_no_traceback(house: House) -> None:
    video = await house.playable()
    house.library.database.read = None  # type: ignore[method-assign]  # a fault nobody foresaw
    answer = await house.client.get(embed_path(video))
    assert answer.status_code == 500
    assert "request id" in answer.text
    assert "Traceback" not in answer.text
    assert "NoneType" not in answer.text


async def test_a_player_that_is_not_built_says_what_to_run(house: House) -> None:
    (house.context.player_dir / "manifest.json").unlink()
    answer = await house.client.get(embed_path(await house.playable()))
    assert answer.status_code == 503
    assert "build" in answer.text


@pytest.mark.parametrize("privacy", [Privacy.PUBLIC, Privacy.LOGIN])
async def test_a_page_load_takes_a_handful_of_queries(house: House, privacy: Privacy) -> None:
    video = await house.playable(privacy=privacy)
    login, browser = await login_for(house), Browser(house)
    await grant_for(house, login, video)
    if privacy is Privacy.LOGIN:
        await browser.sign_in(video, login)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    engine = house.library.database._snapshots
    assert engine is not None
    event.listen(engine, "before_cursor_execute", note)
    assert (await browser.embed(video))["state"] == "playable"
    assert 3 <= len(asked) <= 8, asked


async def test_guessers_in_one_ipv6_network_are_one(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="p", prefers_embed_password=True)
    url = embed_path(video) + "/password"
    answers = [await Browser(house, f"2001:db8::{n:x}").post(url, password="q") for n in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert (await Browser(house, "2001:db8:0:1::1").post(url, password="p")).status_code == 200
