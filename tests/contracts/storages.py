"""Both storages behind one fixture, and a small edge that serves the file system's signed URLs over real HTTP."""

import hashlib
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from framehouse.infra.storage import (
    ObjectStorage,
    SignedObject,
    SignedPart,
    UrlSigner,
    attachment,
    open_storage,
    read_signed_request,
)
from framehouse.kernel import SystemClock
from framehouse.kernel.errors import AccessDenied, FramehouseError, InvalidInput, NotFound, PayloadTooLarge

MIB = 1024 * 1024
PART = 5 * MIB  # S3's least, except for the last part
SIGNER = UrlSigner(b"a secret of the tests, 16+ bytes")
STATUS = {AccessDenied: 403, NotFound: 404, PayloadTooLarge: 413, InvalidInput: 400}
_numbers = itertools.count(1)


@dataclass
class Edge:
    """Where the file system's signed URLs lead: the pure function, then one call of the storage."""

    storage: ObjectStorage | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert self.storage is not None
        try:
            wanted = read_signed_request(
                SIGNER, request.method, request.rel_url.raw_path, request.rel_url.raw_query_string, SystemClock().now()
            )
            if isinstance(wanted, SignedPart):
                return await self._put(self.storage, wanted, request)
            return await self._get(self.storage, wanted, request)
        except FramehouseError as error:
            status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
            return web.Response(status=status, text=error.message)

    async def _put(self, storage: ObjectStorage, wanted: SignedPart, request: web.Request) -> web.Response:
        part = await storage.put_part(
            wanted.key,
            wanted.multipart_id,
            wanted.number,
            request.content.iter_chunked(65536),
            size_limit_bytes=wanted.size_limit_bytes,
            size_bytes=request.content_length,
        )
        return web.Response(headers={"ETag": f'"{part.etag}"'})

    async def _get(self, storage: ObjectStorage, wanted: SignedObject, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": wanted.content_type or "application/octet-stream"}
        if wanted.filename:
            headers["Content-Disposition"] = attachment(wanted.filename)
        answer = web.StreamResponse(headers=headers)
        await answer.prepare(request)
        async for block in storage.read(wanted.key):
            await answer.write(block)
        return answer


@pytest.fixture(scope="session")
def s3_bucket_url(s3_server) -> str:
    return s3_server.new_bucket("contracts")


@pytest.fixture(params=["files", "s3"])
def storage_url(request, tmp_path: Path) -> str:
    if request.param == "files":
        return f"file://{tmp_path}/media"
    return request.getfixturevalue("s3_bucket_url").replace("?", f"/test-{next(_numbers)}?")


@pytest.fixture
async def storage(storage_url: str) -> AsyncIterator[ObjectStorage]:
    """Empty, on each adapter in turn; the file system's signed URLs are served."""
    edge = Edge()
    app = web.Application(client_max_size=1 << 40)
    app.router.add_route("*", "/{path:.*}", edge.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    edge.storage = open_storage(storage_url, signer=SIGNER, base_url=f"http://{host}:{port}")
    yield edge.storage
    await edge.storage.close()
    await runner.cleanup()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The root of the file system's storage, for looking behind it."""
    return tmp_path / "media"


async def chunks(data: bytes, size: int = 60_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def cut_after(data: bytes, length: int) -> AsyncIterator[bytes]:
    async for chunk in chunks(data[:length]):
        yield chunk
    raise ConnectionResetError("the sender is gone")


async def whole(storage: ObjectStorage, key: str, start: int = 0, length: int | None = None) -> bytes:
    return b"".join([block async for block in storage.read(key, start=start, length=length)])


def md5(data: bytes) -> str:
    return hashlib.md5(data).hexdigest()


def multipart_etag(*parts: bytes) -> str:
    return f"{md5(b''.join(hashlib.md5(part).digest() for part in parts))}-{len(parts)}"
