"""Access to a playlist: its page, its embed, the proof of its password. Each video in it keeps its own policy.

A playlist's pass is a short signed text with what was shown so far, good as a cookie and, where a frame on another site
gets none, in the query. It opens no video; those have passes of their own.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from struct import Struct

from framehouse import identity, library
from framehouse.kernel import PlaylistId, TenantId, to_hex
from framehouse.library import Playlist, Privacy, PublishedPlaylist
from framehouse.playback.context import PlaybackContext
from framehouse.playback.model import Allowed, Decision, DenialReason, Denied, Place

_PURPOSE = "playlist-pass"
_HEAD = Struct(">?II")  # password shown, generation, expiry in seconds since 1970; then the embedding host's name
_MAC_BYTES = 16  # half of HMAC-SHA256: RFC 2104 section 5
_TEXT_MAX = 1000


@dataclass(frozen=True)
class PlaylistProofs:
    """`host` is the site that embeds the playlist."""

    password: bool = False
    host: str | None = None


async def find_playlist(context: PlaybackContext, playlist_id: PlaylistId) -> PublishedPlaylist | None:
    return await library.published_playlist(context.library, playlist_id)


async def find_playlist_by_embed_address(
    context: PlaybackContext, playlist_id: PlaylistId, token: str
) -> PublishedPlaylist | None:
    """None for an unknown playlist and for a wrong token alike."""
    published = await find_playlist(context, playlist_id)
    if published is None:
        return None
    known = hmac.compare_digest(published.playlist.embed_token.encode(), token.encode("utf-8", "surrogatepass"))
    return published if known else None


async def may_see_playlist(
    context: PlaybackContext, playlist: Playlist, place: Place, *, owner: TenantId | None, password_proven: bool
) -> Decision:
    """`owner` is the tenant who is signed in, if any. A private playlist embeds anywhere, its page is its owner's; a
    password is asked for on both."""
    if owner is not None and owner == playlist.tenant_id:
        return Allowed()
    if not await tenant_is_active(context, playlist.tenant_id):
        return Denied(DenialReason.TENANT_INACTIVE, "This playlist is not available at the moment.")
    if playlist.privacy is Privacy.PRIVATE and place is Place.PAGE:
        return Denied(DenialReason.OWNER_ONLY, "This playlist is private.")
    if playlist.privacy is Privacy.PASSWORD and not password_proven:
        return Denied(DenialReason.PASSWORD_REQUIRED, "This playlist is protected. Enter its password to see it.")
    return Allowed()


async def tenant_is_active(context: PlaybackContext, tenant_id: TenantId) -> bool:
    """Whether the tenant's videos and playlists are shown to anybody."""
    async with context.library.database.read() as tx:
        tenant = await identity.find_tenant(tx, tenant_id)
    return tenant is not None and tenant.active


def is_playlist_password(context: PlaybackContext, playlist: Playlist, given: str, address: str) -> bool:
    """RateLimited after too many wrong ones from one address. Constant time."""
    now = context.library.clock.now()
    key = f"playlist/{to_hex(playlist.id)}/{address}"
    context.wrong_passwords.check(key, now)
    sealed = playlist.password_sealed
    right = context.library.secrets.decrypt(sealed) if sealed is not None else None
    if right is None or not hmac.compare_digest(right.encode(), given.encode("utf-8", "surrogatepass")):
        context.wrong_passwords.failed(key, now)
        return False
    context.wrong_passwords.succeeded(key)
    return True


def playlist_pass(context: PlaybackContext, playlist: Playlist, proofs: PlaylistProofs, ends_at: datetime) -> str:
    """Base64url; expiry is cut to whole seconds."""
    head = _HEAD.pack(proofs.password, playlist.generation, int(ends_at.timestamp()))
    body = head + (proofs.host or "").encode("utf-8", "replace")
    return urlsafe_b64encode(_mac(context, playlist, body) + body).decode("ascii").rstrip("=")


def proofs_in_pass(context: PlaybackContext, playlist: Playlist, text: str) -> PlaylistProofs:
    """Nothing for what was not issued here for this playlist, and after its time. A password counts until the
    playlist's generation rises, which it does when access gets stricter."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= _TEXT_MAX else b""
    except (NotBase64, ValueError):  # ValueError: other characters than ASCII
        return PlaylistProofs()
    mac, body = data[:_MAC_BYTES], data[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(context, playlist, body)):
        return PlaylistProofs()
    password, generation, ends_s = _HEAD.unpack_from(body)
    if context.library.clock.now().timestamp() >= ends_s:
        return PlaylistProofs()
    return PlaylistProofs(password and generation == playlist.generation, body[_HEAD.size :].decode() or None)


def _mac(context: PlaybackContext, playlist: Playlist, body: bytes) -> bytes:
    return context.library.secrets.signature(_PURPOSE, playlist.id.to_bytes(6, "big") + body, length_bytes=_MAC_BYTES)
