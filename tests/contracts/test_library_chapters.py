"""Chapters, and all that the player shows over a video, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import InvalidInput, NotFound, VideoId
from framehouse.library import Chapter, NewCallToAction, Owner, PlayerExtras, Video
from tests.contracts.library_house import House, open_house
from tests.contracts.query_plans import sent_statements


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def put(house: House, owner: Owner, video: Video, *chapters: Chapter) -> tuple[Chapter, ...]:
    return await library.set_chapters(house.context, owner, video.id, chapters)


async def test_chapters_are_sorted_and_last_to_the_next_one_or_the_end(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    given = (Chapter(60_000, " Two ✓ "), Chapter(0, "One", 30_000), Chapter(90_000, "Three"))
    answered = await put(house, owner, video, *given)
    assert answered == (Chapter(0, "One", 30_000), Chapter(60_000, "Two ✓", 90_000), Chapter(90_000, "Three", None))
    assert await library.chapters_of(house.context, owner, video.id) == answered
    await house.processing(owner, video.id, 100_000)
    ends = [chapter.end_ms for chapter in await library.chapters_of(house.context, owner, video.id)]
    assert ends == [30_000, 90_000, 100_000]


async def test_chapters_are_replaced_as_a_whole(house: House) -> None:
    owner = house.owner()
    video, other = await house.video(owner), await house.video(owner)
    await put(house, owner, video, Chapter(0, "a"), Chapter(1, "b"))
    kept = await put(house, owner, other, Chapter(0, "kept"))
    assert await put(house, owner, video, Chapter(1, "c")) == (Chapter(1, "c"),)
    assert await put(house, owner, video) == ()
    assert await library.chapters_of(house.context, owner, other.id) == kept


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("chapters", "field"),
    [
        ([Chapter(0, " ")], "title"),
        ([Chapter(0, "a" * 1001)], "title"),
        ([Chapter(0, "a\0b")], "title"),
        ([Chapter(-1, "t")], "start_ms"),
        ([Chapter(2**63, "t")], "start_ms"),
        ([Chapter(5, "a"), Chapter(5, "b")], "start_ms"),
        ([Chapter(5, "a", 5)], "end_ms"),
        ([Chapter(start, "t") for start in range(1001)], "chapters"),
    ],
)
async def test_what_is_wrong_is_named_and_changes_nothing(
    house: House, chapters: Sequence[Chapter], field: str
) -> None:
    owner = house.owner()
    video = await house.video(owner)
    before = await put(house, owner, video, Chapter(7, "kept"))
    with pytest.raises(InvalidInput) as refused:
        await put(house, owner, video, *chapters)
    assert list(refused.value.fields) == [field]
    assert await library.chapters_of(house.context, owner, video.id) == before


async def test_another_tenants_video_is_answered_as_if_it_did_not_exist(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    video = await house.video(owner)
    before = await put(house, owner, video, Chapter(7, "kept"))
    for who, what in ((stranger, video.id), (owner, VideoId(video.id ^ 1))):
        for ask in (
            library.chapters_of(house.context, who, what),
            library.set_chapters(house.context, who, what, [Chapter(0, "Mine")]),
        ):
            with pytest.raises(NotFound, match=r"^there is no such video$"):
                await ask
    assert await library.chapters_of(house.context, owner, video.id) == before


async def test_of_several_who_set_them_at_once_one_is_last(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    sets = [[Chapter(start, f"{number}") for start in range(5)] for number in range(6)]
    await asyncio.gather(*(library.set_chapters(house.context, owner, video.id, each) for each in sets))
    left = await library.chapters_of(house.context, owner, video.id)
    assert [chapter.start_ms for chapter in left] == list(range(5))
    assert len({chapter.title for chapter in left}) == 1


async def test_the_player_gets_all_in_one_reading(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    assert await library.player_extras(house.context, video.id) == PlayerExtras((), ())
    new = NewCallToAction("Buy", "https://example.com/", 5)
    call = await library.add_call_to_action(house.context, owner, video.id, new)
    chapters = await put(house, owner, video, Chapter(0, "One"), Chapter(5, "Two"))
    with sent_statements() as sent:
        assert await library.player_extras(house.context, video.id) == PlayerExtras((call,), chapters)
    assert len(sent) == 3
    assert await library.player_extras(house.context, VideoId(video.id ^ 1)) == PlayerExtras((), ())
