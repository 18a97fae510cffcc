"""What the tests of sources by URL have in common: one try as a worker makes it, and a server that halts half way."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

from framehouse import library
from framehouse.infra.outgoing import OutgoingClient, parse_networks
from framehouse.library import FetchScheduled, NewVideo, Owner, Video
from tests.contracts.library_house import House
from tests.contracts.tenant_server import Asked, TenantServer

FILM = b"film" * 50_000
NEW = NewVideo(title="", file_name="")
LOCAL = OutgoingClient(parse_networks("127.0.0.0/8"))


async def tried(house: House, owner: Owner, *, client: OutgoingClient = LOCAL, timeout_s: float = 20) -> None:
    """The try that was scheduled last, as the worker makes it."""
    due = house.told(FetchScheduled)[-1]
    await library.fetch_source(house.context, client, owner, due.fetch_id, due.attempt, timeout_s=timeout_s)


async def fetched(house: House, owner: Owner, url: str, **more: Any) -> Video:
    video = await library.receive_from_url(house.context, owner, NEW, url)
    await tried(house, owner, **more)
    return await library.get_video(house.context, owner, video.id)


async def expect_nothing_left(house: House) -> None:
    house.clock.advance(timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert (await house.stored(), await house.count("fetches"), await house.count("garbage")) == ([], 0, 0)


def halting(server: TenantServer, path: str, body: bytes, each: Callable[[], object] = bool) -> tuple[str, Event]:
    """A script that sends half of the body, then single bytes with an action before each until the event, then the
    rest."""
    go_on = Event()

    def script(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        sent = len(body) // 2
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:sent])
        while not go_on.wait(0.02) and sent < len(body) - 1:
            each()
            handler.wfile.write(body[sent : sent + 1])
            sent += 1
        handler.wfile.write(body[sent:])

    return server.on(path, script), go_on


async def until(look: Callable[[], object], timeout_s: float = 10) -> None:
    deadline = time.monotonic() + timeout_s
    while not look():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)
