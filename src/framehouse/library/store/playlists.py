"""Playlists in the database. Rows of their videos go with the videos, at once (`take_out`)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import PlaylistId, TenantId, VideoId
from framehouse.library.model import Page, Privacy, Video
from framehouse.library.playlist_model import Playlist
from framehouse.library.store import rows
from framehouse.library.store.tables import videos
from framehouse.library.store.tables_playlists import playlist_videos, playlists
from framehouse.library.store.videos import WITH_PROJECT


def _playlist(row: Any, video_ids: Sequence[VideoId]) -> Playlist:
    mapping = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for it)
    mapping["privacy"] = Privacy(mapping["privacy"])
    return Playlist(**mapping, video_ids=tuple(video_ids))


async def insert(tx: Transaction, playlist: Playlist) -> None:
    values = {**asdict(playlist), "privacy": playlist.privacy.value}
    del values["video_ids"]
    await tx.execute(sa.insert(playlists).values(values))
    await _insert_videos(tx, playlist.id, playlist.video_ids)


async def get(tx: Transaction, tenant_id: TenantId, playlist_id: PlaylistId, *, lock: bool = False) -> Playlist | None:
    statement = sa.select(playlists).where(playlists.c.id == playlist_id, playlists.c.tenant_id == tenant_id)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return _playlist(row, (await _videos_of(tx, [row.id]))[row.id]) if row is not None else None


async def page(tx: Transaction, tenant_id: TenantId, offset: int, limit: int) -> Page[Playlist]:
    """Newest first, in three queries whatever the page's size."""
    own = playlists.c.tenant_id == tenant_id
    total = (await tx.execute(sa.select(sa.func.count()).select_from(playlists).where(own))).scalar_one()
    statement = sa.select(playlists).where(own).order_by(playlists.c.created_at.desc(), playlists.c.id.desc())
    selected = (await tx.execute(statement.offset(offset).limit(limit))).all()
    found = await _videos_of(tx, [row.id for row in selected])
    return Page(tuple(_playlist(row, found[row.id]) for row in selected), total)


async def published(tx: Transaction, playlist_id: PlaylistId) -> tuple[Playlist, tuple[Video, ...]] | None:
    """With its videos in order. For viewers, who have no tenant: the id came from an address."""
    row = (await tx.execute(sa.select(playlists).where(playlists.c.id == playlist_id))).one_or_none()
    if row is None:
        return None
    order = (
        WITH_PROJECT.join(playlist_videos, playlist_videos.c.video_id == videos.c.id)
        .where(playlist_videos.c.playlist_id == playlist_id, videos.c.deleted_at.is_(None))
        .order_by(playlist_videos.c.position)
    )
    shown = tuple(rows.video(each) for each in await tx.execute(order))
    return _playlist(row, [video.id for video in shown]), shown


async def own_videos(tx: Transaction, tenant_id: TenantId, video_ids: Sequence[VideoId]) -> set[int]:
    """Those that the tenant has, and that nobody deletes before the transaction ends."""
    own = sa.and_(videos.c.id.in_(video_ids), videos.c.tenant_id == tenant_id, videos.c.deleted_at.is_(None))
    statement = sa.select(videos.c.id).where(own).order_by(videos.c.id).with_for_update(read=True)
    return {row.id for row in await tx.execute(statement)}


async def update(tx: Transaction, tenant_id: TenantId, playlist_id: PlaylistId, values: dict[str, Any]) -> None:
    own = sa.and_(playlists.c.id == playlist_id, playlists.c.tenant_id == tenant_id)
    await tx.execute(sa.update(playlists).where(own).values(values))


async def replace_videos(tx: Transaction, playlist_id: PlaylistId, video_ids: Sequence[VideoId]) -> None:
    """Of a playlist that the caller holds locked, with videos that are its tenant's."""
    await tx.execute(sa.delete(playlist_videos).where(playlist_videos.c.playlist_id == playlist_id))
    await _insert_videos(tx, playlist_id, video_ids)


async def take_out(tx: Transaction, video_id: VideoId) -> None:
    """Of every playlist it is in; those are its own tenant's."""
    await tx.execute(sa.delete(playlist_videos).where(playlist_videos.c.video_id == video_id))


async def delete(tx: Transaction, tenant_id: TenantId, playlist_id: PlaylistId) -> None:
    own = sa.and_(playlists.c.id == playlist_id, playlists.c.tenant_id == tenant_id)
    await tx.execute(sa.delete(playlists).where(own))


async def _insert_videos(tx: Transaction, playlist_id: PlaylistId, video_ids: Sequence[VideoId]) -> None:
    if video_ids:
        added = [
            {"playlist_id": playlist_id, "position": position, "video_id": video_id}
            for position, video_id in enumerate(video_ids)
        ]
        await tx.execute(sa.insert(playlist_videos), added)


async def _videos_of(tx: Transaction, playlist_ids: Sequence[int]) -> dict[int, list[VideoId]]:
    found: dict[int, list[VideoId]] = defaultdict(list)
    if playlist_ids:
        statement = sa.select(playlist_videos).where(playlist_videos.c.playlist_id.in_(playlist_ids))
        in_order = statement.order_by(playlist_videos.c.playlist_id, playlist_videos.c.position)
        for row in await tx.execute(in_order):
            found[row.playlist_id].append(VideoId(row.video_id))
    return found
