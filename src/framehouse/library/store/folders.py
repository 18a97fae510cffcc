"""Folders in the database, as trees below the root of their project. What lies in them is in `videos`; how it goes with
them in `tombstones`."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import UNCHANGED, FolderId, ProjectId, TenantId, Unchanged
from framehouse.library.model import Folder, Page
from framehouse.library.store import rows
from framehouse.library.store.tables import folders, videos

LEVELS_MAX = 1000  # no tree is as deep; a walk ends even so


async def lock_trees(tx: Transaction, tenant_id: TenantId) -> None:
    """Until the transaction ends nobody else changes how the tenant's folders hang together.

    SQLite's writing transactions are alone anyway.
    """
    if tx.is_postgresql:
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(tenant_id.int & (2**63 - 1))))


async def insert(tx: Transaction, folder: Folder) -> None:
    await tx.execute(sa.insert(folders).values(**folder.__dict__))


async def get(tx: Transaction, tenant_id: TenantId, folder_id: FolderId, *, keep: bool = False) -> Folder | None:
    """`keep`: until the transaction ends nobody deletes it, so that something can be put into it."""
    statement = sa.select(folders).where(folders.c.id == folder_id, folders.c.tenant_id == tenant_id)
    row = (await tx.execute(statement.with_for_update(read=True, key_share=True) if keep else statement)).one_or_none()
    return rows.plain(Folder, row) if row is not None else None


async def page(
    tx: Transaction,
    tenant_id: TenantId,
    parent_id: FolderId | Unchanged | None,
    project_id: ProjectId | Unchanged | None,
    offset: int,
    limit: int,
) -> Page[Folder]:
    """Oldest first. `UNCHANGED` means any; None the root, and no project."""
    where: list[sa.ColumnElement[bool]] = [folders.c.tenant_id == tenant_id]
    if parent_id is not UNCHANGED:
        where.append(folders.c.parent_id == parent_id)
    if project_id is not UNCHANGED:
        where.append(folders.c.project_id == project_id)
    total = (await tx.execute(sa.select(sa.func.count()).select_from(folders).where(*where))).scalar_one()
    statement = sa.select(folders).where(*where).order_by(folders.c.created_at, folders.c.id)
    found = await tx.execute(statement.offset(offset).limit(limit))
    return Page(tuple(rows.plain(Folder, row) for row in found), total)


async def update(tx: Transaction, tenant_id: TenantId, folder_id: FolderId, values: dict[str, Any]) -> None:
    await tx.execute(
        sa.update(folders).where(folders.c.id == folder_id, folders.c.tenant_id == tenant_id).values(values)
    )


async def way_up(tx: Transaction, tenant_id: TenantId, folder_id: FolderId) -> list[FolderId]:
    """The folder and all that it lies in."""
    first = _start(tenant_id, folder_id, folders.c.parent_id)
    walk = first.cte("way_up", recursive=True)
    above = sa.select(folders.c.id, folders.c.parent_id, walk.c.level + 1)
    walk = walk.union(above.where(folders.c.id == walk.c.parent_id, walk.c.level < LEVELS_MAX))
    return [FolderId(row.id) for row in await tx.execute(sa.select(walk.c.id).order_by(walk.c.level))]


async def height(tx: Transaction, tenant_id: TenantId, folder_id: FolderId) -> int:
    """Levels of folders in it, its own included."""
    walk = _below(tenant_id, folder_id)
    return (await tx.execute(sa.select(sa.func.max(walk.c.level)))).scalar_one()


def tree_ids(tenant_id: TenantId, folder_id: FolderId) -> "sa.Select[tuple[int]]":
    """Ids of the folder and of all folders in it, to be asked for within another statement."""
    return sa.select(_below(tenant_id, folder_id).c.id)


def _below(tenant_id: TenantId, folder_id: FolderId) -> sa.CTE:
    walk = _start(tenant_id, folder_id).cte("below", recursive=True)
    inside = sa.select(folders.c.id, walk.c.level + 1)
    return walk.union(inside.where(folders.c.parent_id == walk.c.id, walk.c.level < LEVELS_MAX))


def _start(tenant_id: TenantId, folder_id: FolderId, *more: "sa.Column[Any]") -> "sa.Select[Any]":
    level = sa.literal(1, sa.Integer).label("level")
    own = sa.and_(folders.c.id == folder_id, folders.c.tenant_id == tenant_id)
    return sa.select(folders.c.id, *more, level).where(own)


async def move_tree_to_project(
    tx: Transaction, tenant_id: TenantId, folder_id: FolderId, project_id: ProjectId | None, now: datetime
) -> None:
    """The folder, all folders in it and their videos."""
    tree = tree_ids(tenant_id, folder_id)
    await tx.execute(
        sa.update(videos)
        .where(videos.c.folder_id.in_(tree))
        .values(project_id=project_id, updated_at=now, ticket_generation=videos.c.ticket_generation + 1)
    )
    await tx.execute(sa.update(folders).where(folders.c.id.in_(tree)).values(project_id=project_id, updated_at=now))


async def empty_into_root(tx: Transaction, tenant_id: TenantId, folder_id: FolderId, now: datetime) -> None:
    """What lies directly in the folder lies in the root of its project afterwards."""
    for table, column in ((videos, videos.c.folder_id), (folders, folders.c.parent_id)):
        inside = sa.and_(column == folder_id, table.c.tenant_id == tenant_id)
        await tx.execute(sa.update(table).where(inside).values({column.name: None, "updated_at": now}))


async def lock_tree(tx: Transaction, tenant_id: TenantId, folder_id: FolderId) -> None:
    """Waits for those who put something into one of its folders just now; nobody else will."""
    statement = sa.select(folders.c.id).where(folders.c.id.in_(tree_ids(tenant_id, folder_id)))
    await tx.execute(statement.order_by(folders.c.id).with_for_update())


def ids_in_project(tenant_id: TenantId, project_id: ProjectId) -> "sa.Select[tuple[int]]":
    """To be asked for within another statement."""
    return sa.select(folders.c.id).where(folders.c.project_id == project_id, folders.c.tenant_id == tenant_id)


async def lock_in_project(tx: Transaction, tenant_id: TenantId, project_id: ProjectId) -> None:
    """As `lock_tree`, for all folders of a project."""
    await tx.execute(ids_in_project(tenant_id, project_id).order_by(folders.c.id).with_for_update())


async def delete_tree(tx: Transaction, tenant_id: TenantId, folder_id: FolderId) -> None:
    """The folder and all folders in it, in which nothing may lie any more."""
    await tx.execute(sa.delete(folders).where(folders.c.id.in_(tree_ids(tenant_id, folder_id))))


async def delete_in_project(tx: Transaction, tenant_id: TenantId, project_id: ProjectId) -> None:
    """All of a project's folders, in which nothing may lie any more."""
    own = sa.and_(folders.c.project_id == project_id, folders.c.tenant_id == tenant_id)
    await tx.execute(sa.delete(folders).where(own))
