"""The file system's storage under kill -9 and on a full disk; both storages' memory under a long stream."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from framehouse.infra.storage import FileSystemStorage
from tests.contracts.storages import PART, SIGNER, chunks, md5, whole

KEY = "uploads/film.mp4"
ONE, TWO = os.urandom(PART), os.urandom(PART)


def open_files(root: Path) -> FileSystemStorage:
    return FileSystemStorage(root, SIGNER, "http://localhost")


def child(script: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


HANGING_PART = """
    import asyncio, sys
    from pathlib import Path
    from tests.contracts.test_storage_faults import KEY, open_files

    async def half():
        yield b"x" * 3_000_000
        print("half", flush=True)
        await asyncio.Event().wait()

    root, upload, number, size = sys.argv[1:]
    asyncio.run(open_files(Path(root)).put_part(KEY, upload, int(number), half(), size_bytes=int(size)))
"""


@pytest.mark.parametrize("number", [1, 2])
async def test_killed_while_a_part_arrives(tmp_path, number):
    storage = open_files(tmp_path)
    upload = await storage.start_multipart(KEY, part_size_bytes=PART)
    one = await storage.put_part(KEY, upload, 1, chunks(ONE), size_bytes=PART)
    process = child(HANGING_PART, tmp_path, upload, number, PART)
    assert process.stdout is not None
    assert await asyncio.to_thread(process.stdout.readline) == b"half\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    storage = open_files(tmp_path)
    assert await storage.list_parts(KEY, upload) == [one]
    two = await storage.put_part(KEY, upload, 2, chunks(TWO), size_bytes=PART)
    await storage.complete_multipart(KEY, upload, [(1, one.etag), (2, two.etag)])
    path = storage.local_path(KEY)
    assert path is not None, "the dead process's claim on the slot must not outlive it"
    assert path.read_bytes() == ONE + TWO


KILLED_ANYWHERE = """
    import asyncio, os, shutil, signal, sys
    from pathlib import Path
    from framehouse.infra.storage import FileSystemStorage, UrlSigner

    KEY, PART = "uploads/film.mp4", 300_000
    CHANGES = {"os.rename", "os.remove", "os.link", "os.rmdir", "os.truncate", "shutil.rmtree", "open"}
    DATAS = [os.urandom(PART), os.urandom(PART)]

    def open_files(root):
        return FileSystemStorage(root, UrlSigner(bytes(16)), "")

    async def chunks(data):
        yield data

    async def whole(storage):
        if await storage.stat(KEY) is None:
            return None
        return b"".join([block async for block in storage.read(KEY)])

    async def prepare(root, numbers, old):
        storage = open_files(root)
        if old is not None:
            await storage.put(KEY, old)
        upload = await storage.start_multipart(KEY, part_size_bytes=PART)
        if len(numbers) == 3:
            await storage.put_part(KEY, upload, numbers.pop(), chunks(bytes(PART)), size_bytes=PART)
        for number, data in zip(numbers, DATAS):
            await storage.put_part(KEY, upload, number, chunks(data), size_bytes=PART)
        return upload, [(part.number, part.etag) for part in await storage.list_parts(KEY, upload)]

    def died(action, fatal):
        # Runs the action in a forked child that dies just before its n-th change of a directory or opened file.
        child = os.fork()
        if child == 0:
            calls = 0
            def die_at(event, arguments):
                nonlocal calls
                calls += event in CHANGES
                if event in CHANGES and calls == fatal:
                    os.kill(os.getpid(), signal.SIGKILL)
            sys.addaudithook(die_at)
            asyncio.run(action())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert status in (0, signal.SIGKILL), status
        return status != 0

    def main(top, numbers, old):
        new, deaths = b"".join(DATAS), 0
        for fatal in range(1, 200):
            root = top / str(fatal)
            storage = open_files(root)
            upload, named = asyncio.run(prepare(root, [*numbers], old))
            first = died(lambda: storage.complete_multipart(KEY, upload, named), fatal)
            assert asyncio.run(whole(storage)) in (old, new), "a mix"
            info = asyncio.run(storage.complete_multipart(KEY, upload, named))
            second = died(lambda: storage.join(KEY), fatal)
            assert asyncio.run(whole(storage)) == new
            asyncio.run(storage.join(KEY))
            assert asyncio.run(whole(storage)) == new
            assert asyncio.run(storage.stat(KEY)) == info
            assert storage.local_path(KEY) is not None
            storage._completion.sweep(2**40)
            left = [list((root / name).iterdir()) for name in ("tmp", "trash", "multipart")]
            assert left == [[], [], []], left
            shutil.rmtree(root)
            deaths += first + second
            if not first and not second:
                return deaths

    numbers = [int(number) for number in sys.argv[2].split(",")]
    print(main(Path(sys.argv[1]), numbers, sys.argv[3].encode() or None), flush=True)
