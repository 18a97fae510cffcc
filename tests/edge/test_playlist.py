"""Playlists as viewers open them: the list, privacy, options, sharing; each video keeps its own rules."""

import pytest

from framehouse import library
from framehouse.edge.playlist_page import PlaylistItem
from framehouse.kernel import new_tenant_id, to_hex
from framehouse.library import Privacy
from framehouse.playback import playlist_page_path
from tests.edge.house import House, hex_of, with_settings
from tests.edge.page_reading import config_of, data_of, elements, embed_of, state_of


async def test_the_page_has_the_player_the_list_and_what_the_script_needs(house: House) -> None:
    first = await house.playable(title="One </script><b>")
    second = await house.video(title="Two")
    playlist = await house.playlist([first, second], title="A & <list>")
    for url, embedded in ((embed_of(playlist), True), (playlist_page_path(playlist.id), False)):
        answer = await house.client.get(url)
        data = data_of(answer)
        assert (data["playlistId"], data["title"], data["autoplayNext"]) == (to_hex(playlist.id), "A & <list>", True)
        assert [item["videoId"] for item in data["items"]] == [hex_of(first), hex_of(second)]
        assert [item["durationMs"] for item in data["items"]] == [6000, None]
        assert [item["title"] for item in data["items"]] == ["One </script><b>", "Two"]
        poster, nothing_yet = (item["posterUrl"] for item in data["items"])
        assert (await house.client.get(poster)).headers["content-type"] == "image/jpeg"
        assert nothing_yet is None
        assert "<b>" not in answer.text
        (frame,) = elements(answer.text, "iframe")
        assert (frame["id"], frame["name"], frame["src"]) == ("player", "player", data["items"][0]["embedUrl"])
        assert {"autoplay", "fullscreen", "encrypted-media"} <= set(frame["allow"].replace(";", "").split())
        links = [link for link in elements(answer.text, "a") if link["target"] == "player"]
        assert [link["href"] for link in links] == [item["embedUrl"] for item in data["items"]], "without JavaScript"
        assert ("<h1>" in answer.text) is not embedded


async def test_the_policy_is_strict_and_only_the_embed_may_be_framed_by_others(house: House) -> None:
    playlist = await house.playlist([await house.playable()])
    for url, ancestors in ((embed_of(playlist), "*"), (playlist_page_path(playlist.id), "'self'")):
        answer = await house.client.get(url)
        policy = dict(each.split(" ", 1) for each in answer.headers["content-security-policy"].split("; "))
        assert policy == {
            "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
            "frame-src": "'self'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": ancestors,
        }  # fmt: skip
        scripts = elements(answer.text, "script")
        assert [script.get("src", script.get("id")) for script in scripts] == [
            "/player/player-ABCD1234.js",
            "framehouse-playlist",
        ]
        assert answer.headers["cache-control"] == "no-store"
        assert "<style" not in answer.text


async def test_each_address_in_the_list_plays(house: House) -> None:
    """Signed embeds and allowed domains count as met on our own page; a private video embeds anywhere."""
    videos = [
        await house.playable(),
        await house.playable(privacy=Privacy.PRIVATE),
        await house.playable(signed_embeds_only=True),
        await house.playable(allowed_domains=("a.example",)),
    ]
    playlist = await house.playlist(videos)
    page = playlist_page_path(playlist.id)
    states = [await state_of(house, item["embedUrl"]) for item in data_of(await house.client.get(page))["items"]]
    assert states == ["playable"] * 4


async def test_a_framed_list_leaves_the_rules_about_sites_to_the_site_around_it(house: House) -> None:
    videos = [
        await house.playable(),
        await house.playable(signed_embeds_only=True),
        await house.playable(allowed_domains=("a.example",)),
    ]
    playlist = await house.playlist(videos)
    for site, expected in (
        ("https://a.example/", ["playable", "denied", "playable"]),
        ("https://b.example/", ["playable", "denied", "denied"]),
    ):
        page = await house.client.get(embed_of(playlist), headers={"referer": site})
        states = [await state_of(house, item["embedUrl"]) for item in data_of(page)["items"]]
        assert states == expected, site


async def test_videos_that_ask_first_are_listed_and_ask_in_their_player(house: House) -> None:
    asking = await house.playable(privacy=Privacy.PASSWORD, password="p", prefers_embed_password=True)
    login = await house.playable(privacy=Privacy.LOGIN)
    playlist = await house.playlist([asking, login])
    items = data_of(await house.client.get(embed_of(playlist)))["items"]
    assert [item["posterUrl"] for item in items] == [None, None]
    assert [item["title"] for item in items] == [asking.title, login.title]
    assert [await state_of(house, item["embedUrl"]) for item in items] == ["password", "login"]


