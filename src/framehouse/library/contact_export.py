"""All contacts of a tenant as one CSV file (RFC 4180), under a path that is signed and ends after an hour.

The path's token names the tenant, and nothing else can be had with it.
"""

import csv
import hmac
import io
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from struct import Struct
from uuid import UUID

from framehouse.kernel import TenantId, to_base64url
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.player_model import Contact, ContactId
from framehouse.library.store import contacts

EXPORT_PATH = "/exports/contacts/"
EXPORT_LIFE = timedelta(hours=1)
COLUMNS = ("id", "name", "email", "consent", "file_id", "created_at")
BATCH = 500
_PURPOSE = "contacts-export"
_HEAD = Struct(">16sI")  # tenant, expiry in seconds since 1970
_MAC_BYTES = 16  # half of HMAC-SHA256: RFC 2104 section 5
_TEXT_MAX = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets run


def export_contacts(context: LibraryContext, owner: Owner) -> tuple[str, datetime]:
    """A path below the installation's base URL, and when it ends."""
    ends_at = context.clock.now().replace(microsecond=0) + EXPORT_LIFE
    head = _HEAD.pack(owner.tenant_id.bytes, int(ends_at.timestamp()))
    token = urlsafe_b64encode(head + _mac(context, head)).decode("ascii").rstrip("=")
    return f"{EXPORT_PATH}{token}.csv", ends_at


def open_export(context: LibraryContext, token: str) -> AsyncIterator[bytes] | None:
    """The file's bytes in blocks; None for a token that was not issued here or is over. Constant time."""
    try:
        data = urlsafe_b64decode(token + "=" * (-len(token) % 4)) if len(token) <= _TEXT_MAX else b""
    except (NotBase64, ValueError):  # ValueError: other characters than ASCII
        return None
    head, mac = data[: _HEAD.size], data[_HEAD.size :]
    if not hmac.compare_digest(mac, _mac(context, head)) or len(head) != _HEAD.size:
        return None
    tenant, ends_s = _HEAD.unpack(head)
    if context.clock.now() >= datetime.fromtimestamp(ends_s, UTC):
        return None
    return _blocks(context, TenantId(UUID(bytes=tenant)))


async def _blocks(context: LibraryContext, tenant_id: TenantId) -> AsyncIterator[bytes]:
    """Oldest first, one batch in memory at a time."""
    yield _lines([COLUMNS])
    after: tuple[datetime, ContactId] | None = None
    while True:
        async with context.database.read() as tx:
            found = await contacts.batch(tx, tenant_id, after, BATCH)
        if not found:
            return
        yield _lines([_row(contact) for contact in found])
        after = (found[-1].created_at, found[-1].id)


def _row(contact: Contact) -> tuple[str, ...]:
    return (
        str(int(contact.id)),
        _harmless(contact.name or ""),
        _harmless(contact.email),
        "yes" if contact.consent else "no",
        _harmless(to_base64url(contact.video_id)) if contact.video_id is not None else "",
        contact.created_at.strftime("%Y-%m-%d %H:%M:%S"),
    )


def _harmless(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(rows: "list[tuple[str, ...]]") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _mac(context: LibraryContext, head: bytes) -> bytes:
    return context.secrets.signature(_PURPOSE, head, length_bytes=_MAC_BYTES)
