"""Folders on SQLite and on PostgreSQL: how they hang together, and what moves with them."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import Conflict, FolderId, InvalidInput, NotFound, new_content_id
from framehouse.library import FolderChanges
from framehouse.library.store.tables import folders
from tests.contracts.folder_trees import chain, changed, made, names, where_is
from tests.contracts.library_house import House, open_house
from tests.contracts.query_plans import insert_rows, sqlite_plans


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_folders_are_made_listed_and_renamed(house: House) -> None:
    owner = house.owner()
    top = await made(house, owner, " Top ✓ ")
    inner, second = await made(house, owner, "inner", top), await made(house, owner, "second", top)
    other = await made(house, owner, "other")
    await made(house, house.owner(), "a stranger's")
    assert (top.name, top.parent_id, top.project_id) == ("Top ✓", None, None)
    assert await library.get_folder(house.context, owner, inner.id) == inner
    assert await names(house, owner) == ["Top ✓", "inner", "second", "other"]
    assert await names(house, owner, parent_id=None) == ["Top ✓", "other"]
    assert await names(house, owner, parent_id=top.id) == ["inner", "second"]
    assert await names(house, owner, parent_id=top.id, offset=1, limit=1) == ["second"]
    assert (await library.list_folders(house.context, owner, parent_id=top.id, limit=1)).total == 2
    renamed = await changed(house, owner, second, name=" New ")
    assert renamed == replace(second, name="New", updated_at=house.clock.now())
    moved = await changed(house, owner, inner, parent_id=other.id)
    assert (moved.parent_id, moved.name) == (other.id, "inner")
    assert (await changed(house, owner, inner, parent_id=None)).parent_id is None


async def test_another_tenants_folder_is_answered_as_if_it_did_not_exist(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    folder, theirs = await made(house, owner, "f"), await made(house, stranger, "theirs")
    for who, what in ((stranger, folder.id), (owner, FolderId(folder.id ^ 1))):
        for ask in (
            library.get_folder(house.context, who, what),
            library.change_folder(house.context, who, what, FolderChanges(name="mine")),
            library.delete_folder(house.context, who, what, with_contents=True),
            library.delete_folder(house.context, who, what, with_contents=False),
            library.create_folder(house.context, who, "in it", parent_id=what),
        ):
            with pytest.raises(NotFound, match=r"^there is no such folder$"):
                await ask
        assert await names(house, who, parent_id=what) == []
    with pytest.raises(NotFound, match=r"^there is no such folder$"):
        await changed(house, owner, folder, parent_id=theirs.id)
    project = await library.create_project(house.context, stranger, "P")
    for attempt in (
        library.create_folder(house.context, owner, "x", project_id=project.id),
        changed(house, owner, folder, project_id=project.id),
    ):
        with pytest.raises(NotFound, match=r"^there is no such project$"):
            await attempt
    assert await library.get_folder(house.context, owner, folder.id) == folder


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["", "  ", "a" * 1001, "a\0b"])
async def test_a_name_that_is_none(house: House, name: str) -> None:
    owner = house.owner()
    folder = await made(house, owner, "a" * 1000)
    for attempt in (library.create_folder(house.context, owner, name), changed(house, owner, folder, name=name)):
        with pytest.raises(InvalidInput) as refused:
            await attempt
        assert list(refused.value.fields) == ["name"]


async def test_a_folder_never_lies_in_itself(house: House) -> None:
    owner = house.owner()
    found = await chain(house, owner, 4)
    for target in found:
        with pytest.raises(Conflict) as refused:
            await changed(house, owner, found[0], parent_id=target.id, name="moved")
        assert list(refused.value.fields) == ["parent_id"]
    assert await library.get_folder(house.context, owner, found[0].id) == found[0]
    assert (await changed(house, owner, found[3], parent_id=found[0].id)).parent_id == found[0].id
    assert (await changed(house, owner, found[1], parent_id=found[3].id)).parent_id == found[3].id


async def test_folders_that_are_moved_into_each_other_at_once_make_no_circle(house: House) -> None:
    owner = house.owner()
    for _ in range(5):
        one, two, three = [await made(house, owner, name) for name in ("one", "two", "three")]
        results = await asyncio.gather(
            changed(house, owner, one, parent_id=two.id),
            changed(house, owner, two, parent_id=three.id),
            changed(house, owner, three, parent_id=one.id),
            return_exceptions=True,
        )
        assert sorted(type(each).__name__ for each in results) == ["Conflict", "Folder", "Folder"]


async def test_folders_are_at_most_thirty_two_deep(house: House) -> None:
    owner = house.owner()
    found = await chain(house, owner, 32)
    pair = await chain(house, owner, 2)
    for attempt in (
        library.create_folder(house.context, owner, "too deep", parent_id=found[31].id),
        changed(house, owner, pair[0], parent_id=found[30].id),
    ):
        with pytest.raises(InvalidInput) as refused:
            await attempt
        assert list(refused.value.fields) == ["parent_id"]
    assert (await changed(house, owner, pair[0], parent_id=found[29].id)).parent_id == found[29].id
    assert (await changed(house, owner, found[31], name="renamed")).name == "renamed"


async def test_a_folder_is_in_the_project_of_its_parent(house: House) -> None:
    owner = house.owner()
    films, clips = [await library.create_project(house.context, owner, title) for title in ("films", "clips")]
    top = await made(house, owner, "top", project_id=films.id)
    inner = await made(house, owner, "inner", top)
    assert inner.project_id == films.id
    assert (await made(house, owner, "same", top, project_id=films.id)).project_id == films.id
    elsewhere = await made(house, owner, "elsewhere", project_id=clips.id)
    for attempt in (
        library.create_folder(house.context, owner, "x", parent_id=top.id, project_id=clips.id),
        changed(house, owner, inner, project_id=clips.id),
        changed(house, owner, inner, project_id=None),
        changed(house, owner, inner, parent_id=elsewhere.id, project_id=films.id),
    ):
        with pytest.raises(NotFound, match=r"^there is no such folder$"):
            await attempt
    assert await names(house, owner, project_id=films.id) == ["top", "inner", "same"]
    assert await names(house, owner, project_id=films.id, parent_id=None) == ["top"]
    assert await names(house, owner, project_id=None) == []


async def test_what_lies_in_a_folder_goes_with_it_to_another_project(house: House) -> None:
    owner = house.owner()
    films, clips = [await library.create_project(house.context, owner, title) for title in ("films", "clips")]
    top = await made(house, owner, "top", project_id=films.id)
    inner = await made(house, owner, "inner", top)
    video = await house.video(owner, project_id=films.id, folder_id=inner.id)
    aside = await house.video(owner, project_id=films.id)
    elsewhere = await made(house, owner, "elsewhere", project_id=clips.id)

    async def projects() -> list[int | None]:
        folder = await library.get_folder(house.context, owner, inner.id)
        found = [await library.get_video(house.context, owner, each.id) for each in (video, aside)]
        return [folder.project_id, *(each.project_id for each in found)]

    assert (await changed(house, owner, top, parent_id=elsewhere.id)).project_id == clips.id
    assert await projects() == [clips.id, clips.id, films.id]
    await changed(house, owner, top, parent_id=None, project_id=films.id)
    assert await projects() == [films.id, films.id, films.id]
    await changed(house, owner, top, project_id=None)
    assert await projects() == [None, None, films.id]
    assert await where_is(house, owner, video) == inner.id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("nested", [True, False])
async def test_ten_thousand_folders_are_listed_by_an_index(house: House, nested: bool) -> None:
    owner, now = house.owner(), house.clock.now()
    top = await made(house, owner, "top")
    common = {"tenant_id": owner.tenant_id, "updated_at": now, "parent_id": top.id if nested else None}
    rows = [
        {**common, "id": new_content_id(), "name": f"{n}", "created_at": now + timedelta(seconds=n)}
        for n in range(10_000)
    ]
    await insert_rows(house.database, folders, rows)
    where = {"parent_id": top.id if nested else None, "offset": 5000, "limit": 2}
    plans = await sqlite_plans(house.database, lambda: library.list_folders(house.context, owner, **where))
    assert [plan for plan in plans if "SCAN" in plan] == []
    started = time.process_time()
    page = await library.list_folders(house.context, owner, **where)
    assert time.process_time() - started < 0.5
    assert [folder.name for folder in page.items] == (["5000", "5001"] if nested else ["4999", "5000"])
