"""Counted plays over HTTP: two and no third, races, reloads, going on, and what must not cost a viewer a play."""

import asyncio
from typing import Any

import pytest

from framehouse.identity import Login
from framehouse.library import Privacy, Video
from framehouse.playback import Grant, delete_grant, embed_path, get_grant, watch_path
from tests.edge.house import House
from tests.edge.visiting import PASSWORD, Browser, config_in, frame_in, grant_for, login_for, media_base, ticket_in


@pytest.fixture
async def video(house: House) -> Video:
    return await house.playable(privacy=Privacy.LOGIN)


@pytest.fixture
async def login(house: House) -> Login:
    return await login_for(house)


async def signed_in(house: House, login: Login, video: Video) -> tuple[Browser, dict[str, Any]]:
    """A browser of its own, and the configuration that waits for the press of the play button."""
    browser = Browser(house)
    asked = await browser.embed(video)
    answer = await browser.post(asked["loginUrl"], email=login.email, password=PASSWORD)
    return browser, answer.json()


async def plays_of(house: House, grant: Grant) -> int:
    return (await get_grant(house.library, house.owner, grant.id)).play_count


async def test_two_plays_and_not_a_third(house: House, login: Login, video: Video) -> None:
    grant = await grant_for(house, login, video, allowed_plays=2)
    browser, config = await signed_in(house, login, video)
    for _ in range(2):
        assert (config["state"], config["startUrl"] is not None) == ("playable", True)
        started = await browser.start(config)
        assert await browser.plays(started)
        config = await browser.embed(video)  # a reload
    assert (config["state"], browser.reason) == ("login", "plays_used_up")
    refused = await browser.get(watch_path(video.id))
    assert (refused.status_code, browser.reason) == (403, "plays_used_up")
    assert await plays_of(house, grant) == 2


async def test_looking_is_no_play(house: House, login: Login, video: Video) -> None:
    grant = await grant_for(house, login, video, allowed_plays=1)
    browser, config = await signed_in(house, login, video)
    await browser.get(watch_path(video.id))
    await browser.get(config["statusUrl"])
    await browser.embed(video)
    assert await plays_of(house, grant) == 0


async def test_of_two_browsers_that_race_for_the_last_play_one_wins(house: House, login: Login, video: Video) -> None:
    grant = await grant_for(house, login, video, allowed_plays=1)
    ready = [(await signed_in(house, login, video))[1] for _ in range(4)]
    # Without the log's eye on each request: they run at the same moment.
    answers = await asyncio.gather(*(house.client.post(config["startUrl"], data={"previous": ""}) for config in ready))
    assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403]
    states = sorted(answer.json()["state"] for answer in answers)
    assert states == ["login", "login", "login", "playable"]
    assert all("all its plays" in answer.json()["message"] for answer in answers if answer.status_code == 403)
    assert await plays_of(house, grant) == 1


async def test_the_player_goes_on_uncounted_when_its_ticket_is_void(house: House, login: Login, video: Video) -> None:
    """Somebody else's grant ends, which voids all tickets: asking again gives the same play another one."""
    grant = await grant_for(house, login, video, allowed_plays=1)
    others = await grant_for(house, await login_for(house, "bob@example.com"), video)
    browser, config = await signed_in(house, login, video)
    started = await browser.start(config)
    await delete_grant(house.library, house.owner, others.id)
    house.advance(seconds=5)
    void = await browser.get(media_base(started) + "v1/1.m4s")
    assert (void.status_code, void.json()["error"], browser.reason) == (403, "ticket_revoked", "ticket_revoked")
    by_start = await browser.start(config, previous=ticket_in(started))
    by_status = (await browser.get(started["statusUrl"])).json()
    for renewed in (by_start, by_status):
        assert (renewed["state"], renewed["startUrl"]) == ("playable", None)
        assert await browser.plays(renewed)
    assert await plays_of(house, grant) == 1


