"""What every storage promises of uploads in parts."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest

from framehouse.infra.storage import InvalidPart
from framehouse.kernel.errors import InvalidInput, NotFound, PayloadTooLarge
from tests.contracts.storages import MIB, PART, chunks, cut_after, md5, multipart_etag, whole

KEY = "uploads/film.mp4"
ONE, TWO, LAST = os.urandom(PART), os.urandom(PART), os.urandom(70_001)


async def put(storage, upload: str, number: int, data: bytes, **options):
    return await storage.put_part(KEY, upload, number, chunks(data), **{"size_bytes": len(data), **options})


def named(*parts):
    return [(part.number, part.etag) for part in parts]


async def test_an_upload_from_start_to_end(storage):
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    assert await storage.list_parts(KEY, upload) == []
    parts = [await put(storage, upload, n, data) for n, data in ((1, ONE), (2, TWO), (3, LAST))]
    assert [part.etag for part in parts] == [md5(ONE), md5(TWO), md5(LAST)]
    assert await storage.list_parts(KEY, upload) == parts
    assert await storage.stat(KEY) is None
    info = await storage.complete_multipart(KEY, upload, named(*parts))
    assert info == await storage.stat(KEY)
    assert info.size_bytes == 2 * PART + len(LAST)
    assert info.etag == multipart_etag(ONE, TWO, LAST)
    await storage.abort_multipart(KEY, upload)
    assert await whole(storage, KEY) == ONE + TWO + LAST


@pytest.mark.parametrize("declared", [PART, None])
@pytest.mark.parametrize("length_known", [True, False])
async def test_parts_out_of_order_and_in_parallel(storage, declared, length_known):
    upload = await storage.start_multipart(KEY, part_size_bytes=declared)
    options = {} if length_known else {"size_bytes": None}
    last = await put(storage, upload, 3, LAST, **options)
    two, one = await asyncio.gather(put(storage, upload, 2, TWO, **options), put(storage, upload, 1, ONE, **options))
    assert await storage.list_parts(KEY, upload) == [one, two, last]
    info = await storage.complete_multipart(KEY, upload, named(one, two, last))
    assert info.etag == multipart_etag(ONE, TWO, LAST)
    assert await whole(storage, KEY) == ONE + TWO + LAST
    await storage.join(KEY)
    assert await whole(storage, KEY, start=PART - 10, length=20) == ONE[-10:] + TWO[:10]
    assert await whole(storage, KEY) == ONE + TWO + LAST


async def test_a_part_sent_again_replaces_the_earlier_one(storage):
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    first = await put(storage, upload, 1, ONE)
    last = await put(storage, upload, 2, LAST)
    again = await put(storage, upload, 1, TWO)
    assert await storage.list_parts(KEY, upload) == [again, last]
    with pytest.raises(InvalidPart):
        await storage.complete_multipart(KEY, upload, named(first, last))
    third = await put(storage, upload, 1, ONE)
    assert third == first
    await storage.complete_multipart(KEY, upload, named(first, last))
    before = await storage.stat(KEY)
    assert await whole(storage, KEY) == ONE + LAST
    await storage.join(KEY)
    assert await whole(storage, KEY) == ONE + LAST
    assert (await storage.stat(KEY)).etag == before.etag


async def test_unequal_parts_and_gaps_in_the_numbers(storage):
    datas = [os.urandom(size) for size in (PART + 5, PART, PART + 1_000_000, 12)]
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    numbers = (2, 3, 7, 10_000)
    parts = [await put(storage, upload, number, data) for number, data in zip(numbers, datas, strict=True)]
    unused = await put(storage, upload, 5, ONE)
    info = await storage.complete_multipart(KEY, upload, named(*parts))
    assert unused.number not in numbers
    data = b"".join(datas)
    assert (info.size_bytes, info.etag) == (len(data), multipart_etag(*datas))
    assert await whole(storage, KEY) == data
    assert await whole(storage, KEY, start=PART - 1, length=2 * PART) == data[PART - 1 : 3 * PART - 1]
    await storage.join(KEY)
    assert await storage.stat(KEY) == info
    assert await whole(storage, KEY) == data


async def test_one_small_part_is_enough(storage):
    upload = await storage.start_multipart(KEY)
    part = await put(storage, upload, 1, b"tiny")
    info = await storage.complete_multipart(KEY, upload, [(1, f'"{part.etag.upper()}"')])
    assert info.etag == multipart_etag(b"tiny")
    assert await whole(storage, KEY) == b"tiny"


async def test_wrong_completions_are_refused_and_the_upload_stays(storage):
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    one, two = await put(storage, upload, 1, ONE), await put(storage, upload, 2, LAST)
    wrong = [
        [],
        [(1, md5(TWO)), (2, two.etag)],
        [(1, "not-an-md5"), (2, two.etag)],
        [(1, one.etag), (2, two.etag), (3, md5(TWO))],
        [(2, two.etag), (1, one.etag)],
        [(1, one.etag), (1, one.etag)],
    ]
    for parts in wrong:
        with pytest.raises(InvalidPart):
            await storage.complete_multipart(KEY, upload, parts)
    assert await storage.stat(KEY) is None
    await storage.complete_multipart(KEY, upload, named(one, two))
    assert await whole(storage, KEY) == ONE + LAST


async def test_part_numbers_have_limits(storage):
    upload = await storage.start_multipart(KEY)
    for number in (0, -1, 10_001):
        with pytest.raises(InvalidInput):
            await put(storage, upload, number, b"x")
        with pytest.raises(InvalidInput):
            await storage.sign_part_url(KEY, upload, number, expires_s=60)


async def test_unknown_uploads_and_other_keys_uploads(storage):
    upload = await storage.start_multipart("somebody/elses")
    for strange in (upload, "0" * 24, "../tmp", "not an id"):
        with pytest.raises(NotFound):
            await put(storage, strange, 1, b"x")
        with pytest.raises(NotFound):
            await storage.list_parts(KEY, strange)
        with pytest.raises(NotFound):
            await storage.complete_multipart(KEY, strange, [(1, md5(b"x"))])
        await storage.abort_multipart(KEY, strange)
    assert await storage.list_parts("somebody/elses", upload) == []


async def test_an_aborted_upload_is_gone(storage):
    await storage.put(KEY, b"was here before")
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    part = await put(storage, upload, 1, ONE)
    await storage.abort_multipart(KEY, upload)
    await storage.abort_multipart(KEY, upload)
    with pytest.raises(NotFound):
        await put(storage, upload, 2, LAST)
    with pytest.raises(NotFound):
        await storage.complete_multipart(KEY, upload, named(part))
    assert await whole(storage, KEY) == b"was here before"


@pytest.mark.parametrize("length_known", [True, False])
async def test_a_part_that_fails_leaves_what_was_there(storage, length_known):
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    size = {"size_bytes": PART if length_known else None}
    kept = await put(storage, upload, 1, ONE)
    for number in (1, 2):
        with pytest.raises(ConnectionResetError):
            await storage.put_part(KEY, upload, number, cut_after(TWO, 4 * MIB), **size)
        with pytest.raises(PayloadTooLarge):
            await put(storage, upload, number, TWO, size_limit_bytes=4 * MIB, **size)
        with pytest.raises(InvalidInput):
            await put(storage, upload, number, TWO, expected_md5=md5(ONE), **size)
        with pytest.raises(InvalidInput):
            await put(storage, upload, number, TWO[:-1], size_bytes=PART)
        with pytest.raises(InvalidInput):
            await put(storage, upload, number, TWO + b"x", size_bytes=PART)
    assert await storage.list_parts(KEY, upload) == [kept]
    two = await put(storage, upload, 2, TWO, expected_md5=md5(TWO).upper(), size_limit_bytes=PART, **size)
    await storage.complete_multipart(KEY, upload, named(kept, two))
    assert await whole(storage, KEY) == ONE + TWO


async def test_completing_replaces_the_object_at_once(storage):
    await storage.put(KEY, b"old")
    for data in (ONE, TWO):
        upload = await storage.start_multipart(KEY)
        parts = [await put(storage, upload, 1, LAST), await put(storage, upload, 2, data)][1:]
        await storage.complete_multipart(KEY, upload, named(*parts))
        assert await whole(storage, KEY) == data
        assert (await storage.stat(KEY)).etag == multipart_etag(data)
        assert [info.key async for info in storage.list("")] == [KEY]
    await storage.put(KEY, b"plain again")
    assert await whole(storage, KEY) == b"plain again"
    await storage.delete(KEY)
    assert await storage.stat(KEY) is None
    assert [info.key async for info in storage.list("")] == []


async def test_abandoned_uploads_are_swept_and_others_are_not(storage):
    now = datetime.now(UTC)
    old = await storage.start_multipart(KEY)
    await put(storage, old, 1, b"abandoned")
    done = await storage.start_multipart("done")
    parts = [await storage.put_part("done", done, n, chunks(d), size_bytes=len(d)) for n, d in ((2, ONE), (4, LAST))]
    await storage.complete_multipart("done", done, named(*parts))
    assert await storage.sweep(timedelta(hours=1), now) == 0
    assert len(await storage.list_parts(KEY, old)) == 1
    assert await storage.sweep(timedelta(hours=1), now + timedelta(hours=2)) == 1
    with pytest.raises(NotFound):
        await storage.list_parts(KEY, old)
    assert await whole(storage, "done") == ONE + LAST
