"""A video's own page: sharing, privacy, password."""

from datetime import timedelta

import pytest

from framehouse.kernel import new_tenant_id
from framehouse.library import Privacy
from framehouse.playback import embed_path, watch_path
from tests.edge.house import BASE, House, hex_of, with_settings
from tests.edge.visiting import config_in, frame_in


async def test_a_public_page_has_the_player_and_can_be_shared(house: House) -> None:
    video = await house.playable(title='A "film" <b>', description="Two\nlines & more")
    answer = await house.client.get(watch_path(video.id))
    assert answer.status_code == 200
    frame = frame_in(answer)
    assert frame.startswith(f"{embed_path(video)}?pass=")
    assert config_in(await house.client.get(frame))["state"] == "playable"
    assert f'<meta property="og:url" content="{BASE}{watch_path(video.id)}">' in answer.text
    assert '<meta property="og:title" content="A &#34;film&#34; &lt;b&gt;">' in answer.text
    assert f'content="{BASE}/assets/{hex_of(video)}/' in answer.text
    assert "noindex" not in answer.text
    assert "<b>" not in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_links_that_leave_the_page_carry_the_public_address(house: House) -> None:
    video = await house.playable()
    client = with_settings(house, public_url="https://films.example/base/")
    page = (await client.get(watch_path(video.id))).text
    assert f'content="https://films.example/base{watch_path(video.id)}"' in page


@pytest.mark.parametrize("host", ['x"><script>', "a b", "", "films.example:99999999", "user@films.example"])
async def test_a_made_up_host_is_not_repeated(house: House, host: str) -> None:
    video = await house.playable()
    page = await house.client.get(watch_path(video.id), headers={"host": host})
    assert "<script>" not in page.text
    assert f"http://127.0.0.1:8080{watch_path(video.id)}" in page.text


async def test_a_private_page_is_not_there_for_strangers(house: House) -> None:
    video = await house.playable(privacy=Privacy.PRIVATE)
    unknown = await house.client.get("/watch/AAAAAAAB")
    stranger = await house.client.get(watch_path(video.id))
    assert (stranger.status_code, stranger.text) == (404, unknown.text)
    house.signed_in.append(new_tenant_id())
    assert (await house.client.get(watch_path(video.id))).status_code == 404
    house.signed_in.append(house.owner.tenant_id)
    own = await house.client.get(watch_path(video.id))
    assert own.status_code == 200
    assert "og:" not in own.text
    assert "noindex" in own.text
    assert (await house.client.get(embed_path(video))).status_code == 200


async def test_the_password_opens_the_page_and_the_player_in_it(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="p", prefers_embed_password=True)
    url = watch_path(video.id)
    prompt = await house.client.get(url)
    assert 'type="password"' in prompt.text
    assert video.title not in prompt.text
    assert embed_path(video) not in prompt.text
    wrong = await house.client.post(url, data={"password": "q"})
    assert wrong.status_code == 403
    assert "not the password" in wrong.text
    right = await house.client.post(url, data={"password": "p"})
    assert (right.status_code, right.headers["location"]) == (303, url)
    page = await house.client.get(url)
    assert embed_path(video) in page.text
    assert (await house.config(video))["state"] == "playable"


async def test_guessing_is_slowed_down_here_too(house: House) -> None:
    video = await house.playable(privacy=Privacy.PASSWORD, password="p")
    statuses = [(await house.client.post(watch_path(video.id), data={"password": "q"})).status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]


async def test_an_expired_page_says_so_and_a_waiting_one_shows_the_player(house: House) -> None:
    expired = await house.playable()
    await house.change(expired, expires_at=house.clock.now() + timedelta(seconds=1))
    house.advance(seconds=1)
    answer = await house.client.get(watch_path(expired.id))
    assert (answer.status_code, "no longer available" in answer.text) == (403, True)
    assert embed_path(expired) not in answer.text
    waiting = await house.video()
    assert embed_path(waiting) in (await house.client.get(watch_path(waiting.id))).text


@pytest.mark.parametrize("spelling", ["x", "--------", "AAAAAAAA", "..", "%2e%2e", "AAAAAAAAA"])
async def test_odd_ids(house: House, spelling: str) -> None:
    assert (await house.client.get(f"/watch/{spelling}")).status_code == 404