"""


@pytest.mark.parametrize("numbers", ["1,2", "1,3", "1,2,2"], ids=["contiguous", "extents", "replaced part"])
@pytest.mark.parametrize("old", ["", "the old version"], ids=["new", "replacing"])
def test_killed_anywhere_in_completing_or_joining(tmp_path, numbers, old):
    """Every object is the old or the new version, whole, and doing it again ends well."""
    output, _ = child(KILLED_ANYWHERE, tmp_path, numbers, old).communicate()
    assert int(output) > 10, "deaths: the children never died, the test watches the wrong calls"


FULL_DISK = """
    import asyncio, os, subprocess, sys
    from pathlib import Path
    from framehouse.kernel.errors import StorageFull
    from tests.contracts.test_storage_faults import KEY, open_files
    from tests.contracts.storages import chunks, whole

    MIB = 1024 * 1024

    async def main(root):
        storage = open_files(root)
        await storage.put("kept", b"kept")
        upload = await storage.start_multipart(KEY, part_size_bytes=4 * MIB)
        one = await storage.put_part(KEY, upload, 1, chunks(b"1" * 4 * MIB), size_bytes=4 * MIB)
        free = os.statvfs(root).f_bavail
        for number, length, known in ((2, 8 * MIB, True), (2, 8 * MIB, False), (3, 4 * MIB, True)):
            try:
                if number == 3:
                    filler = os.statvfs(root).f_bavail * os.statvfs(root).f_bsize - 2 * MIB
                    (root / "filler").write_bytes(bytes(filler))
                    free = os.statvfs(root).f_bavail
                await storage.put_part(KEY, upload, number, chunks(bytes(length)), size_bytes=length if known else None)
            except StorageFull:
                pass
            else:
                raise AssertionError("the disk should have been full")
            assert os.statvfs(root).f_bavail >= free - 8, (number, "the partial part was not removed")
        try:
            await storage.put("more", chunks(bytes(9 * MIB)))
        except StorageFull:
            pass
        assert os.statvfs(root).f_bavail >= free - 8
        assert await storage.list_parts(KEY, upload) == [one]
        assert await whole(storage, "kept") == b"kept"
        (root / "filler").unlink()
        await storage.complete_multipart(KEY, upload, [(1, one.etag)])
        assert await whole(storage, KEY) == b"1" * 4 * MIB

    root = Path(sys.argv[1])
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", root], check=True)
    asyncio.run(main(root))
    print("done", flush=True)
"""


def test_a_full_disk_harms_nothing(tmp_path):
    unshare = ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk of one's own")
    script = textwrap.dedent(FULL_DISK)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    result = subprocess.run(
        [*unshare, sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=False, env=environment
    )
    assert result.stdout == "done\n", result.stderr


LONG_STREAM = """
    import asyncio, os, sys
    import psutil
    from framehouse.infra.storage import open_storage
    from tests.contracts.storages import SIGNER

    MIB = 1024 * 1024
    block = os.urandom(65536)

    async def stream(blocks):
        for _ in range(blocks):
            yield block

    async def main():
        storage = open_storage(sys.argv[1], signer=SIGNER, base_url="http://localhost")
        upload = await storage.start_multipart("long", part_size_bytes=100 * MIB)
        process = psutil.Process()

        async def part(number, blocks, size):
            return await storage.put_part("long", upload, number, stream(blocks), size_bytes=size)

        parts = [await part(1, 320, 20 * MIB)]
        await storage.put("other", stream(16))
        async for _ in storage.read("other"):
            pass
        before = peak = process.memory_info().rss

        async def watch():
            nonlocal peak
            while True:
                peak = max(peak, process.memory_info().rss)
                await asyncio.sleep(0.02)

        watcher = asyncio.create_task(watch())
        parts.append(await part(2, 1600, 100 * MIB))
        parts.append(await part(3, 1600, None))
        info = await storage.complete_multipart("long", upload, [(p.number, p.etag) for p in parts])
        length = 0
        async for received in storage.read("long"):
            length += len(received)
        assert length == info.size_bytes == 220 * MIB
        watcher.cancel()
        await storage.close()
        print((peak - before) / MIB, flush=True)

    asyncio.run(main())
"""


def test_memory_does_not_grow_with_the_stream(storage_url):
    output, _ = child(LONG_STREAM, storage_url).communicate()
    assert float(output) < 30, "MiB of growth while 200 MiB were sent and 220 MiB read"


async def test_the_event_loop_stays_free(tmp_path):
    storage = open_files(tmp_path)
    gaps: list[float] = []

    async def tick():
        clock = asyncio.get_running_loop().time
        last = clock()
        while True:
            await asyncio.sleep(0.005)
            gaps.append(clock() - last)
            last = clock()

    ticking = asyncio.create_task(tick())
    data = bytes(64 * 1024 * 1024)
    await storage.put("big", chunks(data, 256 * 1024))
    assert md5(await whole(storage, "big")) == md5(data)
    ticking.cancel()
    assert sorted(gaps)[int(len(gaps) * 0.9)] < 0.1
