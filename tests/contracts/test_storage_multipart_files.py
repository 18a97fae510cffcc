"""What the file system's storage does so that completing an upload in parts is free."""

import asyncio
import os

import pytest

from framehouse.infra.storage import InvalidPart
from framehouse.kernel.errors import NotFound
from tests.contracts.storages import MIB, PART, chunks, md5, whole

KEY = "uploads/film.mp4"
ONE, TWO, LAST = os.urandom(PART), os.urandom(PART), os.urandom(70_001)


async def put(storage, upload: str, number: int, data: bytes, **options):
    return await storage.put_part(KEY, upload, number, chunks(data), **{"size_bytes": len(data), **options})


def named(*parts):
    return [(part.number, part.etag) for part in parts]


@pytest.mark.parametrize("storage_url", ["files"], indirect=True)
class TestOnTheFileSystem:
    async def test_equal_parts_are_one_file_at_once(self, storage, files):
        upload = await storage.start_multipart(KEY, part_size_bytes=PART)
        parts = await asyncio.gather(*(put(storage, upload, n, d) for n, d in ((3, LAST), (1, ONE), (2, TWO))))
        inode = (files / "multipart" / upload / "data").stat().st_ino
        await storage.complete_multipart(KEY, upload, sorted(named(*parts)))
        path = storage.local_path(KEY)
        assert path.read_bytes() == ONE + TWO + LAST
        assert path.stat().st_ino == inode
        assert list((files / "multipart").iterdir()) == []

    async def test_the_first_parts_length_is_the_part_size_when_none_was_declared(self, storage):
        upload = await storage.start_multipart(KEY)
        parts = [await put(storage, upload, n, d) for n, d in ((2, TWO), (1, ONE), (3, LAST))]
        await storage.complete_multipart(KEY, upload, sorted(named(*parts)))
        assert storage.local_path(KEY).read_bytes() == ONE + TWO + LAST

    @pytest.mark.parametrize("numbers", [(1, 2), (1, 3)])
    async def test_a_completed_upload_takes_no_more(self, storage, numbers):
        # Amazon answers the same, but the Swift of these tests goes on for a while.
        upload = await storage.start_multipart(KEY, part_size_bytes=PART)
        parts = [await put(storage, upload, n, d) for n, d in zip(numbers, (ONE, LAST), strict=True)]
        await storage.complete_multipart(KEY, upload, named(*parts))
        with pytest.raises(NotFound):
            await storage.list_parts(KEY, upload)
        with pytest.raises(NotFound):
            await put(storage, upload, 1, TWO)
        assert await whole(storage, KEY) == ONE + LAST

    async def test_parts_dropped_at_completion_do_not_lengthen_the_file(self, storage):
        upload = await storage.start_multipart(KEY, part_size_bytes=PART)
        parts = [await put(storage, upload, n, d) for n, d in ((1, ONE), (2, LAST), (3, TWO))]
        await storage.complete_multipart(KEY, upload, named(*parts[:2]))
        assert storage.local_path(KEY).read_bytes() == ONE + LAST

    @pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1)])
    async def test_a_replaced_part_is_joined_into_its_place(self, storage, files, order):
        upload = await storage.start_multipart(KEY, part_size_bytes=PART)
        datas = {1: ONE, 2: TWO, 3: LAST}
        for number in order:
            await put(storage, upload, number, datas[number][::-1])
            await put(storage, upload, number, datas[number])
        parts = await storage.list_parts(KEY, upload)
        await storage.complete_multipart(KEY, upload, named(*parts))
        assert storage.local_path(KEY) is None
        inode = (files / "multipart" / upload / "data").stat().st_ino
        reader = storage.read(KEY)
        start = await anext(reader)
        await storage.join(KEY)
        path = storage.local_path(KEY)
        assert path.read_bytes() == ONE + TWO + LAST
        assert path.stat().st_ino == inode
        assert start + b"".join([block async for block in reader]) == ONE + TWO + LAST
        assert list((files / "multipart").iterdir()) == []
        await storage.join(KEY)

    async def test_a_reader_goes_on_while_unequal_parts_are_joined(self, storage, files):
        upload = await storage.start_multipart(KEY, part_size_bytes=PART)
        parts = [await put(storage, upload, n, d) for n, d in ((1, LAST), (2, ONE), (3, TWO))]
        await storage.complete_multipart(KEY, upload, named(*parts))
        reader = storage.read(KEY)
        start = await anext(reader)
        await asyncio.gather(storage.join(KEY), storage.join(KEY))
        assert start + b"".join([block async for block in reader]) == LAST + ONE + TWO
        assert storage.local_path(KEY).read_bytes() == LAST + ONE + TWO
        assert list((files / "multipart").iterdir()) == list((files / "tmp").iterdir()) == []

    async def test_completing_while_another_part_still_arrives(self, storage):
        upload = await storage.start_multipart(KEY, part_size_bytes=PART)
        one = await put(storage, upload, 1, ONE)
        arriving, go = asyncio.Event(), asyncio.Event()

        async def slow():
            yield TWO[: 2 * MIB]
            arriving.set()
            await go.wait()
            yield TWO[2 * MIB :]

        late = asyncio.create_task(storage.put_part(KEY, upload, 2, slow(), size_bytes=PART))
        await arriving.wait()
        await storage.complete_multipart(KEY, upload, named(one))
        assert await whole(storage, KEY) == ONE
        await storage.join(KEY)
        go.set()
        with pytest.raises(NotFound):
            await late
        assert storage.local_path(KEY).read_bytes() == ONE

    async def test_two_senders_of_one_part_leave_one_whole_version(self, storage):
        upload = await storage.start_multipart(KEY, part_size_bytes=PART)
        await asyncio.gather(*(put(storage, upload, 1, bytes([n]) * PART) for n in range(6)))
        (part,) = await storage.list_parts(KEY, upload)
        assert part.etag in {md5(bytes([n]) * PART) for n in range(6)}
        await storage.complete_multipart(KEY, upload, named(part))
        assert md5(await whole(storage, KEY)) == part.etag

    async def test_a_repeated_completion_answers_the_same(self, storage):
        for numbers in ((1, 2), (1, 4)):
            upload = await storage.start_multipart(KEY, part_size_bytes=PART)
            parts = [await put(storage, upload, n, d) for n, d in zip(numbers, (ONE, LAST), strict=True)]
            first = await storage.complete_multipart(KEY, upload, named(*parts))
            assert await storage.complete_multipart(KEY, upload, named(*parts)) == first
            with pytest.raises(InvalidPart):
                await storage.complete_multipart(KEY, upload, named(parts[0]))
