"""How the console answers: JSON, errors as `{"error", "fields"}`, and the headers that keep its pages to themselves.

Messages of errors are written for people, so the pages show them as they are.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framehouse.kernel import (
    AccessDenied,
    Conflict,
    FramehouseError,
    InvalidInput,
    NotFound,
    PayloadTooLarge,
    QuotaExceeded,
    RateLimited,
    StorageFull,
    TemporarilyUnavailable,
    UnsupportedMedia,
)

NO_STORE: Mapping[str, str] = {"cache-control": "no-store"}
# For whatever sets no policy of its own: nothing may run, load or be framed.
HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
log = structlog.get_logger(__name__)


class SignedOut(FramehouseError):
    """The request carries no session, or one that has ended."""


_STATUS: tuple[tuple[type[FramehouseError], int], ...] = (
    (SignedOut, 401),
    (AccessDenied, 403),
    (NotFound, 404),
    (Conflict, 409),
    (PayloadTooLarge, 413),
    (QuotaExceeded, 413),
    (UnsupportedMedia, 415),
    (InvalidInput, 422),
    (RateLimited, 429),
    (TemporarilyUnavailable, 503),
    (StorageFull, 507),
)


def json_answer(body: Mapping[str, Any], status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, NO_STORE, media_type="application/json")


def no_content() -> Response:
    return Response(None, 204, NO_STORE)


def error_answer(message: str, status: int, fields: Mapping[str, str] | None = None) -> Response:
    return json_answer({"error": message, "fields": dict(fields or {})}, status)


async def expected(_request: Request, error: Exception) -> Response:
    """The handler of everything that a room refuses."""
    assert isinstance(error, FramehouseError)  # what it is registered for
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    answer = error_answer(error.message, status, error.fields)
    if isinstance(error, RateLimited):
        answer.headers["retry-after"] = str(error.retry_after_s)
    return answer


async def unrouted(_request: Request, error: Exception) -> Response:
    """The router's own refusals: no such path, no such method."""
    assert isinstance(error, HTTPException)  # what it is registered for
    answer = error_answer(f"{error.detail}.", error.status_code)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


async def unexpected(request: Request, error: Exception) -> Response:
    """An error nobody thought of: an id that is in the log beside the trace, and nothing else."""
    request_id = str(getattr(request.state, "request_id", None) or secrets.token_hex(8))
    log.error("console.failed", request_id=request_id, path=request.url.path, exc_info=error)
    answer = error_answer(f"Something went wrong here. If it stays so, report the request id {request_id}.", 500)
    answer.headers.update(HEADERS)  # it is answered outside of every middleware
    return answer


class SafeHeaders:
    """Adds `HEADERS` to every answer that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)
