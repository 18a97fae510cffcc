"""HTTP/1.1 as cheaply as Python can speak it, so that the client costs the server's machine little.

For what is timed only; everything else goes through httpx. Answers must have a content-length.
"""

import asyncio
import os
import re
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

Address = tuple[str, int]
_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
_ETAG = re.compile(rb'^etag: *"?([^"\r\n]+)', re.IGNORECASE | re.MULTILINE)
BOUNDARY = "framehouse-benchmark"


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes


def request(method: str, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class Connection:
    """One kept open, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, address: Address) -> "Connection":
        return cls(*await asyncio.open_connection(*address, limit=1 << 20))

    async def exchange(self, asked: bytes) -> Answer:
        self._writer.write(asked)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1])) if length else b""
        return Answer(int(head[9:12]), head, body)

    async def get(self, path: str) -> Answer:
        return await self.exchange(request("GET", path))

    def close(self) -> None:
        self._writer.close()


def put_parts(address: Address, urls: Sequence[str], file: Path, part_bytes: int, *, parallel: int) -> list[str]:
    """ETags in order."""
    size = file.stat().st_size

    def put(number: int) -> str:
        offset = number * part_bytes
        answer = _send(address, "PUT", path_of(urls[number]), {}, file, offset, min(part_bytes, size - offset))
        found = _ETAG.search(answer.head)
        assert answer.status == 200, answer
        assert found, answer.head
        return found[1].decode()

    with ThreadPoolExecutor(parallel) as pool:
        return list(pool.map(put, range(len(urls))))


def post_form(address: Address, path: str, headers: Mapping[str, str], field: str, file: Path) -> Answer:
    """The file as the only field of multipart/form-data."""
    disposition = f'Content-Disposition: form-data; name="{field}"; filename="{file.with_suffix(".mp4").name}"'
    before = f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: video/mp4\r\n\r\n".encode()
    after = f"\r\n--{BOUNDARY}--\r\n".encode()
    named = {**headers, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return _send(address, "POST", path, named, file, 0, file.stat().st_size, before, after)


def _send(
    address: Address,
    method: str,
    path: str,
    headers: Mapping[str, str],
    file: Path,
    offset: int,
    size: int,
    before: bytes = b"",
    after: bytes = b"",
) -> Answer:
    length = {"Content-Length": str(size + len(before) + len(after)), "Connection": "close"}
    with socket.create_connection(address) as connection, file.open("rb") as source:
        connection.sendall(request(method, path, {**headers, **length}) + before)
        end = offset + size
        while offset < end:
            offset += os.sendfile(connection.fileno(), source.fileno(), offset, min(1 << 20, end - offset))
        connection.sendall(after)
        data = b""
        while block := connection.recv(1 << 16):
            data += block
    head, _, body = data.partition(b"\r\n\r\n")
    return Answer(int(head[9:12]), head, body)