async def test_a_deleted_video_disappears_and_a_list_may_be_empty(house: House) -> None:
    video = await house.playable()
    other = await house.playable()
    playlist = await house.playlist([video, other, video])
    await library.delete_video(house.library, house.owner, video.id)
    assert [item["videoId"] for item in data_of(await house.client.get(embed_of(playlist)))["items"]] == [hex_of(other)]
    await library.delete_video(house.library, house.owner, other.id)
    answer = await house.client.get(embed_of(playlist))
    assert answer.status_code == 200
    assert "no videos" in answer.text
    assert "<iframe" not in answer.text


async def test_private_is_for_the_owner_but_embeds(house: House) -> None:
    playlist = await house.playlist([await house.playable()], privacy=Privacy.PRIVATE)
    page = playlist_page_path(playlist.id)
    unknown = await house.client.get("/watch/playlist/AAAAAAAB")
    stranger = await house.client.get(page)
    assert (stranger.status_code, stranger.text) == (unknown.status_code, unknown.text)
    assert stranger.status_code == 404
    house.signed_in.append(new_tenant_id())
    assert (await house.client.get(page)).status_code == 404
    house.signed_in.append(house.owner.tenant_id)
    own = await house.client.get(page)
    assert data_of(own)["items"]
    assert "og:" not in own.text
    assert "noindex" in own.text
    house.signed_in.clear()
    embedded = await house.client.get(embed_of(playlist))
    assert data_of(embedded)["items"]
    assert "noindex" in embedded.text


async def test_options_of_the_page_are_those_of_its_videos(house: House) -> None:
    playlist = await house.playlist([await house.playable(), await house.playable()])
    asked = "?autoplay=1&color=ff8800&type=sd&t=9&evil=%22%3E&pass=x"
    answer = await house.client.get(embed_of(playlist) + asked)
    first, second = (item["embedUrl"] for item in data_of(answer)["items"])
    (frame,) = elements(answer.text, "iframe")
    assert frame["src"] == first + "&autoplay=1"
    for url, autoplay in ((frame["src"], True), (second, False)):
        config = await config_of(house, url)
        assert (config["autoplay"], config["themeColor"], config["startMs"]) == (autoplay, "#ff8800", 0)
        assert "evil" not in url
        assert url.count("pass=") == 1


async def test_a_public_page_can_be_shared(house: House) -> None:
    video = await house.playable()
    playlist = await house.playlist([await house.playable(privacy=Privacy.LOGIN), video], title='A "list" <b>')
    client = with_settings(house, public_url="https://films.example/base")
    page = (await client.get(playlist_page_path(playlist.id))).text
    base = "https://films.example/base"
    assert f'<meta property="og:url" content="{base}{playlist_page_path(playlist.id)}">' in page
    assert f'<meta property="og:video" content="{base}{embed_of(playlist)}">' in page
    assert '<meta property="og:title" content="A &#34;list&#34; &lt;b&gt;">' in page
    assert f'<meta property="og:image" content="{base}/assets/{hex_of(video)}/' in page
    assert '<meta name="twitter:card" content="player">' in page
    assert "noindex" not in page
    kinds = {link["type"]: link["href"] for link in elements(page, "link") if link["rel"] == "alternate"}
    assert set(kinds) == {"application/json+oembed", "text/xml+oembed"}
    found = await client.get(kinds["application/json+oembed"].removeprefix(base))
    assert base + embed_of(playlist) in found.json()["html"]


async def test_a_thousand_videos(house: House) -> None:
    video = await house.playable()
    playlist = await house.playlist([video] * 1000)
    assert len(data_of(await house.client.get(embed_of(playlist)))["items"]) == 1000


@pytest.mark.parametrize(
    "path",
    ["/playlist/x/y", "/playlist/000000000001/x", "/playlist/000000000000/x", "/playlist/000000000001", "/playlist",
     "/watch/playlist/x", "/watch/playlist/AAAAAAAA", "/watch/playlist/AAAAAAAB", "/watch/playlist/..",
     "/watch/playlist"],
)  # fmt: skip
async def test_odd_addresses(house: House, path: str) -> None:
    assert (await house.client.get(path)).status_code == 404
    assert (await house.client.post(path, data={"password": "p"})).status_code in (404, 405)


async def test_a_wrong_token_is_not_told_from_an_unknown_list(house: House) -> None:
    playlist = await house.playlist([await house.playable()])
    wrong = await house.client.get(embed_of(playlist) + "x")
    unknown = await house.client.get(f"/playlist/000000000001/{playlist.embed_token}")
    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text)
    assert wrong.status_code == 404


@pytest.mark.parametrize(
    ("duration_ms", "text"), [(None, None), (400, "0:00"), (59_500, "1:00"), (245_000, "4:05"), (3_723_000, "1:02:03")]
)
def test_lengths_as_people_write_them(duration_ms: int | None, text: str | None) -> None:
    assert PlaylistItem("x", "x", duration_ms, None, "x").length == text
