"""SproutVideo's errors: `{"error": "…"}`, which is all that its clients read, and the statuses it documents."""

from typing import Any

from framehouse.dialects.gateway import ErrorStyle, Output, Refusal, UnsupportedFileType
from framehouse.kernel import RateLimited


class Error(Output):
    error: str
    errors: dict[str, str] | None = None
    supported_file_extensions: list[str] | None = None


def body(refusal: Refusal) -> dict[str, Any]:
    answer: dict[str, Any] = {"error": refusal.message}
    if refusal.fields:
        answer["errors"] = dict(refusal.fields)
    if isinstance(refusal.cause, UnsupportedFileType):
        answer["supported_file_extensions"] = list(refusal.cause.supported)
    return answer


def style(rate_limit_status: int) -> ErrorStyle:
    """The documented 503 over the rate limit, or 429 by setting."""
    return ErrorStyle(Error, body, {RateLimited: rate_limit_status})


DOCUMENTED = style(503)
