"""One bucket and prefix: its client, its signed URLs, and sending whole bodies into it, in parts if large."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

from framehouse.infra.storage import trees
from framehouse.infra.storage.durable import in_thread
from framehouse.infra.storage.model import (
    MAX_PARTS,
    ObjectInfo,
    PartInfo,
    check_key,
    check_part_number,
    normal_etag,
)
from framehouse.infra.storage.s3_bodies import Sender, file_range
from framehouse.infra.storage.s3_client import Answer, S3Client, open_client, s3_errors
from framehouse.kernel.errors import PayloadTooLarge

MULTIPART_FROM_BYTES = 64 * 1024 * 1024
FILE_PART_BYTES = 16 * 1024 * 1024
FILE_PARTS_AT_ONCE = 4
OWN_URLS_LAST_S = 3600
Sent = list[tuple[int, str]]


class S3Bucket:
    """Opened at the first use, in that event loop; `close` ends it."""

    def __init__(
        self,
        bucket: str,
        endpoint: str | None,
        region: str,
        access_key: str | None,
        secret_key: str | None,
        prefix: str,
    ) -> None:
        self.name = bucket
        self.prefix = prefix.strip("/") + "/" if prefix.strip("/") else ""
        self._open = partial(open_client, endpoint, region, access_key, secret_key)
        self._stack, self._lock = AsyncExitStack(), asyncio.Lock()
        self._client: S3Client | None = None
        self._sender = Sender()

    async def client(self) -> S3Client:
        async with self._lock:
            if self._client is None:
                with s3_errors():
                    self._client = await self._stack.enter_async_context(self._open())
            return self._client

    async def close(self) -> None:
        await self._sender.close()
        await self._stack.aclose()
        self._client = None

    def at(self, key: str) -> dict[str, str]:
        return {"Bucket": self.name, "Key": self.prefix + check_key(key)}

    def info(self, key: str, size_bytes: int, answer: Answer) -> ObjectInfo:
        return ObjectInfo(key, size_bytes, normal_etag(answer["ETag"]), answer["LastModified"].astimezone(UTC))

    async def url(
        self, action: str, key: str, extra: Mapping[str, Any] | None = None, expires_s: int = OWN_URLS_LAST_S
    ) -> str:
        """A pre-signed URL for one of the S3 API's actions, such as `get_object`."""
        client = await self.client()
        with s3_errors():
            return await client.generate_presigned_url(
                action, Params={**self.at(key), **(extra or {})}, ExpiresIn=expires_s
            )

    async def send_object(self, key: str, data: bytes | AsyncIterable[bytes], size_bytes: int) -> None:
        await self._sender.send(await self.url("put_object", key), data, size_bytes)

    async def send_part(
        self,
        key: str,
        multipart_id: str,
        number: int,
        data: bytes | AsyncIterable[bytes],
        size_bytes: int,
        md5: str | None = None,
    ) -> PartInfo:
        extra = {"UploadId": multipart_id, "PartNumber": check_part_number(number)}
        etag = await self._sender.send(await self.url("upload_part", key, extra), data, size_bytes, md5)
        return PartInfo(number, size_bytes, etag)

    async def send_stream(self, key: str, pieces: AsyncIterator[bytes]) -> None:
        """Every piece as a part of at least 5 MiB (the last may be smaller), one in memory at a time."""

        async def send_all(multipart_id: str) -> Sent:
            sent: Sent = []
            async for piece in pieces:
                if len(sent) == MAX_PARTS:
                    raise PayloadTooLarge("The stream has more bytes than its parts can carry.")
                part = await self.send_part(key, multipart_id, len(sent) + 1, piece, len(piece))
                sent.append((part.number, part.etag))
            return sent

        await self._as_multipart(key, send_all)

    async def send_file(self, key: str, path: Path) -> None:
        """The file's bytes as the object, then the file is removed."""
        size_bytes = await in_thread(partial(trees.check_regular, path))
        if size_bytes <= MULTIPART_FROM_BYTES:
            await self.send_object(key, file_range(path, 0, size_bytes), size_bytes)
        else:
            await self._as_multipart(key, partial(self._send_file_parts, key, path, size_bytes))
        await in_thread(partial(path.unlink, missing_ok=True))

    async def complete(self, key: str, multipart_id: str, parts: Sequence[tuple[int, str]]) -> None:
        client = await self.client()
        named = [{"PartNumber": number, "ETag": f'"{normal_etag(etag)}"'} for number, etag in parts]
        with s3_errors():
            await client.complete_multipart_upload(
                **self.at(key), UploadId=multipart_id, MultipartUpload={"Parts": named}
            )

    async def _send_file_parts(self, key: str, path: Path, size_bytes: int, multipart_id: str) -> Sent:
        part_bytes = max(FILE_PART_BYTES, -(-size_bytes // MAX_PARTS))
        etags: dict[int, str] = {}

        async def send(start: int) -> None:
            length = min(part_bytes, size_bytes - start)
            number = start // part_bytes + 1
            part = await self.send_part(key, multipart_id, number, file_range(path, start, length), length)
            etags[number] = part.etag

        await trees.for_each(range(0, size_bytes, part_bytes), send, at_once=FILE_PARTS_AT_ONCE)
        return sorted(etags.items())

    async def _as_multipart(self, key: str, send_all: Callable[[str], Awaitable[Sent]]) -> None:
        """Starts an upload, lets `send_all` fill it, completes it; aborts it when anything fails."""
        client = await self.client()
        with s3_errors():
            multipart_id: str = (await client.create_multipart_upload(**self.at(key)))["UploadId"]
        try:
            await self.complete(key, multipart_id, await send_all(multipart_id))
        except BaseException:
            with s3_errors():
                await client.abort_multipart_upload(**self.at(key), UploadId=multipart_id)
            raise
