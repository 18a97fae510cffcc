"""What every request of a dialect passes first, as plain ASGI: tidied paths, `_method`, headers, the last safety net.

Streams pass untouched. Only the small body of a POST that no route takes is looked into, for `_method`.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framehouse.dialects.gateway.bodies import BODY_MAX_BYTES, once
from framehouse.dialects.gateway.cors import origin_headers
from framehouse.dialects.gateway.errors import ErrorStyle, Refusal
from framehouse.dialects.gateway.fields import from_bytes, from_pairs
from framehouse.dialects.gateway.forms import FieldValues, boundary_of, events
from framehouse.kernel import FramehouseError

OVERRIDES = {"put": "PUT", "delete": "DELETE"}
log = structlog.get_logger(__name__)


class Door:
    def __init__(self, app: ASGIApp, errors: ErrorStyle, routes: list[BaseRoute]) -> None:
        self._app = app
        self._errors = errors
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        state = scope.setdefault("state", {})

        async def tell(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message.get("headers", []), *_headers(state)]
            await send(message)

        try:
            scope = without_trailing_slash(scope)
            scope, receive = await self._with_method(scope, receive)
            await self._app(scope, receive, tell)
        except ClientDisconnect:
            log.info("the client went away", method=scope["method"], path=scope["path"])
        except Exception:
            log.exception("unexpected error", method=scope["method"], path=scope["path"])
            if not started:
                await self._apologise(scope, receive, tell)

    async def _apologise(self, scope: Scope, receive: Receive, send: Send) -> None:
        reference = scope["state"].get("request_id")
        note = f" (request {reference})" if reference else ""
        refusal = Refusal(500, f"an unexpected error, which was logged{note}")
        await JSONResponse(self._errors.body(refusal), 500)(scope, receive, send)

    async def _with_method(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
        """A POST with `_method` in its query or body becomes the PUT or DELETE that the client could not send."""
        if scope["method"] != "POST" or any(route.matches(scope)[0] is Match.FULL for route in self._routes):
            return scope, receive
        given: Any = Request(scope).query_params.get("_method")
        if given is None and any(route.matches(scope)[0] is Match.PARTIAL for route in self._routes):
            given, receive = await _method_in_body(scope, receive)
        method = OVERRIDES.get(given.lower()) if isinstance(given, str) else None
        return ({**scope, "method": method}, receive) if method else (scope, receive)


def without_trailing_slash(scope: Scope) -> Scope:
    """`/videos/` is `/videos`, without a redirect, which would lose the body and the method."""
    path: str = scope["path"]
    tidy = path.rstrip("/")
    if tidy == path or len(tidy) <= len(scope.get("root_path", "")):
        return scope
    return {**scope, "path": tidy, "raw_path": scope.get("raw_path", path.encode()).rstrip(b"/")}


async def _method_in_body(scope: Scope, receive: Receive) -> tuple[Any, Receive]:
    """The body's `_method`, and a receive that gives what was read once more, then the rest."""
    read: list[Message] = []
    body = bytearray()
    more = True
    while more and len(body) <= BODY_MAX_BYTES:
        message = await receive()
        read.append(message)
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
    fields = await _fields(Request(scope).headers.get("content-type", ""), bytes(body))

    async def again() -> Message:
        return read.pop(0) if read else await receive()

    return fields.get("_method"), again


async def _fields(content_type: str, body: bytes) -> Mapping[str, Any]:
    """What can be read of a body's beginning; whoever reads it for good says what is wrong with it."""
    boundary = boundary_of(content_type)
    values = FieldValues()
    with suppress(FramehouseError):
        if boundary is None:
            return from_bytes(content_type, body)
        async for event in events(once(body), boundary):
            values.take(event)
    return from_pairs(values.pairs)


def _headers(state: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    headers = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"), *origin_headers(state)]
    if "rate" in state:
        # Reset is in seconds since 1970, as most clients expect it.
        names = (b"x-ratelimit-limit", b"x-ratelimit-remaining", b"x-ratelimit-reset")
        headers += [(name, str(value).encode()) for name, value in zip(names, state["rate"], strict=True)]
    return headers
