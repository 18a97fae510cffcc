"""How sources come in: whole or in parts, repeated, wrong, too large, too late, by a stranger; on both engines."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.infra.storage import InvalidPart, ObjectStorage
from framehouse.kernel import Conflict, InvalidInput, NotFound, PayloadTooLarge, QuotaExceeded, UploadId
from framehouse.library import NewVideo, Owner, Upload, UploadState, VideoState
from tests.contracts.library_house import UPLOAD_EXPIRES_S, UPLOAD_MAX_BYTES, House, blocks, open_house

NEW = NewVideo(title="In parts", file_name="parts.mp4")
A, B = b"a" * 700, b"b" * 300


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


async def started(house: House, owner: Owner, size_bytes: int | None = 1000) -> Upload:
    return await library.start_upload(house.context, owner, NEW, size_bytes=size_bytes)


async def put(house: House, upload: Upload, number: int, data: bytes) -> tuple[int, str]:
    part = await house.storage.put_part(upload.object_key, upload.multipart_id, number, blocks(data))
    return number, part.etag


async def whole(house: House, key: str) -> bytes:
    return b"".join([block async for block in house.storage.read(key)])


async def test_parts_in_any_order_and_repeated_become_one_source(house: House) -> None:
    owner = house.owner()
    upload = await started(house, owner)
    second = await put(house, upload, 2, B)
    await put(house, upload, 1, b"wrong at first")
    first = await put(house, upload, 1, A)
    listed = await library.list_upload_parts(house.context, owner, upload.id)
    assert [(part.number, part.size_bytes) for part in listed] == [(1, 700), (2, 300)]
    video = await library.complete_upload(house.context, owner, upload.id, [first, second])
    assert (video.state, video.source_size_bytes) == (VideoState.RECEIVED, 1000)
    source = await library.source_of(house.context, owner, video)
    assert source is not None
    assert await whole(house, source.object_key) == A + B
    assert house.told(library.SourceReceived) == [library.SourceReceived(owner.tenant_id, video.id, source.id)]


async def test_completing_again_gives_the_same_video(house: House) -> None:
    owner = house.owner()
    upload = await started(house, owner)
    parts = [await put(house, upload, 1, A + B)]
    first = await library.complete_upload(house.context, owner, upload.id, parts)
    again = await library.complete_upload(house.context, owner, upload.id, parts)
    assert again == first
    assert await house.count("videos") == 1
    assert len(house.told(library.SourceReceived)) == 1


async def test_two_completions_at_the_same_time_give_one_video(house: House) -> None:
    owner = house.owner()
    upload = await started(house, owner)
    parts = [await put(house, upload, 1, A), await put(house, upload, 2, B)]
    complete = library.complete_upload
    made = await asyncio.gather(*(complete(house.context, owner, upload.id, parts) for _ in range(4)))
    assert len({video.id for video in made}) == 1
    assert await house.count("videos") == 1
    assert len(house.told(library.SourceReceived)) == 1


async def test_a_completion_that_died_between_bytes_and_row_can_be_repeated(house: House) -> None:
    owner = house.owner()
    upload = await started(house, owner)
    parts = [await put(house, upload, 1, A), await put(house, upload, 2, B)]
    await house.storage.complete_multipart(upload.object_key, upload.multipart_id, parts)  # and then a power cut
    video = await library.complete_upload(house.context, owner, upload.id, parts)
    assert video.source_size_bytes == 1000
    assert await whole(house, upload.object_key) == A + B


async def test_a_completion_that_died_can_be_repeated_on_every_storage(
    migrated_sqlite_file: Path, tmp_path: Path, storage: ObjectStorage
) -> None:
    database = tmp_path / "own.sqlite"
    database.write_bytes(migrated_sqlite_file.read_bytes())
    async with open_house(f"sqlite:///{database}", tmp_path, storage) as house:
        owner = house.owner()
        upload = await started(house, owner)
        parts = [await put(house, upload, 1, A + B)]  # one: S3 wants 5 MiB of each but the last
        await storage.complete_multipart(upload.object_key, upload.multipart_id, parts)
        complete = library.complete_upload
        made = await asyncio.gather(*(complete(house.context, owner, upload.id, parts) for _ in range(3)))
        assert len({video.id for video in made}) == 1
        assert await house.count("videos") == 1


@pytest.mark.parametrize("wrong", [[], [(1, "0" * 32)], [(3, "0" * 32)]], ids=["none", "etag", "number"])
async def test_a_wrong_list_loses_nothing(house: House, wrong: list[tuple[int, str]]) -> None:
    owner = house.owner()
    upload = await started(house, owner)
    right = [await put(house, upload, 1, A), await put(house, upload, 2, B)]
    with pytest.raises(InvalidInput):
        await library.complete_upload(house.context, owner, upload.id, wrong)
    assert await house.count("videos") == 0
    await library.complete_upload(house.context, owner, upload.id, right)


async def test_numbers_out_of_order_are_refused(house: House) -> None:
    owner = house.owner()
    upload = await started(house, owner)
    parts = [await put(house, upload, 1, A), await put(house, upload, 2, B)]
    with pytest.raises(InvalidPart):
        await library.complete_upload(house.context, owner, upload.id, parts[::-1])


async def test_the_declared_size_is_a_promise(house: House) -> None:
    owner = house.owner()
    short = await started(house, owner, size_bytes=1001)
    parts = [await put(house, short, 1, A), await put(house, short, 2, B)]
    with pytest.raises(InvalidInput, match="1000 bytes of the 1001"):
        await library.complete_upload(house.context, owner, short.id, parts)
    long = await started(house, owner, size_bytes=999)
    parts = [await put(house, long, 1, A), await put(house, long, 2, B)]
    with pytest.raises(PayloadTooLarge, match="1000 bytes, more than the 999"):
        await library.complete_upload(house.context, owner, long.id, parts)
    assert await house.count("videos") == 0


async def test_another_tenants_upload_does_not_exist(house: House) -> None:
    owner, stranger = house.owner(), house.owner()
    upload = await started(house, owner)
    part = await put(house, upload, 1, A + B)
    for who, what in ((stranger, upload.id), (owner, UploadId(upload.id ^ 1))):
        for ask in (
            library.get_upload(house.context, who, what),
            library.sign_upload_part(house.context, who, what, 1),
            library.list_upload_parts(house.context, who, what),
            library.complete_upload(house.context, who, what, [part]),
            library.abort_upload(house.context, who, what),
        ):
            with pytest.raises(NotFound, match="no such upload"):
                await ask
    await library.complete_upload(house.context, owner, upload.id, [part])


@pytest.mark.parametrize("number", [0, -1, 10_001])
async def test_part_numbers_have_limits(house: House, number: int) -> None:
    upload = await started(house, owner := house.owner())
    with pytest.raises(InvalidInput, match="between 1 and 10000"):
        await library.sign_upload_part(house.context, owner, upload.id, number)


async def test_aborting_drops_the_bytes_and_may_be_repeated(house: House) -> None:
    owner = house.owner()
    upload = await started(house, owner)
    part = await put(house, upload, 1, A + B)
    for _ in range(2):
        await library.abort_upload(house.context, owner, upload.id)
    assert (await library.get_upload(house.context, owner, upload.id)).state is UploadState.ABORTED
    with pytest.raises(NotFound):
        await put(house, upload, 2, B)
    for ask in (
        library.sign_upload_part(house.context, owner, upload.id, 1),
        library.complete_upload(house.context, owner, upload.id, [part]),
    ):
        with pytest.raises(Conflict, match="ended"):
            await ask
    assert await house.count("videos") == 0


async def test_a_complete_upload_cannot_be_aborted(house: House) -> None:
    owner = house.owner()
    upload = await started(house, owner)
    video = await library.complete_upload(house.context, owner, upload.id, [await put(house, upload, 1, A + B)])
    with pytest.raises(Conflict, match="complete already"):
        await library.abort_upload(house.context, owner, upload.id)
    with pytest.raises(Conflict, match="complete already"):
        await library.sign_upload_part(house.context, owner, upload.id, 1)
    assert (await library.get_video(house.context, owner, video.id)).id == video.id


async def test_an_upload_expires_and_only_that_one(house: House) -> None:
    owner = house.owner()
    old = await started(house, owner)
    part = await put(house, old, 1, A + B)
    house.clock.advance(timedelta(seconds=UPLOAD_EXPIRES_S - 1))
    young = await started(house, owner)
    assert await library.expire_uploads(house.context) == 0
    house.clock.advance(timedelta(seconds=2))
    with pytest.raises(Conflict, match="ended"):
        await library.complete_upload(house.context, owner, old.id, [part])
    assert await library.expire_uploads(house.context) == 1
    assert await library.expire_uploads(house.context) == 0
    assert (await library.get_upload(house.context, owner, old.id)).state is UploadState.ABORTED
    assert (await library.get_upload(house.context, owner, young.id)).state is UploadState.OPEN
    with pytest.raises(NotFound):
        await put(house, old, 2, B)


async def test_a_deleted_videos_upload_is_not_completed_again(house: House) -> None:
    owner = house.owner()
    upload = await started(house, owner)
    parts = [await put(house, upload, 1, A + B)]
    video = await library.complete_upload(house.context, owner, upload.id, parts)
    await library.delete_video(house.context, owner, video.id)
    with pytest.raises(NotFound, match="no such video"):
        await library.complete_upload(house.context, owner, upload.id, parts)


async def test_what_may_not_come_in_leaves_nothing(house: House) -> None:
    owner = house.owner(quota_bytes=1000)
    await house.video(owner, data=b"x" * 600)
    with pytest.raises(QuotaExceeded, match="quota of 1000 bytes"):
        await house.video(owner, data=b"x" * 401)
    with pytest.raises(InvalidInput, match="empty"):
        await house.video(owner, data=b"")
    with pytest.raises(QuotaExceeded):
        await started(house, owner, size_bytes=401)
    with pytest.raises(QuotaExceeded):
        await started(house, house.owner(), size_bytes=UPLOAD_MAX_BYTES + 1)
    assert await house.count("videos") == 1
    assert await house.count("sources") == 1
    assert len(await house.stored()) == 1
    await house.video(owner, data=b"x" * 400)
    with pytest.raises(QuotaExceeded):
        await house.video(owner, data=b"x")


async def test_a_file_over_the_installations_limit_leaves_nothing(house: House) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1 << 20)

    with pytest.raises(PayloadTooLarge):
        await library.receive_video(house.context, house.owner(), NEW, endless())
    assert await house.stored() == []
    assert await house.count("videos") == 0


async def test_parts_count_against_the_quota_when_they_are_joined(house: House) -> None:
    """Two uploads may each fit when they begin; the one that completes second does not."""
    owner = house.owner(quota_bytes=1000)
    uploads = [await started(house, owner, size_bytes=600) for _ in range(2)]
    parts = [[await put(house, upload, 1, b"x" * 600)] for upload in uploads]
    await library.complete_upload(house.context, owner, uploads[0].id, parts[0])
    with pytest.raises(QuotaExceeded):
        await library.complete_upload(house.context, owner, uploads[1].id, parts[1])
    assert await house.count("videos") == 1


async def test_a_sender_that_goes_away_leaves_no_object(house: House) -> None:
    async def cut() -> AsyncIterator[bytes]:
        yield b"the beginning"
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        await library.receive_video(house.context, house.owner(), NEW, cut())
    assert await house.stored() == []
    assert await house.count("videos") == 0
