"""The same edge behind the real server: whole files by path, HEAD, ranges, cut connections, raw paths."""

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.types import Message, Receive, Scope, Send

from framehouse.edge import create_edge
from framehouse.library import OutputKind
from framehouse.playback import AssetKind, asset_path
from tests.edge.house import SEGMENT, House

BIG = bytes(range(256)) * 12_000


class Watched:
    """Notes how bodies were sent."""

    def __init__(self, house: House) -> None:
        self._app = create_edge(house.context)
        self.by_path: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            if message["type"] == "http.response.pathsend":
                self.by_path.append(message["path"])
            await send(message)

        await self._app(scope, receive, note)


@pytest.fixture
async def app(house: House) -> Watched:
    return Watched(house)


@pytest.fixture
async def port(app: Watched) -> AsyncIterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    server = Server(app, address="127.0.0.1", port=free, interface=Interfaces.ASGI, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    for _ in range(500):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", free)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.02)
    yield free
    server.stop()
    await serving


@pytest.fixture
async def client(port: int) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as opened:
        yield opened


async def test_segments_are_sent_by_path(house: House, app: Watched, client: httpx.AsyncClient) -> None:
    base = await house.media(await house.playable())
    whole = await client.get(base + "v1/1.m4s")
    assert (whole.status_code, whole.content) == (200, SEGMENT)
    assert whole.headers["content-length"] == str(len(SEGMENT))
    assert len(app.by_path) == 1
    assert app.by_path[0].endswith("/v1/1.m4s")
    head = await client.head(base + "v1/1.m4s")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(SEGMENT)))
    part = await client.get(base + "v1/1.m4s", headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content, part.headers["content-length"]) == (206, SEGMENT[100:200], "100")
    assert len(app.by_path) == 1
    known = await client.get(base + "v1/1.m4s", headers={"if-none-match": whole.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    past = await client.get(base + "v1/1.m4s", headers={"range": "bytes=99999999-"})
    assert past.status_code == 416
    master = await client.get(base + "master.m3u8")
    assert master.text.startswith("#EXTM3U")
    assert (await client.head(base + "master.m3u8")).headers["content-length"] == str(len(master.content))


async def test_a_download_in_parts_is_the_whole(house: House, app: Watched, client: httpx.AsyncClient) -> None:
    video = await house.playable()
    await house.record(video, OutputKind.DOWNLOAD, "720p", {"720p.mp4": BIG})
    url = asset_path(house.playback.assets, video, AssetKind.DOWNLOAD, "720p.mp4")
    whole = await client.get(url, headers={"range": "bytes=0-"})
    assert (whole.status_code, whole.content) == (206, BIG)
    assert whole.headers["content-range"] == f"bytes 0-{len(BIG) - 1}/{len(BIG)}"
    assert len(app.by_path) == 1, "a range that is everything goes by path too"
    first = await client.get(url, headers={"range": "bytes=0-999999"})
    rest = await client.get(url, headers={"range": "bytes=1000000-"})
    assert first.content + rest.content == BIG


async def test_raw_paths_reach_nothing(house: House, port: int) -> None:
    base = await house.media(await house.playable())
    for path in (
        f"{base}../../../../framehouse.sqlite",
        f"{base}v1/../../../../framehouse.sqlite",
        f"{base}v1/%2e%2e/%2e%2e/%2e%2e/framehouse.sqlite",
        "/player/../../framehouse.sqlite",
        "/player/..%2fframehouse.sqlite",
        "/storage/../framehouse.sqlite",
        "/assets/../../etc/passwd",
        "//etc/passwd",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        assert answer.split(b" ", 2)[1] in (b"400", b"403", b"404"), (path, answer[:200])
        assert b"SQLite" not in answer


async def test_a_put_that_is_cut_leaves_the_earlier_part(house: House, port: int, client: httpx.AsyncClient) -> None:
    storage = house.library.storage
    upload = await storage.start_multipart("uploads/a", part_size_bytes=len(SEGMENT))
    url = (await storage.sign_part_url("uploads/a", upload, 1, expires_s=600)).removeprefix("http://films.example")
    assert (await client.put(url, content=SEGMENT)).status_code == 200
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"PUT {url} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(SEGMENT)}\r\n\r\n".encode() + b"x" * 3000)
    await writer.drain()
    writer.transport.abort()
    again = await client.put(url, content=BIG[: len(SEGMENT)])
    assert again.status_code == 200
    parts = await storage.list_parts("uploads/a", upload)
    assert [part.etag for part in parts] == [hashlib.md5(BIG[: len(SEGMENT)]).hexdigest()]


async def test_a_reader_who_leaves_ends_the_reading(house: House, port: int, client: httpx.AsyncClient) -> None:
    video = await house.playable()
    await house.record(video, OutputKind.DOWNLOAD, "720p", {"720p.mp4": BIG * 20})
    url = asset_path(house.playback.assets, video, AssetKind.DOWNLOAD, "720p.mp4")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {url} HTTP/1.1\r\nHost: a\r\nRange: bytes=1-\r\n\r\n".encode())
    assert (await reader.readexactly(12)) == b"HTTP/1.1 206"
    async with asyncio.timeout(10):
        while not _open_files("720p.mp4"):
            await asyncio.sleep(0.01)
    writer.transport.abort()
    async with asyncio.timeout(10):
        while _open_files("720p.mp4"):
            await asyncio.sleep(0.01)
    assert (await client.get("/favicon.ico")).status_code == 200


def _open_files(name: str) -> int:
    """How many descriptors of this process are open on a file of that name."""
    found = 0
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # closed while we look
            found += entry.readlink().name == name
    return found
