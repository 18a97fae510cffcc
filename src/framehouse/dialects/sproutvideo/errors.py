"""SproutVideo's errors: `{"error": "…"}`, which is all that its clients read, and the statuses it documents."""

import re
from typing import Any

from framehouse.dialects.gateway import ErrorStyle, Output, Refusal, UnsupportedFileType
from framehouse.kernel import RateLimited

# What the rooms call the fields of SproutVideo's requests.
_WORDS = {
    "allowed_networks": "allowed_ips", "poster_number": "posterframe_number", "poster": "custom_poster_frame",
    "video_ids": "videos", "starts_at": "access_starts_at", "ends_at": "access_ends_at", "life_s": "seconds_valid",
    "downloads": "download_permissions", "start_ms": "start_time", "end_ms": "end_time",
}  # fmt: skip
_WORD = re.compile(rf"\b({'|'.join(word for word in _WORDS if '_' in word)})\b")  # others are English, too


class Error(Output):
    error: str
    errors: dict[str, str] | None = None
    supported_file_extensions: list[str] | None = None


def body(refusal: Refusal) -> dict[str, Any]:
    answer: dict[str, Any] = {"error": in_vendors_words(refusal.message)}
    if refusal.fields:
        answer["errors"] = {_WORDS.get(name, name): problem for name, problem in refusal.fields.items()}
    if isinstance(refusal.cause, UnsupportedFileType):
        answer["supported_file_extensions"] = list(refusal.cause.supported)
    return answer


def in_vendors_words(message: str) -> str:
    return _WORD.sub(lambda found: _WORDS[found.group()], message)


def style(rate_limit_status: int) -> ErrorStyle:
    """The documented 503 over the rate limit, or 429 by setting."""
    return ErrorStyle(Error, body, {RateLimited: rate_limit_status})


DOCUMENTED = style(503)
