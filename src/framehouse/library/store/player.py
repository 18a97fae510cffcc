"""Calls to action and chapters in the database."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId, VideoId
from framehouse.library.player_model import CallToAction, CallToActionId, Chapter
from framehouse.library.store import rows
from framehouse.library.store.tables import videos
from framehouse.library.store.tables_playlists import calls_to_action as _calls
from framehouse.library.store.tables_playlists import chapters as _chapters


async def insert_call(tx: Transaction, tenant_id: TenantId, call: CallToAction) -> None:
    await tx.execute(sa.insert(_calls).values(tenant_id=tenant_id, **call.__dict__))


async def get_call(
    tx: Transaction, tenant_id: TenantId, video_id: VideoId, call_id: CallToActionId
) -> CallToAction | None:
    row = (await tx.execute(sa.select(_calls).where(_own_call(tenant_id, video_id, call_id)))).one_or_none()
    return rows.plain(CallToAction, row) if row is not None else None


async def calls_of(tx: Transaction, video_id: VideoId) -> tuple[CallToAction, ...]:
    """In order of time. Unscoped: the caller has found the video."""
    statement = sa.select(_calls).where(_calls.c.video_id == video_id)
    in_order = statement.order_by(_calls.c.start_ms, _calls.c.created_at, _calls.c.id)
    return tuple(rows.plain(CallToAction, row) for row in await tx.execute(in_order))


async def count_calls(tx: Transaction, video_id: VideoId) -> int:
    """Unscoped as above."""
    of_video = sa.select(sa.func.count()).select_from(_calls).where(_calls.c.video_id == video_id)
    return (await tx.execute(of_video)).scalar_one()


async def update_call(
    tx: Transaction, tenant_id: TenantId, video_id: VideoId, call_id: CallToActionId, values: dict[str, Any]
) -> None:
    await tx.execute(sa.update(_calls).where(_own_call(tenant_id, video_id, call_id)).values(values))


async def delete_call(tx: Transaction, tenant_id: TenantId, video_id: VideoId, call_id: CallToActionId) -> None:
    await tx.execute(sa.delete(_calls).where(_own_call(tenant_id, video_id, call_id)))


def _own_call(tenant_id: TenantId, video_id: VideoId, call_id: CallToActionId) -> sa.ColumnElement[bool]:
    return sa.and_(_calls.c.id == call_id, _calls.c.video_id == video_id, _calls.c.tenant_id == tenant_id)


async def replace_chapters(
    tx: Transaction, tenant_id: TenantId, video_id: VideoId, chapters: Sequence[Chapter]
) -> None:
    """Of a video that the caller holds locked."""
    await tx.execute(sa.delete(_chapters).where(_chapters.c.video_id == video_id, _chapters.c.tenant_id == tenant_id))
    if chapters:
        added = [{"tenant_id": tenant_id, "video_id": video_id, **chapter.__dict__} for chapter in chapters]
        await tx.execute(sa.insert(_chapters), added)


async def chapters_of(tx: Transaction, video_id: VideoId) -> list[Chapter]:
    """In order of time. Unscoped as above."""
    statement = sa.select(_chapters.c.start_ms, _chapters.c.title, _chapters.c.end_ms)
    in_order = statement.where(_chapters.c.video_id == video_id).order_by(_chapters.c.start_ms)
    return [Chapter(row.start_ms, row.title, row.end_ms) for row in await tx.execute(in_order)]


async def length_of(tx: Transaction, video_id: VideoId) -> int | None:
    """Unscoped as above; None while it is not known."""
    return (await tx.execute(sa.select(videos.c.duration_ms).where(videos.c.id == video_id))).scalar_one_or_none()
