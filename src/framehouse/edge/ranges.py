"""Byte ranges and entity tags of HTTP (RFC 9110 sections 13 and 14): pure functions over header values."""

import re

_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*\Z", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies past the end: 416."""


def parse_range(value: str | None, size_bytes: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None when the whole is to be sent.

    Malformed ranges and several at once are ignored, as RFC 9110 section 14.2 allows. Raises Unsatisfiable.
    """
    found = _RANGE.match(value) if value else None
    if found is None or (not found[1] and not found[2]):
        return None
    if not found[1]:
        suffix = int(found[2])
        if not suffix or not size_bytes:
            raise Unsatisfiable
        return max(0, size_bytes - suffix), size_bytes
    first = int(found[1])
    last = int(found[2]) if found[2] else size_bytes - 1
    if found[2] and last < first:
        return None
    if first >= size_bytes:
        raise Unsatisfiable
    return first, min(last, size_bytes - 1) + 1


def matches(value: str | None, etag: str) -> bool:
    """If-None-Match by weak comparison (RFC 9110 section 8.8.3.2); `etag` unquoted."""
    if not value:
        return False
    given = [each.strip().removeprefix("W/").strip('"') for each in value.split(",")]
    return etag in given or "*" in given


def range_applies(if_range: str | None, etag: str) -> bool:
    """If-Range by strong comparison; a date never matches, since entity tags are what we promise."""
    return if_range is None or if_range.strip() == f'"{etag}"'
