"""Contacts on SQLite and on PostgreSQL: each address once for a video, kept when the video goes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from framehouse import library
from framehouse.kernel import InvalidInput, NotFound, new_content_id
from framehouse.library import Contact, ContactId, Video
from framehouse.library.store.tables_playlists import contacts
from tests.contracts.library_house import House, open_house
from tests.contracts.query_plans import insert_rows, sqlite_plans


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def left(house: House, video: Video, email: str = "ann@example.com", **more: Any) -> Contact:
    values: dict[str, Any] = {"name": "Ann", "consent": True, **more}
    made = await library.record_contact(house.context, video, email=email, **values)
    house.clock.advance(timedelta(seconds=1))
    return made


async def test_a_contact_comes_back_as_it_was_left(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    now = house.clock.now()
    made = await left(house, video, "  Ann@Example.COM ", name="  Ann Øst ", consent=False)
    assert made == Contact(made.id, owner.tenant_id, video.id, "ann@example.com", "Ann Øst", False, now)
    assert await library.get_contact(house.context, owner, made.id) == made
    assert (await left(house, video, "bob@example.com", name=" ")).name is None


async def test_the_same_address_at_the_same_video_is_one_contact(house: House) -> None:
    owner = house.owner()
    video, other = await house.video(owner), await house.video(owner)
    first = await left(house, video, consent=False)
    again = await left(house, video, "ANN@example.com", name="Ann B.")
    assert (again.id, again.created_at, again.name, again.consent) == (first.id, first.created_at, "Ann B.", True)
    assert (await left(house, video, name=None, consent=False)).name == "Ann B."
    elsewhere = await left(house, other)
    page = await library.list_contacts(house.context, owner)
    assert ([contact.id for contact in page.items], page.total) == ([elsewhere.id, first.id], 2)
    assert (await library.list_contacts(house.context, owner, video_id=other.id)).items == (elsewhere,)


async def test_the_same_address_left_many_times_at_once_is_one_contact(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    made = await asyncio.gather(*(left(house, video) for _ in range(8)))
    assert len({contact.id for contact in made}) == 1
    assert await house.count("contacts") == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a@" + "b" * 300}, "email"),
        ({"email": "a\0@example.com"}, "email"),
        ({"name": "a" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "\ud800"}, "name"),
    ],
)
async def test_what_is_wrong_is_named(house: House, values: dict[str, Any], field: str) -> None:
    video = await house.video(house.owner())
    with pytest.raises(InvalidInput) as refused:
        await left(house, video, **values)
    assert list(refused.value.fields) == [field]
    assert await house.count("contacts") == 0


async def test_a_stranger_reaches_none(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    video = await house.video(owner)
    contact = await left(house, video)
    for who, what in ((stranger, contact.id), (owner, ContactId(contact.id ^ 1))):
        for ask in (library.get_contact(house.context, who, what), library.delete_contact(house.context, who, what)):
            with pytest.raises(NotFound, match=r"^there is no such contact$"):
                await ask
    assert (await library.list_contacts(house.context, stranger)).total == 0
    assert (await library.list_contacts(house.context, stranger, video_id=video.id)).total == 0
    assert await library.delete_contact(house.context, owner, contact.id) == contact
    assert (await library.list_contacts(house.context, owner)).total == 0


async def test_contacts_stay_when_their_video_goes(house: House) -> None:
    owner = house.owner()
    video, second = await house.video(owner), await house.video(owner)
    contact = await left(house, video)
    await left(house, second)
    for each in (video, second):
        await library.delete_video(house.context, owner, each.id)
    with pytest.raises(NotFound, match=r"^there is no such video$"):
        await left(house, video, "late@example.com")
    house.clock.advance(timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert await house.count("videos") == 0
    assert (await library.get_contact(house.context, owner, contact.id)).video_id is None
    assert (await library.list_contacts(house.context, owner)).total == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("of_one_video", [True, False])
async def test_ten_thousand_contacts_are_listed_by_an_index(house: House, of_one_video: bool) -> None:
    owner, now = house.owner(), house.clock.now()
    video = await house.video(owner)
    common = {"tenant_id": owner.tenant_id, "video_id": video.id, "name": None, "consent": True}
    rows = [
        {**common, "id": new_content_id(), "email": f"{n}@example.com", "created_at": now + timedelta(seconds=n)}
        for n in range(10_000)
    ]
    await insert_rows(house.database, contacts, rows)
    where: dict[str, Any] = {"offset": 5000, "limit": 2, "video_id": video.id if of_one_video else None}
    plans = await sqlite_plans(house.database, lambda: library.list_contacts(house.context, owner, **where))
    assert [plan for plan in plans if "SCAN" in plan] == []
    assert of_one_video or "ix_contacts_list" in plans[1]
    page = await library.list_contacts(house.context, owner, **where)
    assert (page.total, [contact.email for contact in page.items]) == (10_000, ["4999@example.com", "4998@example.com"])
