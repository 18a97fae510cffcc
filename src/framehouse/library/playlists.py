"""Playlists: create, find, list, change, delete; and a playlist with its videos as viewers see it."""

import secrets as random
from collections.abc import Sequence
from typing import Any

from framehouse.infra.transaction import Transaction
from framehouse.kernel import PlaylistId, Unchanged, VideoId, new_content_id
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.errors import no_such
from framehouse.library.model import Page, Privacy
from framehouse.library.playlist_model import NewPlaylist, Playlist, PlaylistChanges, PublishedPlaylist
from framehouse.library.store import playlists
from framehouse.library.texts import check_letters, checked_text, refused

VIDEOS_MAX = 1000
PRIVACIES = (Privacy.PRIVATE, Privacy.PASSWORD, Privacy.PUBLIC)


async def create_playlist(context: LibraryContext, owner: Owner, new: NewPlaylist) -> Playlist:
    """Raises InvalidInput, and NotFound for a video that the tenant does not have."""
    now = context.clock.now()
    playlist = Playlist(
        id=PlaylistId(new_content_id()),
        tenant_id=owner.tenant_id,
        title=checked_text("title", new.title),
        privacy=new.privacy,
        password_sealed=_sealed(context, new.password),
        embed_token=random.token_hex(8),
        generation=1,
        video_ids=tuple(new.video_ids),
        created_at=now,
        updated_at=now,
    )
    _check_access(playlist.privacy, playlist.password_sealed)
    async with context.database.write() as tx:
        await _check_videos(tx, owner, playlist.video_ids)
        await playlists.insert(tx, playlist)
    return playlist


async def get_playlist(context: LibraryContext, owner: Owner, playlist_id: PlaylistId) -> Playlist:
    async with context.database.read() as tx:
        return await _own(tx, owner, playlist_id)


async def list_playlists(context: LibraryContext, owner: Owner, *, offset: int = 0, limit: int = 25) -> Page[Playlist]:
    """Newest first."""
    async with context.database.read() as tx:
        return await playlists.page(tx, owner.tenant_id, offset, limit)


async def change_playlist(
    context: LibraryContext, owner: Owner, playlist_id: PlaylistId, changes: PlaylistChanges
) -> Playlist:
    """Change what is given. Another privacy or password ends what viewers have proven. Raises as `create_playlist`."""
    async with context.database.write() as tx:
        playlist = await _own(tx, owner, playlist_id, lock=True)
        values = _changed(context, playlist, changes)
        if not isinstance(changes.video_ids, Unchanged):
            await _check_videos(tx, owner, changes.video_ids)
            await playlists.replace_videos(tx, playlist_id, changes.video_ids)
        await playlists.update(tx, owner.tenant_id, playlist_id, values)
        return await _own(tx, owner, playlist_id)


async def delete_playlist(context: LibraryContext, owner: Owner, playlist_id: PlaylistId) -> Playlist:
    """Its videos stay."""
    async with context.database.write() as tx:
        playlist = await _own(tx, owner, playlist_id, lock=True)
        await playlists.delete(tx, owner.tenant_id, playlist_id)
    return playlist


async def published_playlist(context: LibraryContext, playlist_id: PlaylistId) -> PublishedPlaylist | None:
    """A playlist with its videos in order, whoever's it is: the caller asks who may see what."""
    async with context.database.read() as tx:
        found = await playlists.published(tx, playlist_id)
    return PublishedPlaylist(*found) if found is not None else None


def _changed(context: LibraryContext, playlist: Playlist, changes: PlaylistChanges) -> dict[str, Any]:
    values: dict[str, Any] = {"updated_at": context.clock.now()}
    if not isinstance(changes.title, Unchanged):
        values["title"] = checked_text("title", changes.title)
    privacy = playlist.privacy if isinstance(changes.privacy, Unchanged) else changes.privacy
    sealed = playlist.password_sealed
    if not isinstance(changes.password, Unchanged) and (changes.password or None) != _password(context, playlist):
        sealed = _sealed(context, changes.password)
    _check_access(privacy, sealed)
    if (privacy, sealed) != (playlist.privacy, playlist.password_sealed):
        values |= {"privacy": privacy.value, "password_sealed": sealed, "generation": playlist.generation + 1}
    return values


def _sealed(context: LibraryContext, password: str | None) -> str | None:
    check_letters("password", password or "")
    return context.secrets.encrypt(password) if password else None


def _password(context: LibraryContext, playlist: Playlist) -> str | None:
    return context.secrets.decrypt(playlist.password_sealed) if playlist.password_sealed else None


def _check_access(privacy: Privacy, password_sealed: str | None) -> None:
    if privacy not in PRIVACIES:
        raise refused("privacy", "of a playlist is private, password or public")
    if privacy is Privacy.PASSWORD and not password_sealed:
        raise refused("password", "is missing: a password-protected playlist needs one")


async def _check_videos(tx: Transaction, owner: Owner, video_ids: Sequence[VideoId]) -> None:
    if len(video_ids) > VIDEOS_MAX:
        raise refused("video_ids", f"are more than the {VIDEOS_MAX} that a playlist holds")
    wanted = set(video_ids)
    if wanted and await playlists.own_videos(tx, owner.tenant_id, sorted(wanted)) != wanted:
        raise no_such("video")


async def _own(tx: Transaction, owner: Owner, playlist_id: PlaylistId, *, lock: bool = False) -> Playlist:
    playlist = await playlists.get(tx, owner.tenant_id, playlist_id, lock=lock)
    if playlist is None:
        raise no_such("playlist")
    return playlist
