"""`ObjectStorage` on a directory: threads for the blocking work, signed URLs of our own.

What lies where, and what a crash leaves, is told in `object_files`, `part_writer` and `completion`.
All processes of one machine may share the directory; over NFS that needs working `flock`.
"""

import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from framehouse.infra.storage import durable, trees
from framehouse.infra.storage.completion import Completion
from framehouse.infra.storage.durable import Result
from framehouse.infra.storage.model import (
    READ_BLOCK_BYTES,
    ObjectInfo,
    PartInfo,
    check_key,
    check_part_number,
    check_part_order,
    check_prefix,
    check_range,
)
from framehouse.infra.storage.multipart_files import MultipartFiles
from framehouse.infra.storage.object_files import ObjectFiles
from framehouse.infra.storage.object_listing import delete_objects, list_objects
from framehouse.infra.storage.object_reader import ObjectReader
from framehouse.infra.storage.part_writer import PartWriter
from framehouse.infra.storage.signing import PATH_PREFIX, UrlSigner
from framehouse.infra.storage.streams import BATCH_BYTES, batches, check_size
from framehouse.kernel.clock import Clock, SystemClock
from framehouse.kernel.errors import InvalidInput, NotFound, TemporarilyUnavailable

LIST_PAGE = 500
TEMPORARY_IDLE = timedelta(hours=1)  # a client that sends nothing for so long has gone


