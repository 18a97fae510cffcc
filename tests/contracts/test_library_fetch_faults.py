"""Sources by URL when something goes wrong: servers in trouble, killed tries, videos deleted meanwhile, strangers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.library import FetchScheduled, VideoState
from tests.contracts.fetching import FILM, LOCAL, NEW, expect_nothing_left, fetched, halting, tried, until
from tests.contracts.library_house import House, open_house
from tests.contracts.tenant_server import TenantServer, in_turn, says, sends, tenant_server


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[TenantServer]:
    with tenant_server() as running:
        yield running


# --- what may work later ---


async def test_a_server_in_trouble_is_asked_again_with_growing_pauses(house: House, server: TenantServer) -> None:
    owner = house.owner()
    cut = sends(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf")
    url = server.on("/film", in_turn(says(503), says(429), cut, says(body=FILM)))
    video = await fetched(house, owner, url)
    fetch = await library.fetch_of(house.context, owner, video.id)
    assert fetch is not None
    assert (fetch.attempts, fetch.problem) == (1, f"127.0.0.1:{server.port} answered 503 (service unavailable)")
    assert fetch.next_attempt_at == house.clock.now() + timedelta(seconds=5)
    assert (video.state, video.state_reason) == (VideoState.RECEIVED, None)
    first = house.told(FetchScheduled)[0]
    await library.fetch_source(house.context, LOCAL, owner, first.fetch_id, 0, timeout_s=5)  # run again after a crash
    assert len(server.asked) == 1
    for _ in range(3):
        await tried(house, owner)
    assert [(each.attempt, each.pause_s) for each in house.told(FetchScheduled)] == [(0, 0), (1, 5), (2, 30), (3, 120)]
    video = await library.get_video(house.context, owner, video.id)
    assert video.source_size_bytes == len(FILM)
    assert await house.count("fetches") == 0


async def test_after_the_last_try_the_video_fails(house: House, server: TenantServer) -> None:
    owner = house.owner()
    video = await fetched(house, owner, server.on("/film", says(502)))
    for _ in range(4):
        assert video.state is VideoState.RECEIVED
        await tried(house, owner)
        video = await library.get_video(house.context, owner, video.id)
    assert video.state_reason == (
        f"The source could not be fetched after 5 tries: 127.0.0.1:{server.port} answered 502 (bad gateway)."
    )
    assert (len(server.asked), len(house.told(FetchScheduled))) == (5, 5)
    await expect_nothing_left(house)


async def test_a_server_that_only_drips_does_not_hold_a_place_for_hours(house: House, server: TenantServer) -> None:
    owner = house.owner()
    url, go_on = halting(server, "/film", b"x" * 1000, lambda: house.clock.advance(timedelta(seconds=70)))
    video = await library.receive_from_url(house.context, owner, NEW, url)
    running = asyncio.create_task(tried(house, owner))
    await until(lambda: len(house.told(FetchScheduled)) == 2)
    go_on.set()
    await running
    fetch = await library.fetch_of(house.context, owner, video.id)
    assert fetch is not None
    assert "sends less than 8 KiB a second" in str(fetch.problem)


async def test_how_far_it_has_come_is_told(house: House, server: TenantServer) -> None:
    owner = house.owner()
    url, go_on = halting(server, "/film", FILM, lambda: house.clock.advance(timedelta(seconds=3)))
    video = await library.receive_from_url(house.context, owner, NEW, url)
    running = asyncio.create_task(tried(house, owner))
    received = 0
    while not received:
        fetch = await library.fetch_of(house.context, owner, video.id)
        assert fetch is not None
        received = fetch.received_bytes
        await asyncio.sleep(0.01)
    assert len(FILM) // 2 <= received < len(FILM)
    assert await library.fetch_of(house.context, house.owner(), video.id) is None, "a stranger learns nothing"
    go_on.set()
    await running
    assert (await library.get_video(house.context, owner, video.id)).source_size_bytes == len(FILM)


# --- what happens meanwhile ---


@pytest.mark.parametrize("noticed", ["on the way", "at the end"])
async def test_deleting_the_video_stops_its_fetch(house: House, server: TenantServer, noticed: str) -> None:
    owner = house.owner()
    clock_runs = noticed == "on the way"
    url, go_on = halting(server, "/film", FILM, lambda: clock_runs and house.clock.advance(timedelta(seconds=3)))
    video = await library.receive_from_url(house.context, owner, NEW, url)
    running = asyncio.create_task(tried(house, owner))
    await until(lambda: server.asked)
    await library.delete_video(house.context, owner, video.id)
    if not clock_runs:
        go_on.set()
    await asyncio.wait_for(running, 10)
    go_on.set()
    assert house.told(library.SourceReceived) == []
    assert house.told(library.VideoFailed) == []
    await expect_nothing_left(house)
    assert await house.count("videos") == 0


async def test_a_try_that_was_killed_is_made_again(house: House, server: TenantServer) -> None:
    owner = house.owner()
    url, go_on = halting(server, "/film", FILM)
    video = await library.receive_from_url(house.context, owner, NEW, url)
    running = asyncio.create_task(tried(house, owner))
    await until(lambda: server.asked)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await house.count("garbage") == 1, "what it may have left has its row"
    go_on.set()
    await tried(house, owner)
    assert (await library.get_video(house.context, owner, video.id)).source_size_bytes == len(FILM)
    house.clock.advance(library.ABANDONED_AFTER + timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert (len(await house.stored()), await house.count("garbage")) == (1, 0)


async def test_a_stranger_fetches_and_gives_up_nothing(house: House, server: TenantServer) -> None:
    owner, stranger = house.owner(), house.owner()
    video = await library.receive_from_url(house.context, owner, NEW, server.on("/film", says(body=FILM)))
    due = house.told(FetchScheduled)[0]
    await library.fetch_source(house.context, LOCAL, stranger, due.fetch_id, 0, timeout_s=5)
    await library.give_up_fetch(house.context, stranger, due.fetch_id, 0, "because")
    assert server.asked == []
    assert (await library.get_video(house.context, owner, video.id)).state is VideoState.RECEIVED
    await library.give_up_fetch(house.context, owner, due.fetch_id, 1, "of a try that is not the last")
    assert (await library.get_video(house.context, owner, video.id)).state is VideoState.RECEIVED
    await library.give_up_fetch(house.context, owner, due.fetch_id, 0, "An internal error ended it.")
    failed = await library.get_video(house.context, owner, video.id)
    assert failed.state_reason == "The source could not be fetched: An internal error ended it."
