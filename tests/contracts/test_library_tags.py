"""Tags on SQLite and on PostgreSQL: each name once in a tenant, off every video when one goes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import Conflict, InvalidInput, NotFound, new_content_id
from framehouse.library import Tag, TagId, Video, VideoChanges
from framehouse.library.store.tables import tags
from tests.contracts.library_house import House, open_house
from tests.contracts.query_plans import insert_rows, sqlite_plans


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_a_tag_is_made_renamed_and_deleted(house: House) -> None:
    owner = house.owner()
    made = await library.create_tag(house.context, owner, "  Größe ✓ ")
    assert made == Tag(made.id, owner.tenant_id, "Größe ✓", house.clock.now(), house.clock.now())
    assert await library.get_tag(house.context, owner, made.id) == made
    house.clock.advance(timedelta(seconds=1))
    renamed = await library.rename_tag(house.context, owner, made.id, "size")
    assert (renamed.id, renamed.name, renamed.created_at) == (made.id, "size", made.created_at)
    assert renamed.updated_at == house.clock.now()
    assert (await library.rename_tag(house.context, owner, made.id, "size")).name == "size"
    assert await library.delete_tag(house.context, owner, made.id) == renamed
    with pytest.raises(NotFound, match=r"^there is no such tag$"):
        await library.get_tag(house.context, owner, made.id)


async def test_another_tenants_tag_is_answered_as_if_it_did_not_exist(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    tag = await library.create_tag(house.context, owner, "red")
    for who, what in ((stranger, tag.id), (owner, TagId(tag.id ^ 1))):
        for ask in (
            library.get_tag(house.context, who, what),
            library.rename_tag(house.context, who, what, "mine"),
            library.delete_tag(house.context, who, what),
        ):
            with pytest.raises(NotFound, match=r"^there is no such tag$"):
                await ask
    assert (await library.create_tag(house.context, stranger, "red")).id != tag.id
    assert await library.get_tag(house.context, owner, tag.id) == tag


async def test_a_name_is_taken_once(house: House) -> None:
    owner = house.owner()
    red, blue = (
        await library.create_tag(house.context, owner, "red"),
        await library.ensure_tag(house.context, owner, "blue"),
    )
    with pytest.raises(Conflict) as refused:
        await library.create_tag(house.context, owner, " red ")
    assert list(refused.value.fields) == ["name"]
    with pytest.raises(Conflict):
        await library.rename_tag(house.context, owner, blue.id, "red")
    assert (await library.list_tags(house.context, owner)).items == (blue, red)
    assert (await library.create_tag(house.context, owner, "Red")).name == "Red"
    assert await library.ensure_tag(house.context, owner, " red") == red


async def test_of_several_who_want_a_name_one_gets_it(house: House) -> None:
    owner = house.owner()
    made = await asyncio.gather(
        *(library.create_tag(house.context, owner, "new") for _ in range(6)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in made) == ["Conflict"] * 5 + ["Tag"]
    others = [await library.create_tag(house.context, owner, f"t{number}") for number in range(6)]
    renamed = await asyncio.gather(
        *(library.rename_tag(house.context, owner, tag.id, "wanted") for tag in others), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in renamed) == ["Conflict"] * 5 + ["Tag"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["", "  ", "a" * 256, "a\0b", "\ud800"])
async def test_a_name_that_is_none(house: House, name: str) -> None:
    owner = house.owner()
    tag = await library.create_tag(house.context, owner, "a" * 255)
    for attempt in (
        library.create_tag(house.context, owner, name),
        library.ensure_tag(house.context, owner, name),
        library.rename_tag(house.context, owner, tag.id, name),
    ):
        with pytest.raises(InvalidInput) as refused:
            await attempt
        assert list(refused.value.fields) == ["name"]


async def test_a_deleted_tag_is_off_every_video_which_stays_as_it_was(house: House) -> None:
    owner = house.owner()
    red, blue = [await library.create_tag(house.context, owner, name) for name in ("red", "blue")]
    video = await house.video(owner, tag_ids=(red.id, blue.id))
    await library.delete_tag(house.context, owner, red.id)
    left = await library.get_video(house.context, owner, video.id)
    assert (left.tag_ids, left.updated_at) == ((blue.id,), video.updated_at)


async def test_a_tag_that_goes_while_a_video_gets_it(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    for number in range(8):
        tag = await library.create_tag(house.context, owner, f"t{number}")
        if number % 2:  # it has it already
            await library.change_video(house.context, owner, video.id, VideoChanges(tag_ids=(tag.id,)))
        put, gone = await asyncio.gather(
            library.change_video(house.context, owner, video.id, VideoChanges(tag_ids=(tag.id,))),
            library.delete_tag(house.context, owner, tag.id),
            return_exceptions=True,
        )
        assert isinstance(put, Video), put
        assert gone == tag
        assert (await library.get_video(house.context, owner, video.id)).tag_ids == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_ten_thousand_tags_are_listed_by_the_index(house: House) -> None:
    owner, now = house.owner(), house.clock.now()
    common = {"tenant_id": owner.tenant_id, "created_at": now, "updated_at": now}
    await insert_rows(
        house.database, tags, [{**common, "id": new_content_id(), "name": f"t{n:05}"} for n in range(10_000)]
    )
    plans = await sqlite_plans(house.database, lambda: library.list_tags(house.context, owner, offset=5000))
    assert [plan for plan in plans if "TEMP B-TREE" in plan or "SCAN" in plan] == []
    page = await library.list_tags(house.context, owner, offset=5000, limit=2)
    assert (page.total, [tag.name for tag in page.items]) == (10_000, ["t05000", "t05001"])
