"""Videos in the database. Every call takes the tenant, except the two that say why not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import FolderId, PlaylistId, ProjectId, SourceId, TenantId, VideoId
from framehouse.library.model import Page, Privacy, TagId, Video, VideoState
from framehouse.library.store import rows
from framehouse.library.store.tables import projects, sources, tags, video_tags, videos
from framehouse.library.store.tables_playlists import playlist_videos

ORDERS = {
    "created_at": videos.c.created_at,
    "updated_at": videos.c.updated_at,
    "title": sa.func.lower(videos.c.title),
    "duration": videos.c.duration_ms,
}
UNKNOWN_AT_FIRST = "duration"
# As `rows.video` shows it. Literal: PostgreSQL does not group by an expression whose values are parameters.
_SHOWN_STATE: sa.ColumnElement[str] = sa.case(
    (videos.c.replacement_source_id.is_not(None), sa.literal_column(f"'{VideoState.PROCESSING.value}'", sa.String)),
    else_=videos.c.state,
)
# A video with what its project asks of viewers: what `rows.video` takes.
WITH_PROJECT = sa.select(
    videos,
    projects.c.private.label("project_private"),
    projects.c.protected.label("project_protected"),
    projects.c.locked.label("project_locked"),
    projects.c.password_sealed.label("project_password_sealed"),
).select_from(videos.outerjoin(projects, projects.c.id == videos.c.project_id))


@dataclass(frozen=True)
class VideoQuery:
    """Which videos, in what order. None means "any"."""

    tag_id: TagId | None = None
    tag_name: str | None = None
    privacy: Privacy | None = None
    states: Sequence[VideoState] | None = None
    project_id: ProjectId | None = None
    folder_id: FolderId | None = None
    playlist_id: PlaylistId | None = None
    ids: Sequence[VideoId] | None = None
    order_by: str = "created_at"
    descending: bool = True
    offset: int = 0
    limit: int = 25


async def insert(tx: Transaction, values: dict[str, Any], tag_ids: Iterable[TagId]) -> None:
    await tx.execute(sa.insert(videos).values(values))
    await replace_tags(tx, values["tenant_id"], values["id"], tag_ids)


async def get(tx: Transaction, tenant_id: TenantId, video_id: VideoId, *, lock: bool = False) -> Video | None:
    statement = WITH_PROJECT.where(
        videos.c.id == video_id, videos.c.tenant_id == tenant_id, videos.c.deleted_at.is_(None)
    )
    row = (await tx.execute(statement.with_for_update(of=videos) if lock else statement)).one_or_none()
    if row is None:
        return None
    found = await tags_of(tx, [video_id])
    return rows.video(row, found[video_id])


async def get_unscoped(tx: Transaction, video_id: VideoId) -> Video | None:
    """For viewers and workers, who have no tenant: the id came from a signed URL or from durable work."""
    statement = WITH_PROJECT.where(videos.c.id == video_id, videos.c.deleted_at.is_(None))
    row = (await tx.execute(statement)).one_or_none()
    return rows.video(row) if row is not None else None


async def page(tx: Transaction, tenant_id: TenantId, query: VideoQuery) -> Page[Video]:
    """One page and the number of all matching videos, in three queries whatever the page's size."""
    where, order = selection(tenant_id, query)
    total = (await tx.execute(sa.select(sa.func.count()).select_from(videos).where(*where))).scalar_one()
    statement = WITH_PROJECT.where(*where).order_by(*order).offset(query.offset).limit(query.limit)
    selected = (await tx.execute(statement)).all()
    found = await tags_of(tx, [row.id for row in selected])
    return Page(tuple(rows.video(row, found[row.id]) for row in selected), total)


async def by_ids(tx: Transaction, tenant_id: TenantId, ids: Sequence[VideoId]) -> list[Video]:
    """Those that the tenant has, in no order. Found by id alone: SQLite would rather walk all of the tenant's."""
    known = (await tx.execute(WITH_PROJECT.where(videos.c.id.in_(ids)))).all()
    selected = [row for row in known if row.tenant_id == tenant_id and row.deleted_at is None]
    found = await tags_of(tx, [row.id for row in selected])
    return [rows.video(row, found[row.id]) for row in selected]


