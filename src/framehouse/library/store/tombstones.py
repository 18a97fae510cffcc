"""Many videos that are deleted at once: all are gone in one transaction, and what follows is told in batches.

A row of `tombstones` is a deleted video of which nobody was told yet.
"""

from datetime import datetime

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import FolderId, ProjectId, TenantId, VideoId
from framehouse.library.store import folders
from framehouse.library.store.tables import tombstones, videos
from framehouse.library.store.tables_playlists import playlist_videos


async def bury_tree(tx: Transaction, tenant_id: TenantId, folder_id: FolderId, now: datetime) -> None:
    """Delete all videos in the folder and in the folders in it, a few statements whatever their number."""
    inside = sa.and_(videos.c.tenant_id == tenant_id, videos.c.folder_id.in_(folders.tree_ids(tenant_id, folder_id)))
    await _bury(tx, inside, now)
    # also those that were deleted before: the folders they name go
    await tx.execute(sa.update(videos).where(inside).values(folder_id=None))


async def bury_project(tx: Transaction, tenant_id: TenantId, project_id: ProjectId, now: datetime) -> int:
    """Delete all videos of the project, as above; returns how many."""
    shelves = folders.ids_in_project(tenant_id, project_id)
    inside = sa.and_(
        videos.c.tenant_id == tenant_id, sa.or_(videos.c.project_id == project_id, videos.c.folder_id.in_(shelves))
    )
    buried = await _bury(tx, inside, now)
    await tx.execute(sa.update(videos).where(inside).values(folder_id=None, project_id=None))
    return buried


async def _bury(tx: Transaction, inside: "sa.ColumnElement[bool]", now: datetime) -> int:
    living = sa.select(videos.c.id).where(inside, videos.c.deleted_at.is_(None))
    # who puts one into a playlist comes before or after
    buried = len((await tx.execute(living.order_by(videos.c.id).with_for_update())).all())
    with_tenant = living.add_columns(videos.c.tenant_id)
    await tx.execute(sa.insert(tombstones).from_select(["video_id", "tenant_id"], with_tenant))
    await tx.execute(sa.delete(playlist_videos).where(playlist_videos.c.video_id.in_(living)))
    documents = sa.table("search_documents", sa.column("rowid"))
    await tx.execute(sa.delete(documents).where(documents.c.rowid.in_(living)))
    await tx.execute(sa.update(videos).where(videos.c.id.in_(living)).values(deleted_at=now, updated_at=now))
    return buried


async def are_there(tx: Transaction) -> bool:
    """Of any tenant."""
    return (await tx.execute(sa.select(tombstones.c.video_id).limit(1))).one_or_none() is not None


async def take(tx: Transaction, limit: int) -> list[tuple[TenantId, VideoId]]:
    """Some that nobody was told of, of all tenants, each given to one transaction only."""
    statement = sa.select(tombstones.c.tenant_id, tombstones.c.video_id).limit(limit).with_for_update(skip_locked=True)
    taken = [(TenantId(row.tenant_id), VideoId(row.video_id)) for row in await tx.execute(statement)]
    await tx.execute(sa.delete(tombstones).where(tombstones.c.video_id.in_([video_id for _, video_id in taken])))
    return taken
