"""Playlists on SQLite and on PostgreSQL: whose they are, their order, who sees them, what a deleted video leaves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from framehouse import library
from framehouse.kernel import InvalidInput, NotFound, PlaylistId, VideoId, new_content_id
from framehouse.library import NewPlaylist, Owner, Playlist, PlaylistChanges, Privacy, Video, VideoQuery
from framehouse.library.store.tables_playlists import playlists
from tests.contracts.library_house import House, open_house
from tests.contracts.query_plans import insert_rows, sent_statements, sqlite_plans


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def created(house: House, owner: Owner, title: str = "A list", *videos: Video, **more: Any) -> Playlist:
    new = NewPlaylist(title, video_ids=tuple(video.id for video in videos), **more)
    made = await library.create_playlist(house.context, owner, new)
    house.clock.advance(timedelta(seconds=1))
    return made


async def changed(house: House, owner: Owner, playlist: Playlist, **changes: Any) -> Playlist:
    return await library.change_playlist(house.context, owner, playlist.id, PlaylistChanges(**changes))


async def test_a_playlist_comes_back_as_it_was_made(house: House) -> None:
    owner = house.owner()
    first, second = await house.video(owner, "first"), await house.video(owner, "second")
    made = await created(house, owner, "  Würste ✓ ", second, first, second, privacy=Privacy.PUBLIC)
    assert (made.title, made.privacy, made.password_sealed, made.generation) == ("Würste ✓", Privacy.PUBLIC, None, 1)
    assert made.video_ids == (second.id, first.id, second.id)
    assert len(made.embed_token) == 16
    assert await library.get_playlist(house.context, owner, made.id) == made
    empty = await created(house, owner)
    assert (empty.privacy, empty.video_ids) == (Privacy.PRIVATE, ())
    assert empty.embed_token != made.embed_token


async def test_another_tenants_playlist_is_answered_as_if_it_did_not_exist(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    playlist = await created(house, owner)
    for who, what in ((stranger, playlist.id), (owner, PlaylistId(playlist.id ^ 1))):
        for ask in (
            library.get_playlist(house.context, who, what),
            library.change_playlist(house.context, who, what, PlaylistChanges(title="Mine")),
            library.delete_playlist(house.context, who, what),
        ):
            with pytest.raises(NotFound, match=r"^there is no such playlist$"):
                await ask
    assert (await library.list_playlists(house.context, stranger)).total == 0
    assert await library.get_playlist(house.context, owner, playlist.id) == playlist


async def test_a_video_that_the_tenant_does_not_have_leaves_nothing_half_written(house: House) -> None:
    owner = house.owner()
    own, foreign = await house.video(owner), await house.video(house.owner())
    gone = await house.video(owner)
    await library.delete_video(house.context, owner, gone.id)
    playlist = await created(house, owner, "A list", own)
    for bad in (foreign.id, gone.id, VideoId(own.id ^ 1)):
        with pytest.raises(NotFound, match=r"^there is no such video$"):
            await library.create_playlist(house.context, owner, NewPlaylist("New", video_ids=(own.id, bad)))
        with pytest.raises(NotFound, match=r"^there is no such video$"):
            await changed(house, owner, playlist, title="Other", video_ids=(bad, own.id))
    assert await house.count("playlists") == 1
    assert await library.get_playlist(house.context, owner, playlist.id) == playlist


async def test_changes_touch_what_they_name_and_videos_are_replaced_as_a_set(house: House) -> None:
    owner = house.owner()
    one, two = await house.video(owner), await house.video(owner)
    playlist = await created(house, owner, "A list", one, two)
    renamed = await changed(house, owner, playlist, title=" New ")
    assert renamed == replace(playlist, title="New", updated_at=house.clock.now())
    turned = await changed(house, owner, playlist, video_ids=(two.id, two.id, one.id))
    assert turned.video_ids == (two.id, two.id, one.id)
    assert (await changed(house, owner, playlist, privacy=Privacy.PUBLIC)).video_ids == turned.video_ids
    assert (await changed(house, owner, playlist, video_ids=())).video_ids == ()
    assert await library.delete_playlist(house.context, owner, playlist.id) == as_changed(playlist, house)
    assert await house.count("playlist_videos") == 0
    assert (await library.get_video(house.context, owner, one.id)).id == one.id


def as_changed(playlist: Playlist, house: House) -> Playlist:
    """As the changes above left it."""
    return replace(
        playlist, title="New", privacy=Privacy.PUBLIC, generation=2, video_ids=(), updated_at=house.clock.now()
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "a" * 1001}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"privacy": Privacy.LOGIN}, "privacy"),
        ({"privacy": Privacy.PASSWORD}, "password"),
        ({"privacy": Privacy.PASSWORD, "password": ""}, "password"),
        ({"password": "\ud800"}, "password"),
        ({"video_ids": (VideoId(1),) * 1001}, "video_ids"),
    ],
)
async def test_what_is_wrong_is_named_and_changes_nothing(house: House, values: dict[str, Any], field: str) -> None:
    owner = house.owner()
    playlist = await created(house, owner)
    for attempt in (
        library.create_playlist(house.context, owner, NewPlaylist(**{"title": "t", **values})),
        changed(house, owner, playlist, **values),
    ):
        with pytest.raises(InvalidInput) as refused:
            await attempt
        assert list(refused.value.fields) == [field]
    assert (await library.list_playlists(house.context, owner)).items == (playlist,)


async def test_another_password_or_privacy_ends_what_was_proven_and_the_same_does_not(house: House) -> None:
    owner = house.owner()
    playlist = await created(house, owner, privacy=Privacy.PASSWORD, password="open sesame")
    assert playlist.password_sealed is not None
    assert "sesame" not in playlist.password_sealed
    assert house.context.secrets.decrypt(playlist.password_sealed) == "open sesame"
    same = await changed(house, owner, playlist, privacy=Privacy.PASSWORD, password="open sesame", title="New")
    assert (same.generation, same.password_sealed) == (1, playlist.password_sealed)
    assert (await changed(house, owner, playlist, password="other")).generation == 2
    with pytest.raises(InvalidInput, match="password"):
        await changed(house, owner, playlist, password=None)
    public = await changed(house, owner, playlist, privacy=Privacy.PUBLIC)
    assert (public.generation, public.password_sealed is not None) == (3, True)
    bare = await changed(house, owner, playlist, password=None)
    assert (bare.generation, bare.password_sealed) == (4, None)


async def test_viewers_see_the_videos_in_order_and_none_that_is_deleted(house: House) -> None:
    owner = house.owner()
    one, two, three = [await house.video(owner, title) for title in ("one", "two", "three")]
    playlist = await created(house, owner, "A list", three, one, two, one)
    other = await created(house, owner, "Another", one)
    seen = await library.published_playlist(house.context, playlist.id)
    assert seen is not None
    assert seen.playlist == playlist
    assert [video.title for video in seen.videos] == ["three", "one", "two", "one"]
    await library.delete_video(house.context, owner, one.id)
    seen = await library.published_playlist(house.context, playlist.id)
    assert seen is not None
    assert [video.title for video in seen.videos] == ["three", "two"]
    assert seen.playlist.video_ids == (three.id, two.id)
    assert (await library.get_playlist(house.context, owner, playlist.id)).video_ids == (three.id, two.id)
    assert (await library.get_playlist(house.context, owner, other.id)).video_ids == ()
    assert await library.published_playlist(house.context, PlaylistId(playlist.id ^ 1)) is None


async def test_a_list_of_playlists_is_newest_first_and_three_queries(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    made = [await created(house, owner, f"p{number}", *[video] * number) for number in range(5)]
    await created(house, house.owner(), "a stranger's")
    with sent_statements() as sent:
        page = await library.list_playlists(house.context, owner, offset=1, limit=3)
    assert len(sent) == 3
    assert page.total == 5
    assert list(page.items) == [made[3], made[2], made[1]]
    assert (await library.list_playlists(house.context, owner, offset=9)).items == ()


async def test_videos_of_a_playlist_can_be_listed(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    one, two = await house.video(owner, "one"), await house.video(owner, "two")
    await house.video(owner, "elsewhere")
    playlist = await created(house, owner, "A list", one, two, one)
    page = await library.list_videos(house.context, owner, VideoQuery(playlist_id=playlist.id))
    assert ([video.title for video in page.items], page.total) == (["two", "one"], 2)
    assert (await library.list_videos(house.context, stranger, VideoQuery(playlist_id=playlist.id))).total == 0


async def test_a_video_that_is_deleted_while_it_is_put_into_a_playlist_is_in_none(house: House) -> None:
    owner = house.owner()
    playlist = await created(house, owner)
    for number in range(8):
        video = await house.video(owner)
        if number % 2:  # it is in it already
            await changed(house, owner, playlist, video_ids=(video.id,))
        put, deleted = await asyncio.gather(
            changed(house, owner, playlist, video_ids=(video.id,)),
            library.delete_video(house.context, owner, video.id),
            return_exceptions=True,
        )
        assert isinstance(put, Playlist | NotFound), put
        assert isinstance(deleted, Video), deleted
        assert (await library.get_playlist(house.context, owner, playlist.id)).video_ids == ()


async def test_two_changes_at_once_are_one_after_the_other(house: House) -> None:
    owner = house.owner()
    videos = [await house.video(owner) for _ in range(6)]
    playlist = await created(house, owner)
    orders = [tuple(video.id for video in videos), tuple(video.id for video in reversed(videos))] * 3
    results = await asyncio.gather(*(changed(house, owner, playlist, video_ids=order) for order in orders))
    assert {result.video_ids for result in results} == set(orders)
    assert (await library.get_playlist(house.context, owner, playlist.id)).video_ids in orders
    assert await house.count("playlist_videos") == len(videos)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_ten_thousand_playlists_are_listed_by_the_index(house: House) -> None:
    owner = house.owner()
    common = {"tenant_id": owner.tenant_id, "privacy": "public", "embed_token": "t", "generation": 1}
    now = house.clock.now()
    rows = [
        {**common, "id": new_content_id(), "title": f"{n}", "created_at": now + timedelta(seconds=n), "updated_at": now}
        for n in range(10_000)
    ]
    await insert_rows(house.database, playlists, rows)
    plans = await sqlite_plans(house.database, lambda: library.list_playlists(house.context, owner, offset=5000))
    assert [plan for plan in plans if "TEMP B-TREE" in plan or "SCAN" in plan] == []
    assert "ix_playlists_list" in plans[1]
    page = await library.list_playlists(house.context, owner, offset=5000, limit=2)
    assert (page.total, [playlist.title for playlist in page.items]) == (10_000, ["4999", "4998"])
