"""Bodies on their way to S3: plain HTTP PUTs to pre-signed URLs, streamed with a known length.

A signed request would have to hash the whole body before its first byte; a pre-signed URL need not.
"""

import base64
import re
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from functools import partial
from pathlib import Path
from typing import IO

import httpx

from framehouse.infra.storage.durable import in_thread, storage_errors
from framehouse.infra.storage.model import normal_etag
from framehouse.infra.storage.s3_client import translated
from framehouse.infra.storage.streams import BATCH_BYTES, batches
from framehouse.kernel.errors import InvalidInput, TemporarilyUnavailable

_CODE = re.compile(r"<Code>([^<]+)</Code>")
_TIMEOUT = httpx.Timeout(60, connect=5)
_SPOOL_BYTES = 4 * 1024 * 1024  # held in memory before a body of unknown length goes to a temporary file


class Sender:
    def __init__(self) -> None:
        self._http = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, limits=httpx.Limits(max_connections=64))

    async def send(self, url: str, data: bytes | AsyncIterable[bytes], size_bytes: int, md5: str | None = None) -> str:
        """PUTs the bytes; the ETag, unquoted. The server checks `md5` (hexadecimal) when it is given."""
        headers = {"Content-Length": str(size_bytes)}
        if md5 is not None:
            headers["Content-MD5"] = _base64_md5(md5)
        try:
            answer = await self._http.put(url, content=data, headers=headers)
        except httpx.HTTPError as error:
            raise TemporarilyUnavailable(f"The object storage does not answer: {type(error).__name__}.") from error
        if not answer.is_success:
            code = _CODE.search(answer.text)
            raise translated(code[1] if code else str(answer.status_code))
        return normal_etag(answer.headers.get("ETag", ""))

    async def close(self) -> None:
        await self._http.aclose()


class Spool:
    """A body of unknown length, kept until it has one; in memory while it is small."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_SPOOL_BYTES)  # noqa: SIM115 (`close` closes it)
        self.size_bytes = 0

    async def fill(self, data: AsyncIterable[bytes], size_limit_bytes: int | None) -> None:
        async for batch in batches(data, size_limit_bytes=size_limit_bytes):
            with storage_errors():
                await in_thread(partial(self._file.write, batch))
            self.size_bytes += len(batch)

    async def read(self) -> AsyncIterator[bytes]:
        self._file.seek(0)
        while block := await in_thread(partial(self._file.read, BATCH_BYTES)):
            yield block

    def close(self) -> None:
        self._file.close()


async def file_range(path: Path, start: int, length: int) -> AsyncIterator[bytes]:
    """`length` bytes of a file from `start`, a batch at a time."""
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (block := await in_thread(partial(file.read, min(length, BATCH_BYTES)))):
            length -= len(block)
            yield block


def _base64_md5(md5: str) -> str:
    try:
        return base64.b64encode(bytes.fromhex(md5)).decode("ascii")
    except ValueError as error:
        raise InvalidInput("An MD5 is written as 32 hexadecimal digits.") from error
