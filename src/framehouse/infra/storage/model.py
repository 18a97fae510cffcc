"""What storage speaks of: objects, parts, keys and its own errors. No I/O here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from urllib.parse import quote

from framehouse.kernel.errors import AccessDenied, InvalidInput

READ_BLOCK_BYTES = 256 * 1024
MAX_PARTS = 10_000  # S3's limit, kept on every adapter so that an upload can move between them
MAX_KEY_LENGTH = 900  # S3 allows 1,024 bytes; the rest is left to a bucket prefix
MAX_SEGMENT_LENGTH = 200  # file systems allow 255 bytes; the rest is left to our own suffixes
_SEGMENT = re.compile(r"[A-Za-z0-9._-]+\Z")
_MD5 = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True)
class ObjectInfo:
    """`etag` is opaque and unquoted: it changes whenever the bytes do. `modified` is aware, in UTC."""

    key: str
    size_bytes: int
    etag: str
    modified: datetime


@dataclass(frozen=True)
class PartInfo:
    """`etag` is the MD5 of the part's bytes, 32 lower-case hexadecimal digits, unquoted."""

    number: int
    size_bytes: int
    etag: str


class InvalidPart(InvalidInput):
    """A part named at completion is missing, has another ETag, is too small, or is out of order."""


class UrlExpired(AccessDenied):
    """A signed URL was right once; its time has passed."""


class BadSignature(AccessDenied):
    """A signed URL was altered, or never was one of ours."""


def check_key(key: str) -> str:
    """`key` if it is relative, of `[A-Za-z0-9._/-]`, without empty, `.` or `..` segments; else InvalidInput."""
    if len(key) > MAX_KEY_LENGTH or not all(_good_segment(segment) for segment in key.split("/")):
        raise InvalidInput("A storage key has letters, digits, '.', '_', '-' between single slashes.")
    return key


def check_prefix(prefix: str) -> str:
    """`prefix` if some valid key starts with it (the empty one fits all); else InvalidInput."""
    if prefix:
        check_key(prefix + "x" if prefix.endswith(("/", ".")) else prefix)
    return prefix


def check_part_number(number: int) -> int:
    if not 1 <= number <= MAX_PARTS:
        raise InvalidInput(f"A part number is between 1 and {MAX_PARTS}.")
    return number


def check_range(start: int, length: int | None) -> None:
    if start < 0 or (length is not None and length < 0):
        raise InvalidInput("A range starts at 0 or later and its length is not negative.")


def normal_etag(etag: str) -> str:
    """An ETag as clients send it back: quotes removed, an MD5 in lower case."""
    bare = etag.strip().removeprefix("W/").strip('"')
    return bare.lower() if _MD5.match(bare.lower()) else bare


def check_part_order(parts: Sequence[tuple[int, str]]) -> None:
    """Completion names at least one part, numbers strictly ascending (as S3 demands)."""
    if not parts:
        raise InvalidPart("Completing an upload needs at least one part.")
    for (earlier, _), (later, _) in pairwise(parts):
        if later <= earlier:
            raise InvalidPart(f"Parts must be in ascending order without repeats; {later} follows {earlier}.")


def attachment(filename: str) -> str:
    """`Content-Disposition` for a download under any Unicode name (RFC 6266 section 4.3, RFC 8187)."""
    shown = "".join(c for c in filename if c.isprintable() and c not in '"\\/') or "download"
    plain = shown.encode("ascii", "replace").decode("ascii").replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _good_segment(segment: str) -> bool:
    return len(segment) <= MAX_SEGMENT_LENGTH and segment not in (".", "..") and bool(_SEGMENT.match(segment))
