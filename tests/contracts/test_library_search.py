"""`search_videos` finds the same on SQLite and on PostgreSQL, and takes whatever is typed as words, never as syntax."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from framehouse import library
from framehouse.library import VideoChanges
from tests.contracts.library_house import House, open_house


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


TITLES = (
    "Morning run in Zürich",
    "Running late",
    "STRASSE",
    "holiday_2024-final.mp4",
    "日本の夏",
    "Ünïcode façade",
    "100% cotton",
    "version 1.5 of v2",
)
# what is typed -> the numbers of the titles that are found
QUERIES: dict[str, set[int]] = {
    "run": {0, 1},
    "RUN": {0, 1},
    "morning zürich": {0},
    "zürich morning": {0},
    "morning late": set(),
    "zurich": {0},
    "facade unicode": {5},
    "straße": {2},
    "holiday": {3},
    "2024": {3},
    "final": {3},
    "mp4": {3},
    "holiday_2024": {3},
    "日本": {4},
    "cotton": {6},
    "100%": {6},
    "1.5": {7},
    "v2": {7},
    "unning": set(),
    "": set(),
    "   ": set(),
    "%": set(),
    "*": set(),
    "'": set(),
    '"': set(),
    '" OR ""': set(),
    'run" OR "late': set(),  # a word `or` is asked for, and no title has one
    "run' OR 1=1 --": set(),
    "run & late": {1},
    "run | late": {1},
    "!run": {0, 1},
    "run:*": {0, 1},
    "run*": {0, 1},
    "title:run": set(),
    "run NEAR late": set(),
    "NOT late": set(),
    "(run": {0, 1},
    "run \\": {0, 1},
    "run\x00late": {1},
    "<->": set(),
}


async def found(house: House, owner: library.Owner, text: str) -> list[str]:
    return [video.title for video in (await library.search_videos(house.context, owner, text)).items]


async def test_every_query_finds_the_same_on_both_engines(house: House) -> None:
    owner = house.owner()
    for title in TITLES:
        await house.video(owner, title)
    await house.video(house.owner(), " ".join(TITLES))
    wrong = {
        query: (answer, sorted(expected))
        for query, expected in QUERIES.items()
        if (answer := sorted(TITLES.index(title) for title in await found(house, owner, query))) != sorted(expected)
    }
    assert wrong == {}


async def test_a_word_of_the_description_is_found_too(house: House) -> None:
    owner = house.owner()
    await house.video(owner, "Untitled", description="A walk along the Aare")
    assert await found(house, owner, "aare walk") == ["Untitled"]
    assert await found(house, owner, "untitled aare") == ["Untitled"]


async def test_pages_know_the_total(house: House) -> None:
    owner = house.owner()
    for number in range(5):
        await house.video(owner, f"clip {number}")
    seen: list[str] = []
    for offset in (0, 2, 4, 6):
        page = await library.search_videos(house.context, owner, "clip", offset=offset, limit=2)
        assert page.total == 5
        seen += [video.title for video in page.items]
    assert sorted(seen) == [f"clip {number}" for number in range(5)]


async def test_the_index_follows_changes_and_deletion(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner, "Old name")
    await library.change_video(house.context, owner, video.id, VideoChanges(title="Fresh name"))
    assert await found(house, owner, "old") == []
    assert await found(house, owner, "fresh") == ["Fresh name"]
    await library.delete_video(house.context, owner, video.id)
    assert await found(house, owner, "fresh") == []
    assert await house.count("search_documents") == 0


async def test_a_project_is_not_found_as_a_video(house: House) -> None:
    owner = house.owner()
    await library.create_project(house.context, owner, "Clip collection")
    page = await library.search_videos(house.context, owner, "clip")
    assert (page.items, page.total) == ((), 0)
