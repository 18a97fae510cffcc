"""oEmbed: which addresses are ours, what is told of them, sizes, both formats; and the tags of public pages."""

import json
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framehouse import library
from framehouse.edge.oembed import Limits, OEmbed, Target, TargetKind, fit_playlist, fit_video, read_address
from framehouse.kernel import to_base64url
from framehouse.library import OutputKind, Privacy, Video
from framehouse.playback import AssetKind, asset_path, embed_path, playlist_embed_path, playlist_page_path, watch_path
from tests.edge.house import BASE, House, hex_of, with_settings
from tests.edge.page_reading import attributes_of, elements

HOSTS = frozenset({"films.example"})


async def ask(house: House, url: str, path: str = "/oembed.json", **more: str | int) -> httpx.Response:
    return await house.client.get(path, params={"url": url, **more})


async def answer(house: House, url: str, **more: str | int) -> dict[str, object]:
    found = await ask(house, url, "/oembed.json", **more)
    assert found.status_code == 200, found.text
    return found.json()


async def with_poster(house: House, video: Video) -> Video:
    output = await house.record(video, OutputKind.POSTER, "0", {"0.jpg": b"a picture"})
    async with house.library.database.write() as tx:
        sized = replace(output, width=1280, height=720)
        await library.record_output(tx, house.clock, house.owner.tenant_id, sized, output.object_key)
    return await house.fresh(video)


async def test_everything_about_a_public_video(house: House) -> None:
    video = await with_poster(house, await house.playable(title="Äpfel & 'Birnen'", description="Two\nlines <b>"))
    found = await ask(house, BASE + watch_path(video.id))
    assert found.headers["content-type"] == "application/json"
    assert found.headers["access-control-allow-origin"] == "*"
    body = found.json()
    html = body.pop("html")
    assert body == {
        "type": "video", "version": "1.0", "provider_name": "Framehouse", "provider_url": BASE,
        "title": "Äpfel & 'Birnen'", "width": 640, "height": 360, "duration": 6, "description": "Two\nlines <b>",
        "thumbnail_url": BASE + asset_path(house.playback.assets, video, AssetKind.POSTER, "0.jpg"),
        "thumbnail_width": 1280, "thumbnail_height": 720, "video_id": hex_of(video), "cache_age": 300,
    }  # fmt: skip
    frame = attributes_of(html, "iframe")
    assert frame["src"] == BASE + embed_path(video)
    assert (frame["width"], frame["height"], frame["title"]) == ("640", "360", "Äpfel & 'Birnen'")
    assert "encrypted-media" in (frame["allow"] or "")
    assert (await house.client.get(body["thumbnail_url"])).content == b"a picture"
    assert (await house.client.get(frame["src"])).status_code == 200


async def test_the_same_in_xml(house: House) -> None:
    video = await house.playable(title="a < b & \x08c ]]> 'd' \U0001f600")
    by_path = await ask(house, BASE + watch_path(video.id), "/oembed.xml")
    by_format = await ask(house, BASE + watch_path(video.id), "/web/oembed", format="XML")
    assert by_path.headers["content-type"] == "text/xml; charset=utf-8"
    assert by_path.content == by_format.content
    root = ET.fromstring(by_path.content)
    fields = {element.tag: element.text for element in root}
    assert root.tag == "oembed"
    assert fields["title"] == "a < b & c ]]> 'd' \U0001f600"
    assert attributes_of(fields["html"] or "", "iframe")["src"] == BASE + embed_path(video)
    assert fields["width"] == "640"


async def test_every_address_of_a_video_and_of_a_playlist(house: House) -> None:
    video = await house.playable()
    playlist = await house.playlist([video])
    embed, page = embed_path(video), watch_path(video.id)
    for url in (page, embed, f"{page}/", f"{embed}?type=hd", f"{page}?utm_source=x#t=3", quote(page)):
        assert (await answer(house, BASE + url))["video_id"] == hex_of(video), url
    for url in (playlist_page_path(playlist.id), playlist_embed_path(playlist.id, playlist.embed_token)):
        body = await answer(house, BASE + url)
        assert "video_id" not in body
        assert (body["title"], body["width"], body["height"]) == ("A playlist", 918, 360)
        frame = attributes_of(str(body["html"]), "iframe")
        assert frame["src"] == BASE + playlist_embed_path(playlist.id, playlist.embed_token)


