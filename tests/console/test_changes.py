"""Live updates: what a listener is told, that pages share one look, that nobody looks for nobody."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from framehouse import library
from framehouse.console.changes import Changes
from framehouse.library import Owner, VideoChanges
from tests.console.conftest import House
from tests.contracts.library_house import source_id_of

PAUSE_S = 0.01


async def test_a_listener_is_told_of_changes_progress_and_arrivals(house: House) -> None:
    await house.user("studio")
    context, owner = house.services.library, Owner(house.tenants["studio"])
    video = await house.video()
    async with asyncio.timeout(10), Changes(context, pause_s=PAUSE_S).listen(owner) as listener:
        house.clock.advance(library.ABANDONED_AFTER)
        await library.change_video(context, owner, video.id, VideoChanges(title="Renamed"))
        await listener.wait()
        videos, list_changed = listener.take()
        assert ([each.title for each in videos], list_changed) == (["Renamed"], False)

        async with context.database.write() as tx:
            await library.mark_inspected(tx, house.clock, owner.tenant_id, video.id, duration_ms=1, width=2, height=2)
            await library.mark_progress(tx, owner.tenant_id, video.id, source_id_of(video), 40)
        await listener.wait()
        videos, _ = listener.take()
        assert [each.progress_percent for each in videos] == [40]

        other = await house.video(title="Another")
        await listener.wait()
        videos, list_changed = listener.take()
        assert ([each.id for each in videos], list_changed) == ([other.id], True)

        await library.delete_video(context, owner, other.id)
        await listener.wait()
        assert listener.take() == ([], True)


async def test_pages_share_a_look_and_the_last_one_ends_it(house: House) -> None:
    await house.user("studio")
    context, owner = house.services.library, Owner(house.tenants["studio"])
    changes = Changes(context, pause_s=PAUSE_S)
    before = len(asyncio.all_tasks())
    async with asyncio.timeout(10):
        async with changes.listen(owner) as first:
            async with changes.listen(owner) as second:
                assert len(asyncio.all_tasks()) == before + 1
                await house.video()
                await asyncio.gather(first.wait(), second.wait())
            assert len(asyncio.all_tasks()) == before + 1
        assert len(asyncio.all_tasks()) == before


async def test_a_slow_page_gets_the_newest_state_once(house: House) -> None:
    await house.user("studio")
    context, owner = house.services.library, Owner(house.tenants["studio"])
    video = await house.video()
    changes = Changes(context, pause_s=PAUSE_S)
    async with asyncio.timeout(10), changes.listen(owner) as quick, changes.listen(owner) as slow:
        for number in range(3):
            house.clock.advance(library.ABANDONED_AFTER)
            await library.change_video(context, owner, video.id, VideoChanges(title=f"Title {number}"))
            await quick.wait()
            quick.take()
        videos, _ = slow.take()
        assert [each.title for each in videos] == ["Title 2"]


async def test_the_stream_over_http(house: House) -> None:
    client = await house.signed_in()
    await house.signed_in("others")
    async with asyncio.timeout(10), _stream(house, client.cookies["framehouse_session"]) as events:
        assert await anext(events) == ("ready", {})
        await house.video("others")
        video = await house.video()
        name, told = await anext(events)
        assert (name, told["title"], told["state"]) == ("video", video.title, "received"), "only one's own videos"
        assert await anext(events) == ("list", {})


@asynccontextmanager
async def _stream(house: House, token: str) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """The events of an open page. Spoken in ASGI, since httpx's transport for it waits for the end of an answer."""
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": "/console/api/events", "raw_path": b"/console/api/events", "root_path": "",
        "query_string": b"", "client": ("127.0.0.1", 1), "server": ("films.example", 80),
        "headers": [(b"host", b"films.example"), (b"cookie", f"framehouse_session={token}".encode())],
    }  # fmt: skip
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    left = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def read() -> AsyncIterator[tuple[str, Any]]:
        started = await sent.get()
        assert started["status"] == 200
        assert (b"content-type", b"text/event-stream; charset=utf-8") in started["headers"]
        while True:
            text = (await sent.get())["body"].decode()
            if text.startswith("event: "):
                name, _, data = text.strip().partition("\ndata: ")
                yield name.removeprefix("event: "), json.loads(data)

    page = asyncio.create_task(house.app(scope, receive, sent.put))  # type: ignore[arg-type]
    try:
        yield read()
    finally:
        left.set()
        await asyncio.wait_for(page, 5)
