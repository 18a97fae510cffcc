"""Calls to action on SQLite and on PostgreSQL: whose they are, in what order, what their links may be."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from framehouse import library
from framehouse.kernel import Conflict, InvalidInput, NotFound, VideoId
from framehouse.library import CallToAction, CallToActionChanges, CallToActionId, NewCallToAction, Owner, Video
from framehouse.library.calls_to_action import CALLS_MAX
from framehouse.library.store.tables_playlists import calls_to_action
from tests.contracts.library_house import House, open_house
from tests.contracts.query_plans import insert_rows

URL = "https://example.com/buy?a=b#now"


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def added(
    house: House, owner: Owner, video: Video, text: str = "Buy", start_ms: int = 0, **more: Any
) -> CallToAction:
    new = NewCallToAction(text, more.pop("url", URL), start_ms, **more)
    return await library.add_call_to_action(house.context, owner, video.id, new)


async def test_a_call_to_action_comes_back_as_it_was_made(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    now = house.clock.now()
    made = await added(house, owner, video, "  Kauf ✓ ", 1500, end_ms=2500, skippable=False, url=f" {URL} ")
    assert made == CallToAction(made.id, video.id, "Kauf ✓", URL, 1500, 2500, False, now, now)
    assert await library.get_call_to_action(house.context, owner, video.id, made.id) == made
    open_ended = await added(house, owner, video, start_ms=500)
    assert (open_ended.end_ms, open_ended.skippable) == (None, True)
    assert await library.list_calls_to_action(house.context, owner, video.id) == (open_ended, made)


async def test_changes_touch_what_they_name(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    made = await added(house, owner, video, start_ms=1000, end_ms=2000)

    async def changed(**changes: Any) -> CallToAction:
        return await library.change_call_to_action(
            house.context, owner, video.id, made.id, CallToActionChanges(**changes)
        )

    house.clock.advance(timedelta(seconds=1))
    later = replace(made, updated_at=house.clock.now())
    assert await changed(text="Look") == replace(later, text="Look")
    assert await changed(end_ms=None, skippable=False) == replace(later, text="Look", end_ms=None, skippable=False)
    assert (await changed(start_ms=5000)).start_ms == 5000
    with pytest.raises(InvalidInput) as refused:
        await changed(end_ms=5000)
    assert list(refused.value.fields) == ["end_ms"]
    last = replace(later, text="Look", end_ms=None, skippable=False, start_ms=5000)
    assert await library.delete_call_to_action(house.context, owner, video.id, made.id) == last
    assert await library.list_calls_to_action(house.context, owner, video.id) == ()


async def test_a_stranger_and_another_video_reach_none(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    video, other, foreign = await house.video(owner), await house.video(owner), await house.video(stranger)
    call = await added(house, owner, video)
    no_video, no_call = r"^there is no such video$", r"^there is no such call to action$"
    for who, where, what, message in (
        (stranger, video.id, call.id, no_video),
        (stranger, foreign.id, call.id, no_call),
        (owner, foreign.id, call.id, no_video),
        (owner, VideoId(video.id ^ 1), call.id, no_video),
        (owner, other.id, call.id, no_call),
        (owner, video.id, CallToActionId(call.id ^ 1), no_call),
    ):
        changes = CallToActionChanges(text="Mine")
        for ask in (
            library.get_call_to_action(house.context, who, where, what),
            library.change_call_to_action(house.context, who, where, what, changes),
            library.delete_call_to_action(house.context, who, where, what),
        ):
            with pytest.raises(NotFound, match=message):
                await ask
    for ask in (
        library.list_calls_to_action(house.context, stranger, video.id),
        library.add_call_to_action(house.context, stranger, video.id, NewCallToAction("Mine", URL, 0)),
    ):
        with pytest.raises(NotFound, match=no_video):
            await ask
    assert await library.list_calls_to_action(house.context, owner, video.id) == (call,)
    await library.delete_video(house.context, owner, video.id)
    with pytest.raises(NotFound, match=no_video):
        await library.get_call_to_action(house.context, owner, video.id, call.id)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "a" * 1001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "data:text/html,x"}, "url"),
        ({"url": "//example.com"}, "url"),
        ({"url": "example.com"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": ""}, "url"),
        ({"url": "https://example.com/a b"}, "url"),
        ({"url": "https://example.com/" + "a" * 5000}, "url"),
        ({"start_ms": -1}, "start_ms"),
        ({"start_ms": 2**63}, "start_ms"),
        ({"start_ms": 10, "end_ms": 10}, "end_ms"),
        ({"end_ms": 2**63}, "end_ms"),
    ],
)
async def test_what_is_wrong_is_named(house: House, values: dict[str, Any], field: str) -> None:
    owner = house.owner()
    video = await house.video(owner)
    new = NewCallToAction(**{"text": "t", "url": URL, "start_ms": 0, **values})
    with pytest.raises(InvalidInput) as refused:
        await library.add_call_to_action(house.context, owner, video.id, new)
    assert list(refused.value.fields) == [field]
    assert await house.count("calls_to_action") == 0


async def test_a_video_has_so_many_and_no_more_however_many_are_added_at_once(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    first = await added(house, owner, video)
    common = {**vars(first), "tenant_id": owner.tenant_id}
    await insert_rows(house.database, calls_to_action, [{**common, "id": number} for number in range(1, CALLS_MAX - 1)])
    results = await asyncio.gather(*(added(house, owner, video) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["CallToAction"] + ["Conflict"] * 3
    assert await house.count("calls_to_action") == CALLS_MAX
    with pytest.raises(Conflict, match=f"at most {CALLS_MAX}"):
        await added(house, owner, video)
