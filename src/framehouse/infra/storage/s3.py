"""`ObjectStorage` on any S3: the server keeps the promises, nothing stays on this machine.

What S3 cannot do (bounding a size in a URL, small parts) is said in `ports`.
"""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from framehouse.infra.storage import trees
from framehouse.infra.storage.durable import in_thread, storage_errors, temporary_name
from framehouse.infra.storage.model import (
    READ_BLOCK_BYTES,
    ObjectInfo,
    PartInfo,
    attachment,
    check_key,
    check_part_number,
    check_part_order,
    check_prefix,
    check_range,
    normal_etag,
)
from framehouse.infra.storage.s3_bodies import Spool
from framehouse.infra.storage.s3_bucket import S3Bucket
from framehouse.infra.storage.s3_client import Body, RangeStartsPastEnd, s3_errors
from framehouse.infra.storage.streams import batches, check_size
from framehouse.kernel.errors import InvalidInput, NotFound, TemporarilyUnavailable

PUT_PART_BYTES = 8 * 1024 * 1024  # times 10,000 parts: a stream of unknown length may have 80 GB
DELETES_AT_ONCE = 16


class S3Storage:
    """Objects of one bucket below `prefix`; made and used in one event loop."""

    def __init__(
        self,
        bucket: str,
        endpoint: str | None,
        region: str,
        access_key: str | None,
        secret_key: str | None,
        prefix: str = "",
    ) -> None:
        self._bucket = S3Bucket(bucket, endpoint, region, access_key, secret_key, prefix)

    async def put(
        self, key: str, data: bytes | AsyncIterable[bytes], *, size_limit_bytes: int | None = None
    ) -> ObjectInfo:
        check_key(key)
        pieces = batches(data, batch_bytes=PUT_PART_BYTES, size_limit_bytes=size_limit_bytes)
        first = await anext(pieces, b"")
        second = await anext(pieces, None)
        if second is None:
            await self._bucket.send_object(key, first, len(first))
        else:
            await self._bucket.send_stream(key, _after(first, second, pieces))
        return await self._must_stat(key)

    async def put_file(self, key: str, path: Path) -> ObjectInfo:
        await self._bucket.send_file(check_key(key), path)
        return await self._must_stat(key)

    async def put_tree(self, prefix: str, directory: Path) -> list[ObjectInfo]:
        found = await in_thread(partial(trees.files_below, prefix, directory))
        await trees.for_each(found, lambda item: self._bucket.send_file(*item))
        keys = {key for key, _ in found}
        return [info async for info in self.list(prefix) if info.key in keys]

    async def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        check_range(start, length)
        if length == 0:
            await self._must_stat(key)
            return
        last = "" if length is None else start + length - 1
        client = await self._bucket.client()
        try:
            with s3_errors():
                answer = await client.get_object(**self._bucket.at(key), Range=f"bytes={start}-{last}")
        except RangeStartsPastEnd:
            return
        body = cast(Body, answer["Body"])
        try:
            with s3_errors():
                async for block in body.iter_chunks(READ_BLOCK_BYTES):
                    yield block
        finally:
            body.close()

    async def stat(self, key: str) -> ObjectInfo | None:
        client = await self._bucket.client()
        try:
            with s3_errors():
                answer = await client.head_object(**self._bucket.at(key))
        except NotFound:
            return None
        return self._bucket.info(key, answer["ContentLength"], answer)

    async def delete(self, key: str) -> None:
        client = await self._bucket.client()
        try:
            with s3_errors():
                await client.delete_object(**self._bucket.at(key))
        except NotFound:  # Amazon answers 204, some others 404
            return

    async def delete_prefix(self, prefix: str) -> int:
        if not check_prefix(prefix):
            raise InvalidInput("Deleting by prefix needs a prefix.")
        keys = [info.key async for info in self.list(prefix)]
        await trees.for_each(keys, self.delete, at_once=DELETES_AT_ONCE)
        return len(keys)

    def local_path(self, key: str) -> Path | None:
        check_key(key)
        return None

    @asynccontextmanager
    async def localize(self, key: str, scratch: Path) -> AsyncGenerator[Path, None]:
        copy = scratch / (temporary_name() + Path(check_key(key)).suffix)
        try:
            with copy.open("xb") as file:
                async for block in self.read(key):
                    with storage_errors():
                        await in_thread(partial(file.write, block))
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    async def start_multipart(self, key: str, *, part_size_bytes: int | None = None) -> str:
        del part_size_bytes  # S3 needs no plan: it never joins parts
        client = await self._bucket.client()
        with s3_errors():
            return (await client.create_multipart_upload(**self._bucket.at(key)))["UploadId"]

    async def sign_part_url(
        self,
        key: str,
        multipart_id: str,
        number: int,
        *,
        expires_s: int,
        size_limit_bytes: int | None = None,
    ) -> str:
        del size_limit_bytes  # nothing in a pre-signed URL bounds a size
        extra = {"UploadId": multipart_id, "PartNumber": check_part_number(number)}
        return await self._bucket.url("upload_part", key, extra, expires_s)

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
        if size_bytes is not None:
            check_size(size_bytes, size_limit_bytes)
            checked = batches(data, size_limit_bytes=size_limit_bytes, size_bytes=size_bytes)
            return await self._bucket.send_part(key, multipart_id, number, checked, size_bytes, expected_md5)
        spool = Spool()
        try:
            await spool.fill(data, size_limit_bytes)
            return await self._bucket.send_part(key, multipart_id, number, spool.read(), spool.size_bytes, expected_md5)
        finally:
            spool.close()

    async def list_parts(self, key: str, multipart_id: str) -> list[PartInfo]:
        client = await self._bucket.client()
        found: list[PartInfo] = []
        marker = 0
        while True:
            with s3_errors():
                page = await client.list_parts(**self._bucket.at(key), UploadId=multipart_id, PartNumberMarker=marker)
            found += [PartInfo(p["PartNumber"], p["Size"], normal_etag(p["ETag"])) for p in page.get("Parts", [])]
            if not page.get("IsTruncated"):
                return found
            marker = page["NextPartNumberMarker"]

    async def complete_multipart(self, key: str, multipart_id: str, parts: Sequence[tuple[int, str]]) -> ObjectInfo:
        check_part_order(parts)
        await self._bucket.complete(key, multipart_id, parts)
        return await self._must_stat(key)

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        client = await self._bucket.client()
        try:
            with s3_errors():
                await client.abort_multipart_upload(**self._bucket.at(key), UploadId=multipart_id)
        except NotFound:
            return

    async def join(self, key: str) -> None:
        check_key(key)

    async def sign_get_url(
        self, key: str, *, expires_s: int, filename: str | None = None, content_type: str | None = None
    ) -> str:
        extra: dict[str, Any] = {}
        if filename is not None:
            extra["ResponseContentDisposition"] = attachment(filename)
        if content_type is not None:
            extra["ResponseContentType"] = content_type
        return await self._bucket.url("get_object", key, extra, expires_s)

    async def check(self) -> None:
        client = await self._bucket.client()
        try:
            with s3_errors():
                await client.head_bucket(Bucket=self._bucket.name)
        except NotFound as error:
            raise TemporarilyUnavailable(f"The bucket {self._bucket.name} does not exist.") from error

    def free_bytes(self) -> int | None:
        return None

    async def sweep(self, older_than: timedelta, now: datetime) -> int:
        client = await self._bucket.client()
        swept, more = 0, dict[str, str]()
        while True:
            with s3_errors():
                page = await client.list_multipart_uploads(Bucket=self._bucket.name, Prefix=self._bucket.prefix, **more)
            for upload in page.get("Uploads", []):
                if upload["Initiated"] < now - older_than:
                    await self.abort_multipart(upload["Key"].removeprefix(self._bucket.prefix), upload["UploadId"])
                    swept += 1
            if not page.get("IsTruncated"):
                return swept
            more = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}

    async def close(self) -> None:
        await self._bucket.close()

    # Last: after it, `list` in this class's annotations would be the method.
    async def list(self, prefix: str) -> AsyncIterator[ObjectInfo]:
        where = {"Bucket": self._bucket.name, "Prefix": self._bucket.prefix + check_prefix(prefix)}
        client = await self._bucket.client()
        more: dict[str, str] = {}
        while True:
            with s3_errors():
                page = await client.list_objects_v2(**where, **more)
            for entry in page.get("Contents", []):
                yield self._bucket.info(entry["Key"].removeprefix(self._bucket.prefix), entry["Size"], entry)
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    async def _must_stat(self, key: str) -> ObjectInfo:
        if (info := await self.stat(key)) is None:
            raise NotFound("No such object.")
        return info


async def _after(first: bytes, second: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    yield second
    async for piece in rest:
        yield piece
