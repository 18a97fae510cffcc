"""The password of a playlist: asked for, remembered with and without cookies, changed, guessed."""

from typing import Any

import pytest

from framehouse import library
from framehouse.library import Playlist, PlaylistChanges, Privacy
from framehouse.playback import playlist_page_path
from tests.edge.house import BASE, House, hex_of
from tests.edge.page_reading import data_of, elements, embed_of, state_of


async def change(house: House, playlist: Playlist, **changes: Any) -> None:
    await library.change_playlist(house.library, house.owner, playlist.id, PlaylistChanges(**changes))


@pytest.mark.parametrize("place", ["embed", "page"])
async def test_the_password_is_asked_for_and_remembered(house: House, place: str) -> None:
    video = await house.playable()
    playlist = await house.playlist([video], title="Secret list", privacy=Privacy.PASSWORD, password="p")
    url = embed_of(playlist) if place == "embed" else playlist_page_path(playlist.id)
    prompt = await house.client.get(url)
    assert prompt.status_code == 200
    assert 'type="password"' in prompt.text
    assert playlist.title not in prompt.text
    assert hex_of(video) not in prompt.text
    assert ("frame-ancestors *" in prompt.headers["content-security-policy"]) is (place == "embed")
    wrong = await house.client.post(url, data={"password": "q"})
    assert (wrong.status_code, "not the password" in wrong.text) == (403, True)
    assert "set-cookie" not in wrong.headers
    right = await house.client.post(url + "?color=ff0000", data={"password": "p"})
    assert right.status_code == 303
    assert "color=ff0000" in right.headers["location"]
    assert f"Path={url};" in right.headers["set-cookie"]
    assert "HttpOnly" in right.headers["set-cookie"]
    assert data_of(await house.client.get(url))["items"]
    house.advance(hours=12)
    assert 'type="password"' in (await house.client.get(url)).text


async def test_a_frame_without_cookies_goes_on_by_its_address(house: House) -> None:
    playlist = await house.playlist([await house.playable()], privacy=Privacy.PASSWORD, password="p")
    other = await house.playlist([await house.playable()], privacy=Privacy.PASSWORD, password="p")
    right = await house.client.post(embed_of(playlist) + "?pass=old", data={"password": "p"})
    address = right.headers["location"]
    house.client.cookies.clear()
    assert "pass=old" not in address
    assert data_of(await house.client.get(address))["items"]
    query = address.partition("?")[2]
    for stranger in (embed_of(other), playlist_page_path(other.id)):
        assert 'type="password"' in (await house.client.get(f"{stranger}?{query}")).text
    for damaged in ("?pass=", "?pass=x", f"?{query}x", f"?{query[:-3]}", "?pass=%ff%00", f"?{query.swapcase()}"):
        assert 'type="password"' in (await house.client.get(embed_of(playlist) + damaged)).text, damaged


async def test_the_site_around_a_frame_is_known_after_the_password_too(house: House) -> None:
    video = await house.playable(allowed_domains=("a.example",))
    playlist = await house.playlist([video], privacy=Privacy.PASSWORD, password="p")
    own = {"referer": f"{BASE}/", "sec-fetch-site": "same-origin"}
    for site, expected in (("https://a.example/", "playable"), ("https://b.example/", "denied")):
        house.client.cookies.clear()
        prompt = await house.client.get(embed_of(playlist), headers={"referer": site, "sec-fetch-site": "cross-site"})
        (form,) = elements(prompt.text, "form")
        wrong = await house.client.post(form["action"], data={"password": "q"}, headers=own)
        (form,) = elements(wrong.text, "form")
        right = await house.client.post(form["action"], data={"password": "p"}, headers=own)
        page = await house.client.get(right.headers["location"], headers=own)
        assert await state_of(house, data_of(page)["items"][0]["embedUrl"]) == expected


async def test_a_changed_password_is_asked_for_again(house: House) -> None:
    playlist = await house.playlist([await house.playable()], privacy=Privacy.PASSWORD, password="p")
    address = (await house.client.post(embed_of(playlist), data={"password": "p"})).headers["location"]
    await change(house, playlist, title="Renamed")
    assert data_of(await house.client.get(address))["title"] == "Renamed"
    await change(house, playlist, password="other")
    assert 'type="password"' in (await house.client.get(address)).text


async def test_the_owner_needs_no_password(house: House) -> None:
    playlist = await house.playlist([await house.playable()], privacy=Privacy.PASSWORD, password="p")
    house.signed_in.append(house.owner.tenant_id)
    assert data_of(await house.client.get(playlist_page_path(playlist.id)))["items"]


async def test_guessing_is_slowed_down(house: House) -> None:
    playlist = await house.playlist([await house.playable()], privacy=Privacy.PASSWORD, password="p")
    urls = [embed_of(playlist), playlist_page_path(playlist.id)]
    statuses = [(await house.client.post(urls[n % 2], data={"password": "q"})).status_code for n in range(10)]
    assert statuses == [403] * 10
    refused = await house.client.post(urls[0], data={"password": "p"})
    assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)
    house.advance(minutes=5)
    assert (await house.client.post(urls[0], data={"password": "p"})).status_code == 303


async def test_nothing_to_post_where_nothing_is_asked(house: House) -> None:
    playlist = await house.playlist([await house.playable()])
    private = await house.playlist([], privacy=Privacy.PRIVATE)
    for each in (playlist, private):
        for url in (embed_of(each), playlist_page_path(each.id)):
            assert (await house.client.post(url, data={"password": "p"})).status_code == 404


async def test_an_oversized_form_is_refused(house: House) -> None:
    playlist = await house.playlist([await house.playable()], privacy=Privacy.PASSWORD, password="p")
    assert (await house.client.post(embed_of(playlist), content=b"password=" + b"p" * 10_000)).status_code == 413