async def test_the_hosts_of_the_installation_and_of_the_vendors_are_ours(house: House) -> None:
    video = await house.playable()
    path = watch_path(video.id)
    for host in ("FILMS.example", "films.example:8443", "api.sproutvideo.com", "videos.sproutvideo.com"):
        assert (await ask(house, f"https://{host}{path}")).status_code == 200, host
    assert (await ask(house, f"https://other.example{path}")).status_code == 404
    public = with_settings(
        house, public_url="https://public.example/base", sproutvideo_hosts="old.example, Old2.example"
    )
    for url in ("https://public.example/base", "http://films.example", "http://old2.example", "http://old.example"):
        found = await public.get("/oembed.json", params={"url": url + path})
        assert found.status_code == 200, url
        assert f"src='https://public.example/base{embed_path(video)}'" in found.json()["html"]
    assert (await public.get("/oembed.json", params={"url": BASE + "/basement" + path})).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "x", "//films.example", "javascript:alert(1)", "ftp://films.example/watch/AAAAAAAB", "http://[::1/watch/AAAAAAAB",
        "http://films.example", "http://films.example/", "http://films.example/watch/", "http://films.example/watch/AAAAAAAA",
        "http://films.example/watch/AAAAAAAB", "http://films.example/embed/000000000001/x", "http://films.example/embed/1",
        "http://films.example/watch/playlist/AAAAAAAB", "http://films.example/playlist/000000000001/x",
        "http://films.example@evil.example/watch/AAAAAAAB", "http://films.example/console/", "http://films.example/%00",
        "http://films.example/watch/" + "A" * 5000, "http://\u2100.example/watch/AAAAAAAB",
    ],
)  # fmt: skip
async def test_what_is_not_ours(house: House, url: str) -> None:
    found = await ask(house, url)
    assert found.status_code == 404
    assert found.headers["access-control-allow-origin"] == "*"


async def test_a_wrong_token_is_answered_like_an_unknown_video(house: House) -> None:
    video = await house.playable()
    unknown = await ask(house, f"{BASE}/embed/000000000001/{video.embed_token}")
    wrong = await ask(house, f"{BASE}/embed/{hex_of(video)}/{video.embed_token}x")
    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text) == (404, "There is no such video.\n")


async def test_statuses_for_requests_that_are_wrong(house: House) -> None:
    video = await house.playable()
    url = BASE + watch_path(video.id)
    assert (await house.client.get("/oembed.json")).status_code == 400
    assert (await ask(house, url, "/web/oembed", format="yaml")).status_code == 501
    assert (await ask(house, url, "/web/oembed")).json()["video_id"] == hex_of(video)
    assert (await ask(house, url, format="xml")).headers["content-type"] == "application/json"
    assert (await house.client.post("/oembed.json")).status_code == 405


async def test_limits_keep_the_shape(house: House) -> None:
    video = await house.playable()
    url = BASE + embed_path(video)
    for limits, size in (
        ({"maxwidth": 320}, (320, 180)),
        ({"maxheight": 90}, (160, 90)),
        ({"maxwidth": 320, "maxheight": 90}, (160, 90)),
        ({"maxwidth": 5000}, (640, 360)),
        ({"maxwidth": "x", "maxheight": "-1"}, (640, 360)),
        ({"maxwidth": 0}, (640, 360)),
    ):
        body = await answer(house, url, **limits)
        assert (body["width"], body["height"]) == size, limits
        assert f"width='{size[0]}' height='{size[1]}'" in str(body["html"])


def test_sizes() -> None:
    assert fit_video(1080, 1920, Limits()) == (360, 640)
    assert fit_video(1920, 1080, Limits(1000)) == (1000, 562)
    assert fit_video(None, None, Limits()) == (640, 360)
    assert fit_video(1920, 2, Limits(100)) == (100, 1)
    assert fit_playlist(Limits()) == (918, 360)
    assert fit_playlist(Limits(800, 5000)) == (800, 360)
    assert fit_playlist(Limits(640)) == (640, 600), "room for the list below"
    assert fit_playlist(Limits(640, 400)) == (640, 400)


async def test_privacy_decides_what_is_told(house: House) -> None:
    about = {"description": "Not for everybody", "password": "p"}
    for privacy, asks, by_page, by_embed in (
        (Privacy.PRIVATE, False, 401, "all"),
        (Privacy.PRIVATE, True, 401, "all"),
        (Privacy.PASSWORD, False, 401, "frame"),  # the embed asks nothing: its address is the secret
        (Privacy.PASSWORD, True, 200, "frame"),
        (Privacy.LOGIN, False, 200, "frame"),
    ):
        video = await house.playable(privacy=privacy, prefers_embed_password=asks, **about)
        await with_poster(house, video)
        page = await ask(house, BASE + watch_path(video.id))
        assert page.status_code == by_page, privacy
        assert video.embed_token not in page.text or by_page == 200
        told = await answer(house, BASE + embed_path(video))
        assert ("description" in told, "thumbnail_url" in told) == (by_embed == "all", by_embed == "all"), privacy
        if by_page == 200:
            assert page.json() == told


