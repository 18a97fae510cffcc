"""One id, four spellings.

Content (videos, sources, projects, folders, uploads, playlists, logins, grants) has one random 48-bit id, unique in the
installation. Each vendor's API writes it differently; the spellings are reversible functions, so
no table maps them. A spelling that does not parse gives `None`, which callers treat as "not found".
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NewType
from uuid import UUID, uuid4

ContentId = int
VideoId = NewType("VideoId", int)
SourceId = NewType("SourceId", int)
ProjectId = NewType("ProjectId", int)
FolderId = NewType("FolderId", int)
UploadId = NewType("UploadId", int)
PlaylistId = NewType("PlaylistId", int)
LoginId = NewType("LoginId", int)
GrantId = NewType("GrantId", int)
TenantId = NewType("TenantId", UUID)

ID_BITS = 48
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{8}\Z")
_HEX = re.compile(r"[0-9a-f]{12}\Z")
_INTEGER = re.compile(r"[1-9][0-9]{0,14}\Z")


def new_content_id() -> ContentId:
    """A random id in 1..2**48-1 whose base64url does not start with `-`, which shells take for an option."""
    while True:
        value = secrets.randbits(ID_BITS)
        if value and not to_base64url(value).startswith("-"):
            return value


def new_tenant_id() -> TenantId:
    return TenantId(uuid4())


def to_base64url(value: ContentId) -> str:
    """8 characters of base64url (RFC 4648 section 5): Adilo's spelling."""
    return urlsafe_b64encode(value.to_bytes(6, "big")).decode("ascii")


def from_base64url(text: str) -> ContentId | None:
    if not _BASE64URL.match(text):
        return None
    return int.from_bytes(urlsafe_b64decode(text), "big") or None


def to_hex(value: ContentId) -> str:
    """12 lower-case hexadecimal digits: SproutVideo's spelling, and the one in paths and logs."""
    return f"{value:012x}"


def from_hex(text: str) -> ContentId | None:
    return (int(text, 16) or None) if _HEX.match(text) else None


def to_uuid(value: ContentId) -> UUID:
    """A version 8 UUID (RFC 9562 section 5.8) whose last 48 bits are the id and whose rest is a checksum of it."""
    checksum = hashlib.blake2b(value.to_bytes(6, "big"), digest_size=10, person=b"framehouse.id").digest()
    number = int.from_bytes(checksum, "big") << ID_BITS | value
    number = number & ~(0xF << 76) | 8 << 76
    number = number & ~(0b11 << 62) | 0b10 << 62
    return UUID(int=number)


def from_uuid(value: UUID | str) -> ContentId | None:
    try:
        given = value if isinstance(value, UUID) else UUID(value)
    except ValueError:
        return None
    content_id = given.int & (1 << ID_BITS) - 1
    return content_id if content_id and to_uuid(content_id) == given else None


def to_integer(value: ContentId) -> int:
    """The id itself: IBM's spelling, below 2**53 and so exact in JSON numbers."""
    return value


def from_integer(value: int | str) -> ContentId | None:
    text = str(value)
    if not _INTEGER.match(text):
        return None
    number = int(text)
    return number if number < 1 << ID_BITS else None
