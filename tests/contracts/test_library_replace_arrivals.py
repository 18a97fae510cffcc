"""How new media for a video arrive: in one piece or in parts, within the quota, and never half; on both engines."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import (
    Conflict,
    FramehouseError,
    InvalidInput,
    NotFound,
    PayloadTooLarge,
    QuotaExceeded,
    SourceId,
    VideoId,
)
from framehouse.library import NewVideo, Owner, UploadState, VideoState
from tests.contracts.library_house import UPLOAD_MAX_BYTES, House, blocks, open_house, source_id_of
from tests.contracts.replacing import NEW, OLD, complete

DAY = timedelta(days=1)


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def test_both_sources_count_against_the_quota_while_both_exist(house: House) -> None:
    owner = house.owner(len(OLD) + 2 * len(NEW))
    stage = await complete(house, owner)
    await stage.replace()
    with pytest.raises(QuotaExceeded):
        await house.video(owner, data=NEW + b"x")
    source_id = await stage.replace()  # there is room for it while the first one is there
    with pytest.raises(QuotaExceeded):
        await stage.replace(NEW + b"x")
    await stage.collect()
    assert sorted(await stage.sources()) == sorted([OLD, NEW]), "a refused one takes nothing away"
    await stage.switch(source_id)
    await stage.collect()
    await house.video(owner, data=b"x" * (len(OLD) + len(NEW)))


async def test_a_video_that_is_deleted_meanwhile_leaves_nothing(house: House) -> None:
    stage = await complete(house)
    source_id = await stage.replace()
    await library.delete_video(house.context, stage.owner, stage.video.id)
    await stage.fail(source_id)
    await stage.collect()
    assert await house.stored() == []
    assert [await house.count(table) for table in ("videos", "sources", "outputs", "garbage")] == [0, 0, 0, 0]


async def test_a_video_that_is_deleted_while_bytes_come_leaves_nothing(house: House) -> None:
    stage = await complete(house)

    async def data() -> AsyncIterator[bytes]:
        yield b"some"
        await library.delete_video(house.context, stage.owner, stage.video.id)
        await stage.collect()
        yield b"more"

    with pytest.raises(NotFound, match="there is no such video"):
        await library.replace_media(house.context, stage.owner, stage.video.id, data(), "new.mov")
    assert await house.stored() == []


@pytest.mark.parametrize(
    ("data", "problem"), [(b"", InvalidInput), (b"x" * (UPLOAD_MAX_BYTES + 1), PayloadTooLarge)], ids=["empty", "huge"]
)
async def test_what_is_refused_leaves_nothing(house: House, data: bytes, problem: type[FramehouseError]) -> None:
    stage = await complete(house)
    before = await stage.now()
    with pytest.raises(problem):
        await stage.replace(data)
    assert await stage.now() == before
    assert await stage.sources() == [OLD]
    await stage.expect_owned()


async def test_only_the_owner_replaces_and_only_what_has_arrived(house: House) -> None:
    stage = await complete(house)
    for owner, video_id in ((house.owner(), stage.video.id), (stage.owner, VideoId(stage.video.id ^ 1))):
        with pytest.raises(NotFound, match="there is no such video"):
            await library.replace_media(house.context, owner, video_id, blocks(NEW), "new.mov")
        with pytest.raises(NotFound, match="there is no such video"):
            await library.start_replacement(house.context, owner, video_id, "new.mov", size_bytes=None)
    new = NewVideo(title="Far away", file_name="far.mp4")
    fetched = await library.receive_from_url(house.context, stage.owner, new, "https://example.com/far.mp4")
    with pytest.raises(Conflict, match="first source has not arrived"):
        await library.replace_media(house.context, stage.owner, fetched.id, blocks(NEW), "new.mov")


async def test_a_replacement_in_parts(house: House) -> None:
    stage = await complete(house)
    upload = await library.start_replacement(
        house.context, stage.owner, stage.video.id, "new.mov", size_bytes=len(NEW), keeps_statistics=False
    )
    await stage.collect(timedelta(minutes=30))
    assert (await stage.now()).state is VideoState.COMPLETE, "nothing is replaced before all bytes are here"
    part = await house.storage.put_part(upload.object_key, upload.multipart_id, 1, blocks(NEW))
    video = await library.complete_upload(house.context, stage.owner, upload.id, [(1, part.etag)])
    again = await library.complete_upload(house.context, stage.owner, upload.id, [(1, part.etag)])
    assert again.replacement_source_id == video.replacement_source_id
    assert (video.id, video.state) == (stage.video.id, VideoState.PROCESSING)
    assert [event.keeps_statistics for event in house.told(library.ReplacementReceived)] == [False]
    await stage.collect(30 * DAY)
    assert sorted(await stage.sources()) == sorted([OLD, NEW])
    assert video.replacement_source_id is not None
    await stage.switch(video.replacement_source_id)
    assert (await stage.now()).original_file_name == "new.mov"


async def test_a_replacement_in_parts_ends_with_its_video(house: House) -> None:
    stage = await complete(house)
    upload = await library.start_replacement(house.context, stage.owner, stage.video.id, "new.mov", size_bytes=None)
    part = await house.storage.put_part(upload.object_key, upload.multipart_id, 1, blocks(NEW))
    await library.delete_video(house.context, stage.owner, stage.video.id)
    await stage.collect()
    with pytest.raises(NotFound, match="there is no such video"):
        await library.complete_upload(house.context, stage.owner, upload.id, [(1, part.etag)])
    ended = await library.get_upload(house.context, stage.owner, upload.id)
    assert ended.state is UploadState.ABORTED
    assert await house.stored() == []


async def test_an_abandoned_replacement_in_parts_expires_and_changes_nothing(house: House) -> None:
    stage = await complete(house)
    before = await stage.now()
    upload = await library.start_replacement(house.context, stage.owner, stage.video.id, "new.mov", size_bytes=None)
    await house.storage.put_part(upload.object_key, upload.multipart_id, 1, blocks(NEW))
    house.clock.advance(2 * DAY)
    assert await library.expire_uploads(house.context) == 1
    await stage.collect(30 * DAY)
    assert await stage.now() == before
    assert await stage.sources() == [OLD]


async def test_the_digest_is_that_of_the_source_a_video_plays(house: House) -> None:
    stage = await complete(house)
    old = source_id_of(stage.video)

    async def digested(owner: Owner, source_id: SourceId) -> str | None:
        await library.digest_source(house.context, owner.tenant_id, stage.video.id, source_id)
        return (await stage.now()).source_md5

    assert await digested(house.owner(), old) is None
    assert await digested(stage.owner, old) == "a5e3d13392be542e4b13a8ea76b87ac9"
    new = await stage.replace()
    assert await digested(stage.owner, new) == "a5e3d13392be542e4b13a8ea76b87ac9", "it plays the old one still"
    await stage.switch(new)
    assert (await stage.now()).source_md5 is None
    assert await digested(stage.owner, old) is None
    assert await digested(stage.owner, new) == "90bc3bbc577ca31d93a65653686c49ac"
    await library.delete_video(house.context, stage.owner, stage.video.id)
    await stage.collect()
    await library.digest_source(house.context, stage.owner.tenant_id, stage.video.id, new)