async def test_what_is_bound_to_places_shows_nothing_elsewhere(house: House) -> None:
    for rule in ({"allowed_domains": ("a.example",)}, {"allowed_networks": ("10.0.0.0/8",)}):
        video = await with_poster(house, await house.playable(description="Ours", **rule))
        told = await answer(house, BASE + watch_path(video.id))
        assert embed_path(video) in str(told["html"])
        assert "description" not in told
        assert "thumbnail_url" not in told


async def test_a_signed_address_keeps_its_signature_and_never_a_pass(house: House) -> None:
    video = await house.playable(signed_embeds_only=True)
    assert (await ask(house, BASE + watch_path(video.id))).status_code == 401
    assert (await ask(house, BASE + embed_path(video) + "?sig=1&type=sd")).status_code == 401
    told = await answer(house, f"{BASE}{embed_path(video)}?type=sd&signature=a%2Bb%27&pass=mine&expires=1")
    frame = attributes_of(str(told["html"]), "iframe")
    assert frame["src"] == f"{BASE}{embed_path(video)}?type=sd&signature=a%2Bb%27&expires=1"


async def test_an_expired_video_is_gone(house: House) -> None:
    video = await house.playable()
    await house.change(video, expires_at=house.clock.now() + timedelta(seconds=1))
    assert (await ask(house, BASE + watch_path(video.id))).status_code == 200
    house.advance(seconds=1)
    assert (await ask(house, BASE + watch_path(video.id))).status_code == 404


async def test_playlists_by_privacy(house: House) -> None:
    video = await with_poster(house, await house.playable(privacy=Privacy.PRIVATE))
    hidden = await house.playable(privacy=Privacy.LOGIN)
    for privacy, by_page, thumbnail in (
        (Privacy.PUBLIC, 200, True),
        (Privacy.PRIVATE, 401, True),
        (Privacy.PASSWORD, 200, False),
    ):
        playlist = await house.playlist([hidden, video], privacy=privacy, password="p")
        embed = BASE + playlist_embed_path(playlist.id, playlist.embed_token)
        assert (await ask(house, BASE + playlist_page_path(playlist.id))).status_code == by_page
        told = await answer(house, embed, maxwidth=300)
        assert ("thumbnail_url" in told) is thumbnail
        assert (told["width"], told["height"]) == (300, 409)
        assert (await ask(house, embed + "x")).status_code == 404


async def test_public_pages_lead_to_their_answers_and_others_do_not(house: House) -> None:
    video = await house.playable(title='"Film" <1>')
    page = (await house.client.get(watch_path(video.id))).text
    assert '<meta name="twitter:card" content="player">' in page
    assert f'<meta name="twitter:player" content="{BASE}{embed_path(video)}">' in page
    assert '<meta property="og:video:width" content="640">' in page
    for kind, path in (("json", "/oembed.json"), ("xml", "/oembed.xml")):
        link = next(each for each in elements(page, "link") if each.get("type", "").endswith(f"{kind}+oembed"))
        assert (link["rel"], link["title"]) == ("alternate", '"Film" <1>')
        assert link["href"].startswith(BASE + path)
        assert video.embed_token in (await house.client.get(link["href"])).text
    house.signed_in.append(house.owner.tenant_id)
    for privacy in (Privacy.PRIVATE, Privacy.PASSWORD, Privacy.LOGIN):
        own = (await house.client.get(watch_path((await house.playable(privacy=privacy, password="p")).id))).text
        assert "oembed" not in own
        assert "twitter:" not in own
        assert "og:" not in own


async def test_a_video_that_plays_in_certain_places_only_has_no_player_card(house: House) -> None:
    video = await house.playable(allowed_domains=("a.example",))
    page = (await house.client.get(watch_path(video.id))).text
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert "og:video" not in page
    assert "twitter:player" not in page


@given(st.text(), st.text(), st.text())
def test_any_text_is_well_formed(title: str, description: str, query: str) -> None:
    found = OEmbed(title, BASE, f"{BASE}/embed/x?{query}", (640, 360), description)
    root = ET.fromstring(found.to_xml().encode())
    assert [element.tag for element in root] == list(found.fields())
    assert json.loads(found.to_json())["title"] == title
    frame = attributes_of(found.html, "iframe")
    assert unescape(found.html).count("<iframe") >= 1
    assert set(frame) == {"src", "width", "height", "title", "frameborder", "allow", "allowfullscreen"}


@given(st.text(), st.integers(1, 2**48 - 1))
def test_no_text_breaks_the_reader(text: str, number: int) -> None:
    read_address(text, HOSTS, ("",))
    read_address(f"http://films.example/{text}", HOSTS, ("", "/base"))
    path = f"/watch/{to_base64url(number)}"
    found = read_address(f"http://films.example{path}?{quote(text)}", HOSTS, ("",))
    assert found == Target(TargetKind.VIDEO, number)
