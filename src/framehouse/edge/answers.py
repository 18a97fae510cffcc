"""Errors and cross-origin headers as the edge answers them: plain text, and a JSON reason for players."""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

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
from framehouse.playback import TicketExpired, TicketRevoked

# Players on any page may read media, and see what they need of its headers (Fetch standard, section 3.3).
READ_CORS: Mapping[str, str] = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Content-Length, Content-Range, Accept-Ranges, ETag, Date, Retry-After",
    "cross-origin-resource-policy": "cross-origin",
    "timing-allow-origin": "*",
    "x-content-type-options": "nosniff",
}
NO_STORE: Mapping[str, str] = {"cache-control": "no-store"}
PREFLIGHT_AGE_S = 86_400

_STATUS: tuple[tuple[type[FramehouseError], int], ...] = (
    (NotFound, 404),
    (AccessDenied, 403),
    (RateLimited, 429),
    (PayloadTooLarge, 413),
    (QuotaExceeded, 413),
    (StorageFull, 507),
    (TemporarilyUnavailable, 503),
    (Conflict, 409),
    (UnsupportedMedia, 422),
    (InvalidInput, 400),
)
_TICKET_REASONS: Mapping[type[FramehouseError], str] = {
    TicketExpired: "ticket_expired",
    TicketRevoked: "ticket_revoked",
}


def status_of(error: FramehouseError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def error_answer(error: FramehouseError, extra: Mapping[str, str] | None = None) -> Response:
    """Plain text; JSON with the reason for a ticket that was right once, so that the player asks for a new one."""
    headers = {**NO_STORE, "x-content-type-options": "nosniff", **(extra or {})}
    if isinstance(error, RateLimited):
        headers["retry-after"] = str(error.retry_after_s)
    elif isinstance(error, TemporarilyUnavailable):
        headers["retry-after"] = "1"
    reason = _TICKET_REASONS.get(type(error))
    if reason is not None:
        body = json.dumps({"error": reason, "message": error.message})
        return Response(body, status_of(error), headers, media_type="application/json")
    return Response(error.message + "\n", status_of(error), headers, media_type="text/plain")


def not_found(extra: Mapping[str, str] | None = None) -> Response:
    """One answer for everything unknown."""
    return error_answer(NotFound("Not found."), extra)


def method_not_allowed(allowed: str, extra: Mapping[str, str] | None = None) -> Response:
    headers = {**NO_STORE, "allow": allowed, **(extra or {})}
    return Response("Method not allowed.\n", 405, headers, media_type="text/plain")


def preflight(request: Request, methods: str) -> Response:
    """Allows whatever headers are asked for: `*` alone leaves Authorization out (Fetch standard, section 3.3.4)."""
    headers = {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": methods,
        "access-control-allow-headers": request.headers.get("access-control-request-headers", "*"),
        "access-control-max-age": str(PREFLIGHT_AGE_S),
        "vary": "Access-Control-Request-Headers",
    }
    return Response(None, 204, headers)
