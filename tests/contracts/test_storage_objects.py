"""What every storage promises of whole objects: writing, reading ranges, listing, deleting, files and trees."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from framehouse.infra.storage import FileSystemStorage, open_storage
from framehouse.kernel.errors import Conflict, InvalidInput, NotFound, PayloadTooLarge
from tests.contracts.storages import MIB, SIGNER, chunks, cut_after, whole


async def keys(storage, prefix: str) -> list[str]:
    return [info.key async for info in storage.list(prefix)]


async def test_put_then_read_and_stat(storage):
    before = datetime.now(UTC)
    written = await storage.put("a/b.txt", b"hello")
    assert await whole(storage, "a/b.txt") == b"hello"
    assert await storage.stat("a/b.txt") == written
    assert (written.key, written.size_bytes) == ("a/b.txt", 5)
    assert abs(written.modified - before) < timedelta(seconds=30)
    assert written.etag
    assert '"' not in written.etag


async def test_an_object_may_be_empty(storage):
    assert (await storage.put("empty", b"")).size_bytes == 0
    assert await whole(storage, "empty") == b""
    assert await whole(storage, "empty", start=0, length=10) == b""


async def test_streams_are_stored_whole_and_read_in_small_blocks(storage):
    data = os.urandom(20 * MIB + 17)
    written = await storage.put("big", chunks(data))
    assert written.size_bytes == len(data)
    blocks = [block async for block in storage.read("big")]
    assert b"".join(blocks) == data
    assert max(map(len, blocks)) <= 256 * 1024


@pytest.mark.parametrize(
    ("start", "length"),
    [(0, 1), (0, 0), (5, None), (999_990, 100), (262_143, 2), (262_144, 262_145), (1_000_000, 5), (2_000_000, None)],
)
async def test_ranges_are_those_of_a_slice(storage, start, length):
    data = os.urandom(1_000_000)
    await storage.put("ranged", data)
    wanted = data[start:] if length is None else data[start : start + length]
    assert await whole(storage, "ranged", start=start, length=length) == wanted


async def test_a_range_before_the_start_is_refused(storage):
    await storage.put("ranged", b"data")
    for wrong in ({"start": -1}, {"length": -1}):
        with pytest.raises(InvalidInput):
            await whole(storage, "ranged", **wrong)


async def test_replacing_changes_bytes_and_etag(storage):
    first = await storage.put("same", b"one")
    second = await storage.put("same", b"two")
    assert await whole(storage, "same") == b"two"
    assert first.etag != second.etag
    assert await keys(storage, "") == ["same"]


async def test_missing_objects(storage):
    assert await storage.stat("nothing/here") is None
    assert storage.local_path("nothing/here") is None
    for wrong in ({}, {"start": 3, "length": 4}, {"length": 0}):
        with pytest.raises(NotFound):
            await whole(storage, "nothing/here", **wrong)
    await storage.delete("nothing/here")


async def test_too_much_is_refused_while_it_streams_and_leaves_the_old_version(storage):
    await storage.put("limited", b"old")
    sent = 0

    async def endless():
        nonlocal sent
        while True:
            sent += MIB
            yield bytes(MIB)

    with pytest.raises(PayloadTooLarge):
        await storage.put("limited", endless(), size_limit_bytes=10 * MIB)
    assert sent <= 20 * MIB
    assert await whole(storage, "limited") == b"old"


@pytest.mark.parametrize("length", [100_000, 18 * MIB])
async def test_a_cut_stream_leaves_the_old_version(storage, length):
    await storage.put("cut", b"old")
    with pytest.raises(ConnectionResetError):
        await storage.put("cut", cut_after(bytes(20 * MIB), length))
    assert await whole(storage, "cut") == b"old"
    assert await keys(storage, "") == ["cut"]


async def test_a_cancelled_put_leaves_nothing(storage):
    started = asyncio.Event()

    async def waits():
        yield bytes(2 * MIB)
        started.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(storage.put("cancelled", waits()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await storage.stat("cancelled") is None


async def test_a_reader_sees_one_version(storage):
    old, new = bytes(8 * MIB), b"1" * 8 * MIB
    await storage.put("one", old)
    reader = storage.read("one")
    seen = [await anext(reader)]
    await storage.put("one", new)
    seen += [block async for block in reader]
    assert b"".join(seen) == old
    assert await whole(storage, "one") == new


BAD_KEYS = ["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a/.", "a b", "ä", "a\\b", "a\n", "a~meta", "a" * 201]


@pytest.mark.parametrize("key", [*BAD_KEYS, "a/" * 500 + "a"])
async def test_bad_keys_are_refused_everywhere(storage, key, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"kept")
    with pytest.raises(InvalidInput):
        await storage.put(key, b"")
    with pytest.raises(InvalidInput):
        await storage.put_file(key, file)
    with pytest.raises(InvalidInput):
        await whole(storage, key)
    with pytest.raises(InvalidInput):
        await storage.stat(key)
    with pytest.raises(InvalidInput):
        await storage.delete(key)
    with pytest.raises(InvalidInput):
        storage.local_path(key)
    with pytest.raises(InvalidInput):
        await storage.start_multipart(key)
    with pytest.raises(InvalidInput):
        await storage.sign_get_url(key, expires_s=60)
    assert file.read_bytes() == b"kept"


async def test_listing_is_ordered_by_the_bytes_of_the_key(storage):
    stored = ["a/b/c", "a.b", "a-b", "a/b.c", "a/b-c", "A", "a0", "ab/c", "a_b", "b", "a/bc"]
    for key in stored:
        await storage.put(key, key.encode())
    assert await keys(storage, "") == sorted(stored)
    assert await keys(storage, "a/") == sorted(key for key in stored if key.startswith("a/"))
    assert await keys(storage, "a/b") == sorted(key for key in stored if key.startswith("a/b"))
    assert await keys(storage, "a") == sorted(key for key in stored if key.startswith("a"))
    assert await keys(storage, "a/b/") == ["a/b/c"]
    assert await keys(storage, "zz/top") == []
    assert [info.size_bytes async for info in storage.list("a/b/c")] == [5]
    with pytest.raises(InvalidInput):
        await keys(storage, "../a")


async def test_deleting_one_and_many(storage):
    for key in ("v/1/a", "v/1/b", "v/12/a", "w"):
        await storage.put(key, b"x")
    await storage.delete("v/1/a")
    await storage.delete("v/1/a")
    assert await keys(storage, "") == ["v/1/b", "v/12/a", "w"]
    assert await storage.delete_prefix("v/1/") == 1
    assert await storage.delete_prefix("v/1/") == 0
    assert await keys(storage, "") == ["v/12/a", "w"]
    assert await storage.delete_prefix("v") == 1
    with pytest.raises(InvalidInput):
        await storage.delete_prefix("")
    assert await keys(storage, "") == ["w"]


@pytest.mark.parametrize("size", [0, 3, 65 * MIB + 11])
async def test_a_file_is_taken_away_and_stored(storage, tmp_path, size):
    file = tmp_path / "made.mp4"
    data = os.urandom(1000) * (size // 1000) + os.urandom(size % 1000)
    file.write_bytes(data)
    info = await storage.put_file("films/made.mp4", file)
    assert not file.exists()
    assert info == await storage.stat("films/made.mp4")
    assert info.size_bytes == size
    assert await whole(storage, "films/made.mp4") == data


async def test_only_ordinary_files_are_taken(storage, tmp_path):
    link = tmp_path / "link"
    link.symlink_to("/etc/hostname")
    for path in (link, tmp_path, tmp_path / "missing"):
        with pytest.raises(InvalidInput):
            await storage.put_file("stolen", path)
    assert await storage.stat("stolen") is None


async def test_a_tree_of_small_files(storage, tmp_path):
    made = tmp_path / "made"
    contents = {f"v{n % 3}/seg-{n}.m4s": os.urandom(2000 + n) for n in range(40)} | {"index.m3u8": b"#EXTM3U"}
    for name, data in contents.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(data)
    stored = await storage.put_tree("videos/1", made)
    assert [info.key for info in stored] == sorted(f"videos/1/{name}" for name in contents)
    assert [path for path in made.rglob("*") if path.is_file()] == []
    assert stored == [info async for info in storage.list("videos/1/")]
    for name, data in contents.items():
        assert await whole(storage, f"videos/1/{name}") == data


async def test_an_object_as_a_local_file(storage, tmp_path):
    await storage.put("media/clip.mp4", b"bytes of a film")
    async with storage.localize("media/clip.mp4", tmp_path) as path:
        assert path.read_bytes() == b"bytes of a film"
        assert path.suffix == ".mp4"
        assert storage.local_path("media/clip.mp4") in (path, None)
    assert sorted(p.name for p in tmp_path.iterdir()) in ([], ["media"])
    assert await whole(storage, "media/clip.mp4") == b"bytes of a film"
    with pytest.raises(NotFound):
        async with storage.localize("media/other.mp4", tmp_path):
            pass
    assert sorted(p.name for p in tmp_path.iterdir()) in ([], ["media"])


async def test_concurrent_writers_of_one_key_leave_one_whole_version(storage):
    versions = [bytes([n]) * 300_000 for n in range(8)]
    await asyncio.gather(*(storage.put("raced", chunks(version)) for version in versions))
    assert await whole(storage, "raced") in versions


async def test_joining_an_ordinary_object_is_nothing(storage):
    await storage.join("missing")
    before = await storage.put("plain", b"data")
    await storage.join("plain")
    assert await storage.stat("plain") == before


async def test_readiness(storage):
    await storage.check()


async def test_what_the_file_system_cannot_hold(tmp_path: Path):
    storage = FileSystemStorage(tmp_path, SIGNER, "http://localhost")
    await storage.put("a", b"file")
    with pytest.raises(Conflict):
        await storage.put("a/b", b"below a file")
    await storage.put("d/e", b"file")
    with pytest.raises(Conflict):
        await storage.put("d", b"above a file")
    assert [info.key async for info in storage.list("")] == ["a", "d/e"]
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_deleting_leaves_no_empty_directories(tmp_path: Path):
    storage = FileSystemStorage(tmp_path, SIGNER, "http://localhost")
    for key in ("a/b/c/d", "a/b/e/f"):
        await storage.put(key, b"x")
    assert await storage.delete_prefix("a/b/c") == 1
    await storage.delete("a/b/e/f")
    assert list((tmp_path / "objects").iterdir()) == []


@pytest.mark.parametrize("url", ["", "media", "file://media", "http://host/bucket", "s3:///prefix", "file:media"])
def test_a_wrong_storage_url_is_refused(url):
    with pytest.raises(InvalidInput):
        open_storage(url, signer=SIGNER, base_url="")