def selection(
    tenant_id: TenantId, query: VideoQuery
) -> tuple[list[sa.ColumnElement[bool]], list[sa.ColumnElement[Any]]]:
    """Conditions and order of a query."""
    order = ORDERS[query.order_by]
    direction = order.desc() if query.descending else order.asc()
    if query.order_by == UNKNOWN_AT_FIRST:
        # An unknown length counts as the shortest: the engines would place it at opposite ends. Elsewhere there are no
        # nulls, and saying where they would go keeps PostgreSQL from walking the list's index.
        direction = direction.nulls_last() if query.descending else direction.nulls_first()
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
        where.append(_SHOWN_STATE.in_([state.value for state in query.states]))
    if query.project_id is not None:
        where.append(videos.c.project_id == query.project_id)
    if query.folder_id is not None:
        where.append(videos.c.folder_id == query.folder_id)
    if query.playlist_id is not None:
        listed = sa.select(playlist_videos.c.video_id).where(playlist_videos.c.playlist_id == query.playlist_id)
        where.append(videos.c.id.in_(listed))
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


async def raise_progress(
    tx: Transaction, tenant_id: TenantId, video_id: VideoId, source_id: SourceId, percent: int
) -> None:
    """Progress of the work on a source, if it is one of the video's two; it never runs backwards."""
    own = (videos.c.id == video_id, videos.c.tenant_id == tenant_id, videos.c.deleted_at.is_(None))
    working = (videos.c.source_id == source_id, videos.c.state == VideoState.PROCESSING.value)
    higher = sa.update(videos).where(*own, *working, videos.c.progress_percent < percent)
    await tx.execute(higher.values(progress_percent=percent))
    replacing = sa.update(videos).where(*own, videos.c.replacement_source_id == source_id)
    await tx.execute(replacing.where(videos.c.replacement_percent < percent).values(replacement_percent=percent))


async def raise_ticket_generation(tx: Transaction, tenant_id: TenantId, video_ids: Sequence[VideoId]) -> None:
    own = sa.and_(videos.c.id.in_(video_ids), videos.c.tenant_id == tenant_id)
    await tx.execute(sa.update(videos).where(own).values(ticket_generation=videos.c.ticket_generation + 1))


async def unprotected_in(
    tx: Transaction, tenant_id: TenantId, project_id: ProjectId, after: VideoId, limit: int
) -> list[Video]:
    """In the order of their ids, from the one behind `after` on."""
    own = (videos.c.project_id == project_id, videos.c.tenant_id == tenant_id, videos.c.deleted_at.is_(None))
    clear = WITH_PROJECT.where(*own, videos.c.protected.is_(False), videos.c.id > after)
    return [rows.video(row) for row in await tx.execute(clear.order_by(videos.c.id).limit(limit))]


async def raise_ticket_generation_in(tx: Transaction, tenant_id: TenantId, project_id: ProjectId) -> None:
    own = sa.and_(videos.c.project_id == project_id, videos.c.tenant_id == tenant_id, videos.c.deleted_at.is_(None))
    await tx.execute(sa.update(videos).where(own).values(ticket_generation=videos.c.ticket_generation + 1))


async def remove(tx: Transaction, video_id: VideoId) -> None:
    """The last step of a deletion: the bytes are gone."""
    await tx.execute(sa.delete(videos).where(videos.c.id == video_id, videos.c.deleted_at.is_not(None)))


async def used_bytes(tx: Transaction, tenant_id: TenantId) -> int:
    """Bytes of the tenant's sources; also of those that are to replace others, or were replaced and are still there."""
    total = sa.select(sa.func.coalesce(sa.func.sum(sources.c.size_bytes), 0)).join_from(sources, videos)
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
    wanted, kept = list(dict.fromkeys(tag_ids)), list[int]()
    if wanted:  # kept until the transaction ends, and before the links: in the order of who deletes a tag
        own = sa.select(tags.c.id).where(tags.c.tenant_id == tenant_id, tags.c.id.in_(wanted)).order_by(tags.c.id)
        kept = [row.id for row in await tx.execute(own.with_for_update(read=True, key_share=True))]
    await tx.execute(sa.delete(video_tags).where(video_tags.c.video_id == video_id))
    if kept:
        await tx.execute(sa.insert(video_tags), [{"video_id": video_id, "tag_id": tag_id} for tag_id in kept])


async def playable_between(tx: Transaction, after: datetime, until: datetime) -> list[float]:
    """Seconds from received to playable of the videos that became playable in (after, until]; of all tenants."""
    statement = sa.select(videos.c.received_at, videos.c.playable_at).where(
        videos.c.playable_at > after, videos.c.playable_at <= until, videos.c.received_at.is_not(None)
    )
    return [(row.playable_at - row.received_at).total_seconds() for row in await tx.execute(statement)]


async def count_by_state(tx: Transaction) -> dict[str, int]:
    """Of all tenants."""
    shown = _SHOWN_STATE.label("shown")
    statement = sa.select(shown, sa.func.count().label("many")).where(videos.c.deleted_at.is_(None))
    return {row.shown: row.many for row in await tx.execute(statement.group_by(shown))}
