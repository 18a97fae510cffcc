"""What lies in a folder that goes, on SQLite and on PostgreSQL: moved to the root, or deleted many at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import NotFound, new_content_id
from framehouse.library import Folder, NewPlaylist, NewVideo, Owner, Video, VideoChanges, VideoQuery
from framehouse.library.context import video_prefix
from framehouse.library.store.tables import videos
from tests.contracts.folder_trees import changed, made, names, where_is
from tests.contracts.library_house import House, blocks, open_house
from tests.contracts.query_plans import insert_rows


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_without_its_contents_a_folder_leaves_them_to_the_root(house: House) -> None:
    owner = house.owner()
    project = await library.create_project(house.context, owner, "films")
    top = await made(house, owner, "top", project_id=project.id)
    middle = await made(house, owner, "middle", top)
    inner = await made(house, owner, "inner", middle)
    held, deep = [await house.video(owner, project_id=project.id, folder_id=each.id) for each in (middle, inner)]
    gone = await house.video(owner, folder_id=middle.id)
    await library.delete_video(house.context, owner, gone.id)
    assert await library.delete_folder(house.context, owner, middle.id, with_contents=False) == middle
    assert await names(house, owner, parent_id=None) == ["top", "inner"]
    assert (await library.get_folder(house.context, owner, inner.id)).project_id == project.id
    assert (await where_is(house, owner, held), await where_is(house, owner, deep)) == (None, inner.id)
    assert (await library.get_video(house.context, owner, held.id)).project_id == project.id
    assert len(house.told(library.VideoDeleted)) == 1
    with pytest.raises(NotFound):
        await library.get_folder(house.context, owner, middle.id)


async def test_with_its_contents_everything_in_it_is_deleted_as_if_one_by_one(house: House) -> None:
    owner = house.owner()
    top, beside = await made(house, owner, "top"), await made(house, owner, "beside")
    inner = await made(house, owner, "inner", top)
    inside = [await house.video(owner, "inside", folder_id=each.id) for each in (top, inner, inner)]
    outside = [await house.video(owner, "outside", folder_id=beside.id), await house.video(owner, "outside")]
    playlist = await library.create_playlist(
        house.context, owner, NewPlaylist("p", video_ids=tuple(video.id for video in inside + outside))
    )
    await library.delete_folder(house.context, owner, top.id, with_contents=True)
    assert await names(house, owner) == ["beside"]
    assert (await library.list_videos(house.context, owner, VideoQuery())).total == 2
    assert (await library.search_videos(house.context, owner, "inside")).total == 0
    assert (await library.search_videos(house.context, owner, "outside")).total == 2
    assert await library.published_video(house.context, inside[0].id) is None
    left = await library.get_playlist(house.context, owner, playlist.id)
    assert left.video_ids == tuple(video.id for video in outside)
    told = {library.VideoDeleted(owner.tenant_id, video.id) for video in inside}
    assert set(house.told(library.VideoDeleted)) == told
    assert await house.count("tombstones") == 0
    house.clock.advance(timedelta(seconds=1))
    assert await library.collect_garbage(house.context) == 3
    assert await house.count("videos") == 2
    assert await house.stored(video_prefix(inside[0].id)) == []
    assert len(await house.stored()) == 2


async def filled(house: House, owner: Owner, folder: Folder, count: int) -> None:
    """With videos that have no bytes."""
    model = await house.video(owner, "model", folder_id=folder.id)
    async with house.database.read() as tx:
        statement = videos.select().where(videos.c.id == model.id)
        row = dict((await tx.execute(statement)).one()._mapping)
    await insert_rows(house.database, videos, [{**row, "id": new_content_id()} for _ in range(count - 1)])


async def test_many_are_gone_at_once_and_told_of_in_batches(house: House) -> None:
    owner = house.owner()
    folder = await made(house, owner, "full")
    await filled(house, owner, folder, 250)
    await library.delete_folder(house.context, owner, folder.id, with_contents=True)
    assert (await library.list_videos(house.context, owner, VideoQuery())).total == 0
    assert len(house.told(library.VideoDeleted)) == 100
    assert await house.count("tombstones") == 150
    await asyncio.gather(*(library.collect_garbage(house.context) for _ in range(4)))
    assert len(set(house.told(library.VideoDeleted))) == len(house.told(library.VideoDeleted)) == 250
    assert (await house.count("tombstones"), await house.count("garbage")) == (0, 250)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_ten_thousand_videos_hold_the_write_lock_for_a_moment_only(house: House) -> None:
    owner = house.owner()
    folder = await made(house, owner, "full")
    await filled(house, owner, folder, 10_000)
    started = time.monotonic()
    await library.delete_folder(house.context, owner, folder.id, with_contents=True)
    assert time.monotonic() - started < 5, "others wait for it; it takes a few tenths of a second on an idle machine"
    assert (await library.list_videos(house.context, owner, VideoQuery())).total == 0


async def test_a_folder_that_goes_while_something_is_put_into_it(house: House) -> None:
    owner = house.owner()
    for with_contents in (True, False) * 4:
        folder, video = await made(house, owner, "f"), await house.video(owner)
        wandering = await made(house, owner, "wandering")
        inside = await house.video(owner, "inside", folder_id=folder.id)
        results = await asyncio.gather(
            library.change_video(house.context, owner, video.id, VideoChanges(folder_id=folder.id)),
            library.change_video(house.context, owner, inside.id, VideoChanges(folder_id=folder.id)),
            library.receive_video(house.context, owner, NewVideo("n", "n.mp4", folder_id=folder.id), blocks(b"n")),
            changed(house, owner, wandering, parent_id=folder.id),
            library.create_folder(house.context, owner, "new", parent_id=folder.id),
            library.delete_folder(house.context, owner, folder.id, with_contents=with_contents),
            return_exceptions=True,
        )
        assert all(isinstance(each, Video | Folder | NotFound) for each in results), results
        assert results[-1] == folder
        assert (await library.list_videos(house.context, owner, VideoQuery(folder_id=folder.id))).total == 0
        assert await names(house, owner, parent_id=folder.id) == []


async def test_what_was_sent_to_a_folder_that_went_meanwhile_is_kept(house: House) -> None:
    owner = house.owner()
    folder, project = await made(house, owner, "f"), await library.create_project(house.context, owner, "films")

    async def slowly() -> AsyncIterator[bytes]:
        yield b"fi"
        await library.delete_folder(house.context, owner, folder.id, with_contents=True)
        yield b"lm"

    video = await library.receive_video(house.context, owner, NewVideo("t", "t.mp4", folder_id=folder.id), slowly())
    assert video.folder_id is None
    moving = await made(house, owner, "m", project_id=project.id)
    new = NewVideo("t", "t.mp4", project_id=project.id, folder_id=moving.id)
    upload = await library.start_upload(house.context, owner, new, size_bytes=4)
    part = await house.storage.put_part(upload.object_key, upload.multipart_id, 1, blocks(b"film"))
    await changed(house, owner, moving, project_id=None)
    joined = await library.complete_upload(house.context, owner, upload.id, [(1, part.etag)])
    assert (joined.project_id, joined.folder_id) == (project.id, None)
