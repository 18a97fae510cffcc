"""Adilo's errors: the envelope of every answer, and 403 for what is not the team's or not there."""

from typing import Any

from framehouse.dialects.gateway import ErrorStyle, Output, Refusal
from framehouse.kernel import (
    Conflict,
    NotFound,
    PayloadTooLarge,
    QuotaExceeded,
    StorageFull,
    UnsupportedMedia,
)


class Error(Output):
    status: str
    message: str
    payload: None = None
    errors: dict[str, str] | None = None


def body(refusal: Refusal) -> dict[str, Any]:
    hidden = isinstance(refusal.cause, NotFound) and not isinstance(refusal.cause, Missing)
    message = f"The action is not allowed: {refusal.message}" if hidden else refusal.message
    answer: dict[str, Any] = {"status": "error", "message": message, "payload": None}
    return answer | {"errors": dict(refusal.fields)} if refusal.fields else answer


class Missing(NotFound):
    """What the document answers with 404: something that belongs to a thing that is there."""


STYLE = ErrorStyle(
    Error,
    body,
    {
        Missing: 404,
        NotFound: 403,  # the document lists no 404 for requests by id
        QuotaExceeded: 403,  # "sufficient rights or credits"
        Conflict: 422,
        PayloadTooLarge: 422,
        UnsupportedMedia: 422,
        StorageFull: 503,
    },
)
