"""Signatures that live longer than a ticket: asset URLs, stable per video, and proofs of a right password.

Tickets for media are in `tickets`, storage URLs in `infra.storage`.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime
from enum import StrEnum
from struct import Struct

from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import VideoId
from framehouse.library import Video


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


class PasswordProofs:
    """What a viewer keeps, as a cookie, after entering the right password; a stricter video makes it worthless."""

    _HEAD = Struct(">II")  # generation, expiry in seconds since 1970

    def __init__(self, secrets: SecretBox) -> None:
        self._secret = secrets.derive("password-proof")

    def issue(self, video: Video, expires_at: datetime) -> str:
        head = self._HEAD.pack(video.ticket_generation, int(expires_at.timestamp()))
        return urlsafe_b64encode(head + self._mac(video.id, head)).decode("ascii")

    def verify(self, video: Video, given: str, now: datetime) -> bool:
        try:
            data = urlsafe_b64decode(given.encode("ascii"))
        except (NotBase64, UnicodeEncodeError):
            return False
        head, mac = data[: self._HEAD.size], data[self._HEAD.size :]
        if not hmac.compare_digest(mac, self._mac(video.id, head)):
            return False
        generation, expires_s = self._HEAD.unpack(head)
        return generation == video.ticket_generation and now.timestamp() < expires_s

    def _mac(self, video_id: VideoId, head: bytes) -> bytes:
        return hmac.digest(self._secret, video_id.to_bytes(6, "big") + head, "sha256")[:16]
