"""Playback tickets: short signed texts in the path of every media URL, checked without the database.

Whether a ticket's generation is still the video's is asked in `catalogue`; who gets one is decided in `policy`.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import UTC, datetime, timedelta
from struct import Struct

from framehouse.kernel import VideoId
from framehouse.playback.errors import TicketExpired, TicketInvalid
from framehouse.playback.model import Ticket

VERSION = 1
# Version, video id in two halves (16 and 32 bits), generation, expiry (seconds since 1970, until 2106), session, flags.
_BODY = Struct(">BHIII6sB")
_MAC_BYTES = 16  # half of HMAC-SHA256: RFC 2104 section 5
TICKET_LENGTH = 52  # 22 + 16 bytes and one of padding, so that base64url ends without "="
OWNERS = 1  # flag: the owner's own ticket, which passes the rules that media requests are checked against


class TicketSigner:
    """`secret` is the installation's key for the purpose "ticket" (`SecretBox.derive`)."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def issue(
        self,
        video_id: VideoId,
        generation: int,
        expires_at: datetime,
        *,
        session: int | None = None,
        flags: int = 0,
    ) -> str:
        """A ticket of the session, a new one unless it is given: 52 characters of base64url. Expiry is cut to whole
        seconds."""
        body = _BODY.pack(
            VERSION,
            video_id >> 32,
            video_id & 0xFFFFFFFF,
            generation,
            int(expires_at.timestamp()),
            secrets.token_bytes(6) if session is None else session.to_bytes(6, "big"),
            flags,
        )
        return urlsafe_b64encode(body + self._mac(body) + b"\0").decode("ascii")

    def verify(self, text: str, now: datetime) -> Ticket:
        """Raises TicketInvalid for everything that was not issued here, TicketExpired after its time."""
        body = self._authentic(text)
        _, high, low, generation, expires_s, session, flags = _BODY.unpack(body)
        if now.timestamp() >= expires_s:
            raise TicketExpired("This playback ticket has expired.")
        expires_at = datetime.fromtimestamp(expires_s, UTC)
        return Ticket(VideoId(high << 32 | low), generation, expires_at, session.hex(), flags)

    def _authentic(self, text: str) -> bytes:
        try:
            data = urlsafe_b64decode(text.encode("ascii")) if len(text) == TICKET_LENGTH else b""
        except (NotBase64, UnicodeEncodeError):
            data = b""
        body, mac = data[: _BODY.size], data[_BODY.size : -1]
        # Compared in constant time. The decoder ignores foreign characters; encoding again leaves one text per ticket.
        authentic = hmac.compare_digest(mac, self._mac(body)) and urlsafe_b64encode(data) == text.encode("ascii")
        if not authentic or data[-1] or body[0] != VERSION:
            raise TicketInvalid("This is not a playback ticket.")
        return body

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, "sha256")[:_MAC_BYTES]


def ticket_expiry(
    now: datetime, *, duration_ms: int | None, minimum_s: int, not_after: datetime | None = None
) -> datetime:
    """Twice the video's duration, since a VOD playlist is loaded once and viewers pause, but at least the minimum;
    never past the video's own expiry."""
    life = max(timedelta(seconds=minimum_s), timedelta(milliseconds=2 * (duration_ms or 0)))
    return min(now + life, not_after) if not_after is not None else now + life
