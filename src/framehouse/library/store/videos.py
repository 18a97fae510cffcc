"""Videos in the database. Every call takes the tenant, except the two that say why not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import FolderId, ProjectId, TenantId, VideoId
from framehouse.library.model import Page, Privacy, TagId, Video, VideoState
from framehouse.library.store import rows
from framehouse.library.store.tables import tags, video_tags, videos

ORDERS = {
    "created_at": videos.c.created_at,
    "updated_at": videos.c.updated_at,
    "title": sa.func.lower(videos.c.title),
    "duration": videos.c.duration_ms,
}


@dataclass(frozen=True)
class VideoQuery:
    """Which videos, in what order. None means "any"."""

    tag_id: TagId | None = None
    tag_name: str | None = None
    privacy: Privacy | None = None
    states: Sequence[VideoState] | None = None
    project_id: ProjectId | None = None
    folder_id: FolderId | None = None
    ids: Sequence[VideoId] | None = None
    order_by: str = "created_at"
    descending: bool = True
    offset: int = 0
    limit: int = 25


async def insert(tx: Transaction, values: dict[str, Any], tag_ids: Iterable[TagId]) -> None:
    await tx.execute(sa.insert(videos).values(values))
    await replace_tags(tx, values["tenant_id"], values["id"], tag_ids)


async def get(tx: Transaction, tenant_id: TenantId, video_id: VideoId, *, lock: bool = False) -> Video | None:
    statement = sa.select(videos).where(
        videos.c.id == video_id, videos.c.tenant_id == tenant_id, videos.c.deleted_at.is_(None)
    )
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        return None
    found = await tags_of(tx, [video_id])
    return rows.video(row, found[video_id])


async def get_unscoped(tx: Transaction, video_id: VideoId) -> Video | None:
    """For viewers and workers, who have no tenant: the id came from a signed URL or from durable work."""
    statement = sa.select(videos).where(videos.c.id == video_id, videos.c.deleted_at.is_(None))
    row = (await tx.execute(statement)).one_or_none()
    return rows.video(row) if row is not None else None


async def page(tx: Transaction, tenant_id: TenantId, query: VideoQuery) -> Page[Video]:
    """One page and the number of all matching videos, in three queries whatever the page's size."""
    where, order = selection(tenant_id, query)
    total = (await tx.execute(sa.select(sa.func.count()).select_from(videos).where(*where))).scalar_one()
    statement = sa.select(videos).where(*where).order_by(*order).offset(query.offset).limit(query.limit)
    selected = (await tx.execute(statement)).all()
    found = await tags_of(tx, [row.id for row in selected])
    return Page(tuple(rows.video(row, found[row.id]) for row in selected), total)


def selection(
    tenant_id: TenantId, query: VideoQuery
) -> tuple[list[sa.ColumnElement[bool]], list[sa.ColumnElement[Any]]]:
    """Conditions and order of a query."""
    order = ORDERS[query.order_by]
    # an unknown length counts as the shortest: the engines would place it at opposite ends
    direction = order.desc().nulls_last() if query.descending else order.asc().nulls_first()
    tie = videos.c.id.desc() if query.descending else videos.c.id.asc()
    return _where(tenant_id, query), [direction, tie]


def _where(tenant_id: TenantId, query: VideoQuery) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = [videos.c.tenant_id == tenant_id, videos.c.deleted_at.is_(None)]
    tagged = sa.select(video_tags.c.video_id)
    if query.tag_id is not None:
        where.append(videos.c.id.in_(tagged.where(video_tags.c.tag_id == query.tag_id)))
    if query.tag_name is not None:
        named = tagged.join(tags, tags.c.id == video_tags.c.tag_id)
        where.append(videos.c.id.in_(named.where(tags.c.tenant_id == tenant_id, tags.c.name == query.tag_name)))
    if query.privacy is not None:
        where.append(videos.c.privacy == query.privacy.value)
    if query.states is not None:
        where.append(videos.c.state.in_([state.value for state in query.states]))
    if query.project_id is not None:
        where.append(videos.c.project_id == query.project_id)
    if query.folder_id is not None:
        where.append(videos.c.folder_id == query.folder_id)
    if query.ids is not None:
        where.append(videos.c.id.in_(query.ids))
    return where


async def update(tx: Transaction, tenant_id: TenantId, video_id: VideoId, values: dict[str, Any]) -> bool:
    result = await tx.execute(
        sa.update(videos)
        .where(videos.c.id == video_id, videos.c.tenant_id == tenant_id, videos.c.deleted_at.is_(None))
        .values(values)
    )
    return result.rowcount > 0


async def deleted_before(tx: Transaction, before: datetime, limit: int) -> list[VideoId]:
    """Tombstones of all tenants, for housekeeping."""
    found = await tx.execute(sa.select(videos.c.id).where(videos.c.deleted_at < before).limit(limit))
    return [VideoId(row.id) for row in found]


async def remove(tx: Transaction, video_id: VideoId) -> None:
    """The last step of a deletion: the bytes are gone."""
    await tx.execute(sa.delete(videos).where(videos.c.id == video_id, videos.c.deleted_at.is_not(None)))


async def used_bytes(tx: Transaction, tenant_id: TenantId) -> int:
    """Bytes of the tenant's sources."""
    total = sa.select(sa.func.coalesce(sa.func.sum(videos.c.source_size_bytes), 0))
    found = await tx.execute(total.where(videos.c.tenant_id == tenant_id, videos.c.deleted_at.is_(None)))
    return int(found.scalar_one())


async def tags_of(tx: Transaction, video_ids: Sequence[int]) -> dict[int, tuple[TagId, ...]]:
    found: dict[int, tuple[TagId, ...]] = defaultdict(tuple)
    if video_ids:
        statement = sa.select(video_tags).where(video_tags.c.video_id.in_(video_ids)).order_by(video_tags.c.tag_id)
        for row in await tx.execute(statement):
            found[row.video_id] += (TagId(row.tag_id),)
    return found


async def replace_tags(tx: Transaction, tenant_id: TenantId, video_id: VideoId, tag_ids: Iterable[TagId]) -> None:
    """Tags of other tenants are left out, as if they did not exist."""
    await tx.execute(sa.delete(video_tags).where(video_tags.c.video_id == video_id))
    wanted = list(dict.fromkeys(tag_ids))
    if not wanted:
        return
    own = await tx.execute(sa.select(tags.c.id).where(tags.c.tenant_id == tenant_id, tags.c.id.in_(wanted)))
    links = [{"video_id": video_id, "tag_id": row.id} for row in own]
    if links:
        await tx.execute(sa.insert(video_tags), links)


async def playable_between(tx: Transaction, after: datetime, until: datetime) -> list[float]:
    """Seconds from received to playable of the videos that became playable in (after, until]; of all tenants."""
    statement = sa.select(videos.c.received_at, videos.c.playable_at).where(
        videos.c.playable_at > after, videos.c.playable_at <= until, videos.c.received_at.is_not(None)
    )
    return [(row.playable_at - row.received_at).total_seconds() for row in await tx.execute(statement)]


async def count_by_state(tx: Transaction) -> dict[str, int]:
    """Of all tenants."""
    statement = sa.select(videos.c.state, sa.func.count().label("many")).where(videos.c.deleted_at.is_(None))
    return {row.state: row.many for row in await tx.execute(statement.group_by(videos.c.state))}
