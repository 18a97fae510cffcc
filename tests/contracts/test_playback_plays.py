"""Counted plays on SQLite and on PostgreSQL: of two who want the last one, one gets it; who may, goes on uncounted;
who may not any more, is stopped."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from framehouse import library, playback
from framehouse.playback import Allowed, Denied, GrantChanges, Place, Proofs, SignedIn, Viewer, Viewing
from framehouse.playback.model import Play
from framehouse.playback.store import plays as plays_store
from tests.contracts.playback_house import PlaybackHouse

HOUR = timedelta(hours=1)


@pytest.fixture
def house(playback_house: PlaybackHouse) -> PlaybackHouse:
    return playback_house


def reason(viewing: Viewing) -> str | None:
    return viewing.decision.reason.value if isinstance(viewing.decision, Denied) else None


async def test_of_two_plays_there_is_no_third(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    grant = await house.grant(login, video, allowed_plays=2)
    first, second, third = [await house.start(login, video) for _ in range(3)]
    assert [reason(viewing) for viewing in (first, second, third)] == [None, None, "plays_used_up"]
    assert first.ticket != second.ticket
    assert third.ticket is None
    assert (await house.fresh(grant)) == replace(grant, play_count=2)
    sessions = [
        house.playback.tickets.verify(viewing.ticket or "", house.clock.now()).session for viewing in (first, second)
    ]
    async with house.context.database.read() as tx:
        stored = (await tx.execute(sa.text("SELECT id FROM plays"))).scalars().all()
    assert {int(session, 16) for session in sessions} == set(stored)


@pytest.mark.parametrize("left", [1, 3])
async def test_of_many_at_the_same_moment_as_many_play_as_may(house: PlaybackHouse, left: int) -> None:
    login, video = await house.login(), await house.video()
    grant = await house.grant(login, video, allowed_plays=left)
    viewings = await asyncio.gather(*(house.start(login, video) for _ in range(8)))
    assert sum(isinstance(viewing.decision, Allowed) for viewing in viewings) == left
    assert sum(reason(viewing) == "plays_used_up" for viewing in viewings) == 8 - left
    assert (await house.fresh(grant)).play_count == left
    assert await house.count("plays") == left


async def test_plays_are_taken_where_they_cost_least(house: PlaybackHouse) -> None:
    """An unlimited grant first, then the one that ends first; others still allow when one is used up."""
    login, video, now = await house.login(), await house.video(), house.clock.now()
    late = await house.grant(login, video, allowed_plays=1)
    soon = await house.grant(login, video, allowed_plays=1, ends_at=now + HOUR)
    await house.start(login, video)
    assert [(await house.fresh(grant)).play_count for grant in (soon, late)] == [1, 0]
    await house.start(login, video)
    assert [(await house.fresh(grant)).play_count for grant in (soon, late)] == [1, 1]
    assert reason(await house.start(login, video)) == "plays_used_up"
    free = await house.grant(login, video)
    await house.grant(login, video, allowed_plays=5)
    assert reason(await house.start(login, video)) is None
    assert (await house.fresh(free)).play_count == 1


async def test_going_on_is_no_new_play(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    grant = await house.grant(login, video, allowed_plays=1)
    first = await house.start(login, video)
    house.clock.advance(5 * HOUR)
    again = await house.start(login, video, previous=first.ticket or "")
    now, tickets = house.clock.now(), house.playback.tickets
    old, new = tickets.verify(first.ticket or "", now), tickets.verify(again.ticket or "", now)
    assert (new.session, new.expires_at) == (old.session, old.expires_at), "a play is not made longer by asking"
    assert (await house.fresh(grant)).play_count == 1
    house.clock.advance(HOUR)
    assert reason(await house.start(login, video, previous=again.ticket or "")) == "plays_used_up"


async def test_another_videos_and_another_logins_ticket_continue_nothing(house: PlaybackHouse) -> None:
    ada, bob = await house.login(), await house.login()
    video, other = await house.video(), await house.video()
    adas = await house.grant(ada, video, allowed_plays=1)
    await house.grant(ada, other)
    bobs = await house.grant(bob, video, allowed_plays=1)
    mine, others = await house.start(ada, video), await house.start(ada, other)
    assert reason(await house.start(ada, video, previous=others.ticket or "")) == "plays_used_up"
    assert reason(await house.start(ada, video, previous="x" * 52)) == "plays_used_up"
    assert reason(await house.start(bob, video, previous=mine.ticket or "")) is None
    assert [(await house.fresh(grant)).play_count for grant in (adas, bobs)] == [1, 1]


async def test_a_ticket_does_not_outlive_its_grant(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    ends_at = house.clock.now() + HOUR
    await house.grant(login, video, ends_at=ends_at)
    viewing = await house.start(login, video)
    assert house.playback.tickets.verify(viewing.ticket or "", house.clock.now()).expires_at == ends_at


async def test_deleting_a_grant_ends_what_is_watched_and_others_go_on_uncounted(house: PlaybackHouse) -> None:
    ada, bob, video = await house.login(), await house.login(), await house.video()
    adas, bobs = await house.grant(ada, video), await house.grant(bob, video, allowed_plays=1)
    watched, others = await house.start(ada, video), await house.start(bob, video)
    assert await playback.delete_grant(house.context, house.owner, adas.id) == replace(adas, play_count=1)
    assert not await house.admitted(watched)
    assert reason(await house.start(ada, video, previous=watched.ticket or "")) == "grant_missing"
    assert not await house.admitted(others), "the generation is the video's"
    renewed = await house.start(bob, video, previous=others.ticket or "")
    assert await house.admitted(renewed)
    assert (await house.fresh(bobs)).play_count == 1
    assert await house.count("plays") == 1, "the plays of a grant go with it"


@pytest.mark.parametrize(
    ("changes", "stops"),
    [
        ({"ends_at": HOUR}, True),
        ({"ends_at": 3 * HOUR}, False),
        ({"ends_at": None}, False),
        ({"starts_at": HOUR}, True),
        ({"starts_at": -HOUR}, False),
        ({"allowed_plays": 1}, False),
    ],
)
async def test_only_narrowing_stops_what_is_watched(house: PlaybackHouse, changes: dict[str, Any], stops: bool) -> None:
    login, video, now = await house.login(), await house.video(), house.clock.now()
    grant = await house.grant(login, video, ends_at=now + 2 * HOUR)
    watched = await house.start(login, video)
    given: dict[str, Any] = {
        name: now + value if isinstance(value, timedelta) else value for name, value in changes.items()
    }
    await playback.change_grant(house.context, house.owner, grant.id, GrantChanges(**given))
    assert await house.admitted(watched) is not stops


async def test_a_new_password_of_the_login_ends_what_is_watched(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    await house.grant(login, video)
    watched = await house.start(login, video)
    await house.identity.set_login_password(house.owner.tenant_id, login.id, "new")
    assert not await house.admitted(watched)
    stale = Viewer("192.0.2.1", proofs=Proofs(login=SignedIn(login.id, login.generation)))
    published = await playback.find_published(house.playback, video.id)
    assert published is not None
    refused = await playback.start_play(house.playback, published, Place.EMBED, stale, watched.ticket or "")
    assert reason(refused) == "login_required"
    assert reason(await house.start(login, video)) is None


async def test_deleting_a_login_ends_what_is_watched_and_takes_its_grants(house: PlaybackHouse) -> None:
    login, other, video = await house.login(), await house.login(), await house.video()
    await house.grant(login, video)
    kept = await house.grant(other, video)
    watched = await house.start(login, video)
    await house.identity.delete_login(house.owner.tenant_id, login.id)
    assert not await house.admitted(watched)
    assert (await playback.list_grants(house.context, house.owner)).items == (kept,)


async def test_a_deleted_videos_grants_vanish_at_once(house: PlaybackHouse) -> None:
    login, video, other = await house.login(), await house.video(), await house.video()
    await house.grant(login, video)
    kept = await house.grant(login, other)
    await library.delete_video(house.context, house.owner, video.id)
    assert (await playback.list_grants(house.context, house.owner)).items == (kept,)


async def test_housekeeping_forgets_plays_that_are_over_and_keeps_their_count(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    grant = await house.grant(login, video)
    await house.start(login, video)
    house.clock.advance(HOUR)
    await house.start(login, video)
    house.clock.advance(5 * HOUR)
    assert await playback.forget_plays(house.context) == 1
    assert await house.count("plays") == 1
    house.clock.advance(HOUR)
    assert await playback.forget_plays(house.context) == 1
    assert (await house.fresh(grant)).play_count == 2


async def test_the_store_knows_a_play_until_it_is_over_and_for_its_tenant(house: PlaybackHouse) -> None:
    login, video = await house.login(), await house.video()
    grant = await house.grant(login, video)
    now = house.clock.now()
    play = Play(2**48 - 1, house.owner.tenant_id, grant.id, now, now + HOUR)
    async with house.context.database.write() as tx:
        await plays_store.insert_play(tx, play)
        find = plays_store.find_play
        assert await find(tx, house.owner.tenant_id, play.id, now) == play
        assert await find(tx, house.owner.tenant_id, play.id, now + HOUR) is None
        assert await find(tx, house.stranger.tenant_id, play.id, now) is None
