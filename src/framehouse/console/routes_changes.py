"""Live updates, `/api/events`: one stream of server-sent events (HTML standard, section 9.2) per open page.

`ready`: from now on every change is told, so read what you show. `video`: a video as it is now. `list`: videos came
or went. `signed-out`: the session ended. A comment every 15 s keeps proxies from closing the connection.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from framehouse.console.answers import NO_STORE
from framehouse.console.changes import Changes, Listener
from framehouse.console.context import ConsoleContext
from framehouse.console.sessions import library_owner, reads, session_of
from framehouse.console.video_json import videos_json
from framehouse.identity import Session

HEARTBEAT_S = 15.0


class ChangeRoutes:
    def __init__(self, context: ConsoleContext) -> None:
        self._context = context
        self._changes = Changes(context.library)

    def routes(self) -> list[Route]:
        return [Route("/api/events", reads(self._context.identity, self.events), methods=["GET"])]

    async def events(self, request: Request, session: Session) -> Response:
        headers = {**NO_STORE, "x-accel-buffering": "no"}  # nginx would keep events back otherwise
        return StreamingResponse(self._stream(request, session), 200, headers, media_type="text/event-stream")

    async def _stream(self, request: Request, session: Session) -> AsyncIterator[str]:
        async with self._changes.listen(library_owner(session)) as listener:
            yield _event("ready", {})
            while True:
                if await _woken(listener):
                    async for event in self._told(request, listener):
                        yield event
                    continue
                if await session_of(self._context.identity, request) is None:
                    yield _event("signed-out", {})
                    return
                yield ": still here\n\n"

    async def _told(self, request: Request, listener: Listener) -> AsyncIterator[str]:
        videos, list_changed = listener.take()
        for video in await videos_json(self._context, request, videos):
            yield _event("video", video)
        if list_changed:
            yield _event("list", {})


async def _woken(listener: Listener) -> bool:
    try:
        await asyncio.wait_for(listener.wait(), HEARTBEAT_S)
    except TimeoutError:
        return False
    return True


def _event(name: str, data: dict[str, Any]) -> str:
    # JSON has no line breaks of its own, so one data line holds it.
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"
