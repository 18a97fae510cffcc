"""Routes whose handler gives any ASGI answer, not only a framework response."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

Handler = Callable[[Request], Awaitable[ASGIApp]]


class _Endpoint:
    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._handler(Request(scope, receive))
        await answer(scope, receive, send)


def asgi_route(path: str, handler: Handler, *, methods: Sequence[str]) -> Route:
    return Route(path, _Endpoint(handler), methods=list(methods))
