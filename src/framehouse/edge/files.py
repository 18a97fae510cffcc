"""Sends stored bytes over HTTP: entity tags, one byte range, HEAD, and whole local files by the server itself.

What may be sent to whom is decided before. Granian sends a file that it is given by path without passing its bytes
through Python (ASGI extension `http.response.pathsend`).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from framehouse.edge.ranges import Unsatisfiable, matches, parse_range, range_applies
from framehouse.infra.storage import ObjectInfo, ObjectStorage
from framehouse.kernel import NotFound
from framehouse.playback import LocalFile

BLOCK_BYTES = 512 * 1024


@dataclass(frozen=True)
class Representation:
    """Bytes to send: given, in a local file, or under a key of the storage. `etag` is unquoted."""

    size_bytes: int
    etag: str
    content: "bytes | Path | StoredContent"


@dataclass(frozen=True)
class StoredContent:
    storage: ObjectStorage
    key: str


def of_bytes(data: bytes, etag: str) -> Representation:
    return Representation(len(data), etag, data)


def of_found(storage: ObjectStorage, found: "LocalFile | ObjectInfo") -> Representation:
    if isinstance(found, ObjectInfo):
        return Representation(found.size_bytes, found.etag, StoredContent(storage, found.key))
    status = found.status
    etag = f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
    return Representation(status.st_size, etag, found.path)


async def stored(storage: ObjectStorage, key: str) -> Representation:
    """An object of the storage. Raises NotFound."""
    path = storage.local_path(key)
    found = LocalFile.at(path) if path is not None else await storage.stat(key)
    if found is None:
        raise NotFound("There is no such file.")
    return of_found(storage, found)


class FileAnswer:
    """An ASGI answer to GET or HEAD with one representation; `headers` say everything but length, range and tag."""

    def __init__(self, representation: Representation, headers: Mapping[str, str]) -> None:
        self._representation, self._headers = representation, dict(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        what, given = self._representation, Headers(scope=scope)
        headers = {**self._headers, "etag": f'"{what.etag}"', "accept-ranges": "bytes"}
        if matches(given.get("if-none-match"), what.etag):
            headers.pop("content-type", None)
            return await Response(None, 304, headers)(scope, receive, send)
        try:
            wanted = parse_range(given.get("range"), what.size_bytes)
        except Unsatisfiable:
            headers = {**headers, "content-range": f"bytes */{what.size_bytes}", "content-type": "text/plain"}
            return await Response(b"", 416, headers)(scope, receive, send)
        if wanted is None or not range_applies(given.get("if-range"), what.etag):
            return await self._send(scope, receive, send, 200, headers, 0, what.size_bytes)
        begin, end = wanted
        headers["content-range"] = f"bytes {begin}-{end - 1}/{what.size_bytes}"
        return await self._send(scope, receive, send, 206, headers, begin, end)

    async def _send(
        self, scope: Scope, receive: Receive, send: Send, status: int, headers: dict[str, str], begin: int, end: int
    ) -> None:
        content = self._representation.content
        headers["content-length"] = str(end - begin)
        is_whole_file = isinstance(content, Path) and end - begin == self._representation.size_bytes
        if scope["method"] == "HEAD":
            await send(_start(status, headers))
            await send({"type": "http.response.body", "body": b""})
        elif is_whole_file and "http.response.pathsend" in (scope.get("extensions") or {}):
            await send(_start(status, headers))
            await send({"type": "http.response.pathsend", "path": str(content)})
        elif isinstance(content, bytes):
            await send(_start(status, headers))
            await send({"type": "http.response.body", "body": content[begin:end]})
        else:
            await StreamingResponse(_blocks(content, begin, end), status, headers)(scope, receive, send)


def _start(status: int, headers: Mapping[str, str]) -> dict[str, object]:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": raw}


async def _blocks(content: Path | StoredContent, begin: int, end: int) -> AsyncIterator[bytes]:
    if isinstance(content, StoredContent):
        async for block in content.storage.read(content.key, start=begin, length=end - begin):
            yield block
        return
    descriptor = await asyncio.to_thread(os.open, content, os.O_RDONLY)
    try:
        while begin < end:
            block = await asyncio.to_thread(os.pread, descriptor, min(BLOCK_BYTES, end - begin), begin)
            if not block:
                raise OSError("the file became shorter while it was sent")
            yield block
            begin += len(block)
    finally:
        os.close(descriptor)