class FileSystemStorage:
    """Objects below `root`; `base_url` (without a final slash) is where the edge serves `/storage/`."""

    def __init__(self, root: Path, signer: UrlSigner, base_url: str, clock: Clock | None = None) -> None:
        self._files = ObjectFiles(root)
        self._uploads = MultipartFiles(self._files)
        self._completion = Completion(self._files, self._uploads)
        self._signer, self._base_url = signer, base_url.rstrip("/")
        self._clock = clock or SystemClock()
        self._files.prepare()

    async def put(
        self, key: str, data: bytes | AsyncIterable[bytes], *, size_limit_bytes: int | None = None
    ) -> ObjectInfo:
        temporary = self._files.new_temporary()
        check_key(key)
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            try:
                position = 0
                async for batch in batches(data, size_limit_bytes=size_limit_bytes):
                    await _run(partial(durable.write_at, descriptor, batch, position))
                    position += len(batch)
                await _run(partial(os.fsync, descriptor))
            finally:
                os.close(descriptor)
            return await _run(partial(self._publish, key, temporary))
        finally:
            temporary.unlink(missing_ok=True)

    async def put_file(self, key: str, path: Path) -> ObjectInfo:
        check_key(key)
        await _run(partial(self._take_file, key, path, sync=True))
        return await self._must_stat(key)

    async def put_tree(self, prefix: str, directory: Path) -> list[ObjectInfo]:
        found = await _run(partial(trees.files_below, prefix, directory))
        await trees.for_each(found, lambda item: _run(partial(self._take_file, *item, sync=False)))
        folders = {self._files.path(key).parent for key, _ in found}
        await _run(lambda: [durable.sync_directory(folder) for folder in folders])
        return [await self._must_stat(key) for key, _ in found]

    async def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        check_range(start, length)
        reader = await _run(partial(ObjectReader, self._files, check_key(key), start, length))
        try:
            while batch := await _run(partial(reader.read, BATCH_BYTES)):
                for offset in range(0, len(batch), READ_BLOCK_BYTES):
                    yield batch[offset : offset + READ_BLOCK_BYTES]
        finally:
            reader.close()

    async def stat(self, key: str) -> ObjectInfo | None:
        stored = await _run(partial(self._files.find, check_key(key)))
        return stored.info if stored else None

    async def delete(self, key: str) -> None:
        def work() -> None:
            if self._files.delete(key):
                self._files.prune(self._files.path(key).parent)

        check_key(key)
        await _run(work)

    async def delete_prefix(self, prefix: str) -> int:
        if not check_prefix(prefix):
            raise InvalidInput("Deleting by prefix needs a prefix.")
        return await _run(partial(delete_objects, self._files, prefix))

    def local_path(self, key: str) -> Path | None:
        stored = self._files.find(check_key(key))
        return self._files.path(key) if stored and stored.is_one_file else None

    @asynccontextmanager
    async def localize(self, key: str, scratch: Path) -> AsyncGenerator[Path, None]:
        if (path := self.local_path(key)) is None:
            await self._must_stat(key)
            await self.join(key)
            path = self.local_path(key)
        if path is None:
            raise NotFound("No such object.")
        yield path

    async def start_multipart(self, key: str, *, part_size_bytes: int | None = None) -> str:
        if part_size_bytes is not None and part_size_bytes < 1:
            raise InvalidInput("A part size is at least 1 byte.")
        return await _run(partial(self._uploads.start, check_key(key), part_size_bytes))

    async def sign_part_url(
        self,
        key: str,
        multipart_id: str,
        number: int,
        *,
        expires_s: int,
        size_limit_bytes: int | None = None,
    ) -> str:
        claims: dict[str, str | int] = {"multipart": multipart_id, "part": check_part_number(number)}
        if size_limit_bytes is not None:
            claims["size_limit"] = size_limit_bytes
        return self._sign("PUT", key, expires_s, claims)

    async def put_part(
        self,
        key: str,
        multipart_id: str,
        number: int,
        data: AsyncIterable[bytes],
        *,
        size_limit_bytes: int | None = None,
        expected_md5: str | None = None,
        size_bytes: int | None = None,
    ) -> PartInfo:
        check_part_number(number)
        upload = await _run(partial(self._uploads.open, check_key(key), multipart_id))
        if size_bytes is not None:
            check_size(size_bytes, size_limit_bytes)
        writer = PartWriter(self._uploads, upload, number, size_bytes)
        try:
            await _run(writer.open)
            async for batch in batches(data, size_limit_bytes=size_limit_bytes, size_bytes=size_bytes):
                await _run(partial(writer.write, batch))
            return await _run(partial(writer.finish, expected_md5))
        except BaseException:
            await _run(writer.abandon)
            raise

    async def list_parts(self, key: str, multipart_id: str) -> list[PartInfo]:
        upload = await _run(partial(self._uploads.open, check_key(key), multipart_id))
        return [record.info for record in await _run(upload.records)]

    async def complete_multipart(self, key: str, multipart_id: str, parts: Sequence[tuple[int, str]]) -> ObjectInfo:
        check_part_order(parts)
        return await _run(partial(self._completion.complete, check_key(key), multipart_id, parts))

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        await _run(partial(self._uploads.abort, check_key(key), multipart_id))

    async def join(self, key: str) -> None:
        await _run(partial(self._completion.join, check_key(key)))

    async def sign_get_url(
        self, key: str, *, expires_s: int, filename: str | None = None, content_type: str | None = None
    ) -> str:
        given = {"filename": filename, "content_type": content_type}
        return self._sign("GET", key, expires_s, {k: v for k, v in given.items() if v is not None})

    async def check(self) -> None:
        probe = self._files.new_temporary()
        try:
            await _run(partial(durable.write_whole, probe, b"ready"))
            await _run(probe.unlink)
        except Exception as error:
            raise TemporarilyUnavailable(f"The media directory cannot be written to: {error}") from error

    def free_bytes(self) -> int | None:
        return shutil.disk_usage(self._files.root).free

    async def sweep(self, older_than: timedelta, now: datetime) -> int:
        idle = min(older_than, TEMPORARY_IDLE)
        times = (now - older_than).timestamp(), (now - idle).timestamp()
        return await _run(partial(self._completion.sweep, *times))

    async def close(self) -> None:
        return None

    # Last: after it, `list` in this class's annotations would be the method.
    async def list(self, prefix: str) -> AsyncIterator[ObjectInfo]:
        found = list_objects(self._files, check_prefix(prefix))
        while page := await _run(lambda: [*islice(found, LIST_PAGE)]):
            for info in page:
                yield info

    def _publish(self, key: str, temporary: Path) -> ObjectInfo:
        with self._files.lock(key):
            self._files.replace(key, temporary)
            stored = self._files.find(key)
        if stored is None:
            raise NotFound("The object was deleted while it was stored.")
        return stored.info

    def _take_file(self, key: str, path: Path, *, sync: bool) -> None:
        trees.check_regular(path)
        same_file_system = path.stat().st_dev == self._files.tmp.stat().st_dev
        source = path if same_file_system else self._files.new_temporary()
        try:
            if not same_file_system:
                shutil.copyfile(path, source)
            durable.sync_file(source)
            with self._files.lock(key):
                self._files.replace(key, source, sync=sync)
        finally:
            if not same_file_system:
                source.unlink(missing_ok=True)
        path.unlink(missing_ok=True)

    async def _must_stat(self, key: str) -> ObjectInfo:
        if (info := await self.stat(key)) is None:
            raise NotFound("No such object.")
        return info

    def _sign(self, method: str, key: str, expires_s: int, claims: dict[str, str | int]) -> str:
        path = PATH_PREFIX + quote(check_key(key))
        expires_at = self._clock.now() + timedelta(seconds=expires_s)
        return f"{self._base_url}{path}?{self._signer.sign(method, path, expires_at, **claims)}"


async def _run(work: Callable[[], Result]) -> Result:
    def with_our_errors() -> Result:
        with durable.storage_errors():
            return work()

    return await durable.in_thread(with_our_errors)
