"""Signatures that live longer than a ticket: asset URLs, stable per video, and proofs of having signed in.

Tickets for media are in `tickets`, what else a viewer has shown in `passes`, storage URLs in `infra.storage`.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime
from enum import StrEnum
from struct import Struct

from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import LoginId
from framehouse.library import Video
from framehouse.playback.model import SignedIn


class AssetKind(StrEnum):
    """What an asset URL may fetch. Each kind has its own signature: a poster's URL does not open the source."""

    POSTER = "poster"
    THUMBNAIL = "thumbnail"
    STORYBOARD = "storyboard"
    CAPTION = "caption"
    DOWNLOAD = "download"
    SOURCE = "source"


def embed_token(video: Video) -> str:
    """The unguessable half of a video's embed URL."""
    return video.embed_token


def is_embed_token(video: Video, given: str) -> bool:
    """Constant time."""
    return hmac.compare_digest(embed_token(video).encode(), given.encode("utf-8", "surrogatepass"))


class AssetSigner:
    def __init__(self, secrets: SecretBox) -> None:
        self._secret = secrets.derive("asset")

    def signature(self, video: Video, kind: AssetKind) -> str:
        """16 characters of base64url, the same as long as the video has its embed token."""
        message = f"{video.id}/{embed_token(video)}/{kind.value}".encode()
        return urlsafe_b64encode(hmac.digest(self._secret, message, "sha256")[:12]).decode("ascii")

    def verify(self, video: Video, kind: AssetKind, given: str) -> bool:
        """Constant time."""
        return hmac.compare_digest(self.signature(video, kind).encode(), given.encode("utf-8", "surrogatepass"))


class LoginProofs:
    """What a viewer keeps, as a cookie, after signing in. Whose login it is, and whether its password is still the
    same, is asked where it is used."""

    _HEAD = Struct(">6sII")  # login's id and generation, expiry in seconds since 1970

    def __init__(self, secrets: SecretBox) -> None:
        self._secret = secrets.derive("login-proof")

    def issue(self, signed_in: SignedIn, ends_at: datetime) -> str:
        login_id = signed_in.login_id.to_bytes(6, "big")
        head = self._HEAD.pack(login_id, signed_in.generation, int(ends_at.timestamp()))
        return urlsafe_b64encode(head + self._mac(head)).decode("ascii")

    def verify(self, given: str, now: datetime) -> SignedIn | None:
        """Constant time."""
        try:
            data = urlsafe_b64decode(given.encode("ascii"))
        except (NotBase64, UnicodeEncodeError):
            return None
        head, mac = data[: self._HEAD.size], data[self._HEAD.size :]
        if not hmac.compare_digest(mac, self._mac(head)):
            return None
        login_id, generation, ends_s = self._HEAD.unpack(head)
        if now.timestamp() >= ends_s:
            return None
        return SignedIn(LoginId(int.from_bytes(login_id, "big")), generation)

    def _mac(self, head: bytes) -> bytes:
        return hmac.digest(self._secret, head, "sha256")[:16]