async def test_a_play_is_over_after_its_time_however_often_it_is_renewed(
    house: House, login: Login, video: Video
) -> None:
    grant = await grant_for(house, login, video, allowed_plays=1)
    browser, config = await signed_in(house, login, video)
    started = await browser.start(config)
    house.advance(hours=5)
    renewed = await browser.start(config, previous=ticket_in(started))
    house.advance(hours=1)
    assert (await browser.get(media_base(renewed) + "v1/1.m4s")).json()["error"] == "ticket_expired"
    refused = await browser.start(config, previous=ticket_in(renewed))
    assert (refused["state"], browser.reason) == ("login", "plays_used_up")
    assert await plays_of(house, grant) == 1


async def test_a_deleted_grant_stops_the_film(house: House, login: Login, video: Video) -> None:
    grant = await grant_for(house, login, video)
    browser, config = await signed_in(house, login, video)
    started = await browser.start(config)
    await delete_grant(house.library, house.owner, grant.id)
    house.advance(seconds=5)
    assert (await browser.get(media_base(started) + "master.m3u8")).status_code == 403
    for answer in (await browser.start(config, previous=ticket_in(started)), await browser.embed(video)):
        assert (answer["state"], answer["manifests"]["hls"]) == ("login", None)
        assert browser.reason == "grant_missing"


async def test_another_page_load_is_another_play_whatever_its_address_carries(
    house: House, login: Login, video: Video
) -> None:
    await grant_for(house, login, video, allowed_plays=1)
    browser, config = await signed_in(house, login, video)
    passed = (await browser.start(config))["statusUrl"].partition("?")[2]
    assert (await Browser(house).get(f"{embed_path(video)}/config?{passed}")).json()["state"] == "playable"
    fresh = Browser(house)
    assert (await fresh.embed(video, passed))["state"] == "login"
    assert fresh.reason == "plays_used_up"


async def test_a_form_of_another_site_costs_no_play(house: House, login: Login, video: Video) -> None:
    """A browser would send the cookie along, but nobody else has the pass."""
    grant = await grant_for(house, login, video, allowed_plays=1)
    browser, config = await signed_in(house, login, video)
    assert (await browser.embed(video))["state"] == "playable", "the cookie is there"
    answer = await browser.post(f"{embed_path(video)}/start", previous="")
    assert (answer.json()["state"], browser.reason) == ("login", "login_required")
    assert await plays_of(house, grant) == 0
    assert await browser.plays(await browser.start(config))


async def test_the_frame_of_the_watch_page_starts_plays_of_its_own(house: House, login: Login, video: Video) -> None:
    grant = await grant_for(house, login, video)
    browser = Browser(house)
    await browser.sign_in(video, login)
    frame = frame_in(await browser.get(watch_path(video.id)))
    for _ in range(2):
        assert await browser.plays(await browser.start(config_in(await browser.get(frame))))
    assert await plays_of(house, grant) == 2


async def test_where_nothing_is_counted_there_is_nothing_to_start(house: House, login: Login, video: Video) -> None:
    public, browser = await house.playable(), Browser(house)
    config = await browser.embed(public)
    assert config["startUrl"] is None
    answer = await browser.post(f"{embed_path(public)}/start", previous="")
    assert await browser.plays(answer.json())
    grant = await grant_for(house, login, video)
    house.signed_in.append(house.owner.tenant_id)
    owners = await browser.embed(video)
    assert (owners["startUrl"], owners["loginUrl"]) == (None, None)
    assert await browser.plays(owners)
    assert await plays_of(house, grant) == 0


async def test_a_session_comes_from_a_start_only(house: House, login: Login, video: Video) -> None:
    """A ticket of a public time carries a session that no play has."""
    grant = await grant_for(house, login, video, allowed_plays=1)
    await house.change(video, privacy=Privacy.PUBLIC)
    before = await Browser(house).embed(video)
    await house.change(video, privacy=Privacy.LOGIN)
    browser, config = await signed_in(house, login, video)
    started = await browser.start(config, previous=ticket_in(before))
    assert await browser.plays(started)
    assert await plays_of(house, grant) == 1
