"""Many videos that are deleted at once: all are gone in one transaction, and what follows is told in batches.

A row of `tombstones` is a deleted video of which nobody was told yet.
"""

from datetime import datetime

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import FolderId, TenantId, VideoId
from framehouse.library.store import folders
from framehouse.library.store.tables import tombstones, videos
from framehouse.library.store.tables_playlists import playlist_videos


async def bury_tree(tx: Transaction, tenant_id: TenantId, folder_id: FolderId, now: datetime) -> None:
    """Delete all videos in the folder and in the folders in it, a few statements whatever their number."""
    inside = sa.and_(videos.c.tenant_id == tenant_id, videos.c.folder_id.in_(folders.tree_ids(tenant_id, folder_id)))
    living = sa.select(videos.c.id).where(inside, videos.c.deleted_at.is_(None))
    await tx.execute(
        living.order_by(videos.c.id).with_for_update()
    )  # who puts one into a playlist comes before or after
    with_tenant = living.add_columns(videos.c.tenant_id)
    await tx.execute(sa.insert(tombstones).from_select(["video_id", "tenant_id"], with_tenant))
    await tx.execute(sa.delete(playlist_videos).where(playlist_videos.c.video_id.in_(living)))
    documents = sa.table("search_documents", sa.column("rowid"))
    await tx.execute(sa.delete(documents).where(documents.c.rowid.in_(living)))
    await tx.execute(sa.update(videos).where(videos.c.id.in_(living)).values(deleted_at=now, updated_at=now))
    # also those that were deleted before: the folders they name go
    await tx.execute(sa.update(videos).where(inside).values(folder_id=None))


async def are_there(tx: Transaction) -> bool:
    """Of any tenant."""
    return (await tx.execute(sa.select(tombstones.c.video_id).limit(1))).one_or_none() is not None


async def take(tx: Transaction, limit: int) -> list[tuple[TenantId, VideoId]]:
    """Some that nobody was told of, of all tenants, each given to one transaction only."""
    statement = sa.select(tombstones.c.tenant_id, tombstones.c.video_id).limit(limit).with_for_update(skip_locked=True)
    taken = [(TenantId(row.tenant_id), VideoId(row.video_id)) for row in await tx.execute(statement)]
    await tx.execute(sa.delete(tombstones).where(tombstones.c.video_id.in_([video_id for _, video_id in taken])))
    return taken
