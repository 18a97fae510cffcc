"""Outputs, promises and garbage: bytes first, then the row, and nothing is left without an owner; on both engines."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import VideoId
from framehouse.library import Output, OutputKind, Owner, Video
from framehouse.library.context import video_prefix
from tests.contracts.library_house import House, open_house

DAY = timedelta(days=1)


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


def an_output(house: House, video: Video, prefix: str, name: str = "ladder") -> Output:
    return Output(
        library.new_output_id(), video.id, OutputKind.PRESENTATION, name, f"{prefix}segments/", 5, None, None, None,
        {"tracks": [1, {"ü": None}]}, house.clock.now(),
    )  # fmt: skip


async def published(house: House, owner: Owner, video: Video, name: str = "ladder") -> Output:
    """By the steps of a real finish: promise, bytes, record."""
    prefix = library.output_prefix(video.id, library.new_output_id())
    output = an_output(house, video, prefix, name)
    async with house.database.write() as tx:
        await library.promise_output(tx, house.clock, prefix, DAY)
    await house.storage.put(f"{prefix}segments/1.m4s", b"12345")
    async with house.database.write() as tx:
        await library.record_output(tx, house.clock, owner.tenant_id, output, prefix)
    return output


async def shown(house: House, video: Video) -> Output | None:
    found = await library.published_video(house.context, video.id)
    return found.presentation if found else None


async def test_an_output_comes_back_as_it_went_in(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    output = await published(house, owner, video)
    assert await library.output_document(house.context, video.id, output.id) == output
    assert await library.output_document(house.context, VideoId(video.id ^ 1), output.id) is None
    listed = await library.outputs_of(house.context, [video.id], [OutputKind.PRESENTATION])
    assert [each.document for each in listed[video.id]] == [None], "lists carry no documents"
    assert await library.outputs_of(house.context, [video.id], [OutputKind.POSTER]) == {}
    assert await library.outputs_of(house.context, []) == {}


async def test_the_best_presentation_is_served(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    assert await shown(house, video) is None
    for name in (library.FIRST, library.CUT, library.LADDER):
        output = await published(house, owner, video, name)
        assert await shown(house, video) is not None
        assert (await shown(house, video)) == replace_document(output)


def replace_document(output: Output) -> Output:
    return Output(**{**vars(output), "document": None})


async def test_a_replaced_output_stays_a_day_for_who_watches_it(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    old = await published(house, owner, video)
    new = await published(house, owner, video)
    assert await house.count("outputs") == 1
    house.clock.advance(DAY - timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert await house.storage.stat(f"{old.object_key}1.m4s") is not None
    house.clock.advance(timedelta(seconds=2))
    await library.collect_garbage(house.context)
    assert await house.storage.stat(f"{old.object_key}1.m4s") is None
    assert await house.storage.stat(f"{new.object_key}1.m4s") is not None
    assert await library.output_document(house.context, video.id, new.id) == new


async def test_a_promise_that_is_not_kept_is_cleared_away_and_a_kept_one_is_not(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    kept = await published(house, owner, video)
    broken = library.output_prefix(video.id, library.new_output_id())
    async with house.database.write() as tx:
        await library.promise_output(tx, house.clock, broken, DAY)
    await house.storage.put(f"{broken}segments/1.m4s", b"12345")
    assert (await library.known_keys(house.context)).owns(f"{broken}segments/1.m4s")
    house.clock.advance(3 * DAY)
    assert await library.collect_garbage(house.context) == 1
    assert sorted(await house.stored(f"{video_prefix(video.id)}outputs/")) == [f"{kept.object_key}1.m4s"]
    assert await library.collect_garbage(house.context) == 0


async def test_two_who_discard_the_same_prefix_do_not_disturb_each_other(house: House) -> None:
    async def discard() -> None:
        async with house.database.write() as tx:
            await library.discard(tx, house.clock, "videos/0123/work/1/")

    await asyncio.gather(*(discard() for _ in range(6)))
    assert await house.count("garbage") == 1


async def test_retired_presentations_go_when_the_tickets_are_over(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    first = await published(house, owner, video, library.FIRST)
    ladder = await published(house, owner, video, library.LADDER)
    async with house.database.write() as tx:
        await library.retire_presentations(tx, house.clock, video.id, (library.FIRST, library.CUT), DAY)
    await library.collect_garbage(house.context)
    assert await library.output_document(house.context, video.id, first.id) == first
    house.clock.advance(DAY + timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert await library.output_document(house.context, video.id, first.id) is None
    assert await shown(house, video) == replace_document(ladder)


async def test_a_deleted_video_is_gone_at_once_then_its_bytes_then_its_rows(house: House) -> None:
    owner = house.owner()
    video, other = await house.video(owner), await house.video(owner)
    await published(house, owner, video)
    await library.ensure_tag(house.context, owner, "t")
    await library.delete_video(house.context, owner, video.id)
    assert house.told(library.VideoDeleted) == [library.VideoDeleted(owner.tenant_id, video.id)]
    assert await library.published_video(house.context, video.id) is None
    async with house.database.read() as tx:
        assert await library.ticket_terms(tx, video.id) is None
    assert len(await house.stored(video_prefix(video.id))) == 2
    known = await library.known_keys(house.context)
    assert all(known.owns(key) for key in await house.stored())
    house.clock.advance(timedelta(seconds=1))
    assert await library.collect_garbage(house.context) == 1
    assert await house.stored(video_prefix(video.id)) == []
    assert [await house.count(table) for table in ("videos", "sources", "outputs", "garbage")] == [1, 1, 0, 0]
    assert (await library.get_video(house.context, owner, other.id)).id == other.id
    assert len(await house.stored(video_prefix(other.id))) == 1


async def test_a_collection_that_died_after_the_bytes_is_repeated(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    await library.delete_video(house.context, owner, video.id)
    house.clock.advance(timedelta(seconds=1))
    await house.storage.delete_prefix(video_prefix(video.id))  # and then a power cut
    assert await library.collect_garbage(house.context) == 1
    assert await house.count("videos") == 0


async def test_garbage_of_a_living_video_never_takes_its_row(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    async with house.database.write() as tx:
        await library.discard(tx, house.clock, f"{video_prefix(video.id)}work/0123/")
    house.clock.advance(timedelta(seconds=1))
    assert await library.collect_garbage(house.context) == 1
    assert (await library.get_video(house.context, owner, video.id)).id == video.id
    assert len(await house.stored(video_prefix(video.id))) == 1


async def test_a_received_video_is_not_garbage_even_days_later(house: House) -> None:
    owner = house.owner()
    video = await house.video(owner)
    upload = await library.start_upload(house.context, owner, library.NewVideo("t", "t.mp4"), size_bytes=4)

    async def data() -> AsyncIterator[bytes]:
        yield b"film"

    part = await house.storage.put_part(upload.object_key, upload.multipart_id, 1, data())
    joined = await library.complete_upload(house.context, owner, upload.id, [(1, part.etag)])
    house.clock.advance(30 * DAY)
    assert await library.collect_garbage(house.context) == 0
    assert len(await house.stored(video_prefix(video.id))) == 1
    assert len(await house.stored(video_prefix(joined.id))) == 1
