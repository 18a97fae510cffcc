"""Embed passes: short signed texts in the query of what a player asks for next, so that frames need no cookies.

A pass carries what was shown when the page was loaded and since (`model.Proofs`), for one video. It is also what the
cookies of one video hold. Media URLs carry tickets instead (`tickets`), which cost no look at the database.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from struct import Struct

from framehouse.kernel import LoginId
from framehouse.library import Video
from framehouse.playback.model import Proofs, SignedIn

PASS_LIFE = timedelta(hours=12)
VERSION = 2
# Version, flags, video id, state of its access rules, expiry (seconds since 1970, until 2106), login's generation and
# id, session, contact's id, impression; then the embedding host's name.
_HEAD = Struct(">BB6s4sII6s6s6s8s")
_MAC_BYTES = 16  # half of HMAC-SHA256: RFC 2104 section 5
_TEXT_MAX = 1000
_HOST_BYTES_MAX = 253  # RFC 1035 section 3.1.1, without the final dot
_FLAGS = ("from_page", "signed", "password", "contact", "project")


@dataclass(frozen=True)
class Pass:
    proofs: Proofs
    ends_at: datetime


class PassSigner:
    """`secret` is the installation's key for the purpose "embed-pass" (`SecretBox.derive`)."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def issue(self, video: Video, proofs: Proofs, ends_at: datetime) -> str:
        """Base64url; expiry is cut to whole seconds. A host that cannot be one is left out."""
        host = (proofs.host or "").encode("utf-8", "replace")
        head = _HEAD.pack(
            VERSION,
            sum(1 << bit for bit, name in enumerate(_FLAGS) if getattr(proofs, name)),
            video.id.to_bytes(6, "big"),
            access_fingerprint(video),
            int(ends_at.timestamp()),
            proofs.login.generation if proofs.login else 0,
            (proofs.login.login_id if proofs.login else 0).to_bytes(6, "big"),
            (proofs.session or 0).to_bytes(6, "big"),
            (proofs.contact_id or 0).to_bytes(6, "big"),
            (proofs.impression or 0).to_bytes(8, "big"),
        )
        body = head + (host if len(host) <= _HOST_BYTES_MAX else b"")
        return _encode(body + self._mac(body))

    def verify(self, text: str, video: Video, now: datetime) -> Pass | None:
        """None for everything that was not issued here for this video, and after its time. Constant time.

        What was shown to rules that have been changed since counts no more; who is signed in, where the player stands
        and a contact that was left are looked at anew by the rules of today.
        """
        body = self._authentic(text)
        if body is None:
            return None
        _, flags, video_id, rules, ends_s, generation, login_id, session, contact_id, impression = _HEAD.unpack_from(
            body
        )
        if int.from_bytes(video_id, "big") != video.id or now.timestamp() >= ends_s:
            return None
        login = LoginId(int.from_bytes(login_id, "big"))
        proofs = Proofs(
            host=body[_HEAD.size :].decode() or None,
            login=SignedIn(login, generation) if login else None,
            session=int.from_bytes(session, "big") or None,
            contact_id=int.from_bytes(contact_id, "big") or None,
            impression=int.from_bytes(impression, "big") or None,
            **{name: bool(flags >> bit & 1) for bit, name in enumerate(_FLAGS)},
        )
        if not hmac.compare_digest(rules, access_fingerprint(video)):
            proofs = replace(proofs, from_page=False, signed=False, password=False, project=False)
        return Pass(proofs, datetime.fromtimestamp(ends_s, UTC))

    def _authentic(self, text: str) -> bytes | None:
        try:
            data = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= _TEXT_MAX else b""
        except (NotBase64, ValueError):  # ValueError: other characters than ASCII
            return None
        body, mac = data[:-_MAC_BYTES], data[-_MAC_BYTES:]
        # The decoder ignores foreign characters; encoding again leaves one text per pass.
        authentic = hmac.compare_digest(mac, self._mac(body)) and _encode(data) == text
        return body if authentic and body[0] == VERSION else None

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, "sha256")[:_MAC_BYTES]


def access_fingerprint(video: Video) -> bytes:
    """Changes with the rules that a proof was given to. The ticket generation is no measure of that: it rises as well
    when somebody else's grant ends, and whoever still may watch must be able to go on."""
    rules = (
        video.privacy.value,
        video.password_sealed,
        video.prefers_embed_password,
        video.signed_embeds_only,
        video.allowed_domains,
        video.embed_token,
        video.project_private,
        video.project_locked,
        video.project_password_sealed,
    )
    return blake2b(json.dumps(rules).encode(), digest_size=4).digest()


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")
