"""Sources on their way from a URL, in the database. A fetch whose video was deleted counts as gone."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId, VideoId
from framehouse.library.store import rows
from framehouse.library.store.tables import videos
from framehouse.library.store.tables_arrivals import fetches


@dataclass(frozen=True)
class Fetch:
    """`attempts` are those that failed, `problem` is what the last one met, `received_bytes` what this one has."""

    id: int
    tenant_id: TenantId
    video_id: VideoId
    url_sealed: str
    received_bytes: int
    attempts: int
    problem: str | None
    next_attempt_at: datetime | None
    created_at: datetime


_ALIVE = fetches.c.video_id.in_(sa.select(videos.c.id).where(videos.c.deleted_at.is_(None)))


async def insert(tx: Transaction, fetch: Fetch) -> None:
    await tx.execute(sa.insert(fetches).values(**fetch.__dict__))


async def get(tx: Transaction, tenant_id: TenantId, fetch_id: int) -> Fetch | None:
    own = (fetches.c.id == fetch_id, fetches.c.tenant_id == tenant_id)
    row = (await tx.execute(sa.select(fetches).where(*own, _ALIVE))).one_or_none()
    return rows.plain(Fetch, row) if row is not None else None


async def of_video(tx: Transaction, tenant_id: TenantId, video_id: VideoId) -> Fetch | None:
    own = (fetches.c.video_id == video_id, fetches.c.tenant_id == tenant_id)
    row = (await tx.execute(sa.select(fetches).where(*own, _ALIVE))).one_or_none()
    return rows.plain(Fetch, row) if row is not None else None


async def note_received(tx: Transaction, tenant_id: TenantId, fetch_id: int, received_bytes: int) -> bool:
    """False when the fetch is gone."""
    own = (fetches.c.id == fetch_id, fetches.c.tenant_id == tenant_id)
    result = await tx.execute(sa.update(fetches).where(*own, _ALIVE).values(received_bytes=received_bytes))
    return result.rowcount > 0


async def note_failure(
    tx: Transaction, tenant_id: TenantId, fetch_id: int, attempt: int, problem: str, next_attempt_at: datetime
) -> bool:
    """False when the fetch is gone, or that attempt was noted before."""
    values = {"received_bytes": 0, "attempts": attempt + 1, "problem": problem, "next_attempt_at": next_attempt_at}
    own = (fetches.c.id == fetch_id, fetches.c.tenant_id == tenant_id, fetches.c.attempts == attempt)
    return (await tx.execute(sa.update(fetches).where(*own, _ALIVE).values(**values))).rowcount > 0


async def remove(tx: Transaction, tenant_id: TenantId, fetch_id: int) -> None:
    await tx.execute(sa.delete(fetches).where(fetches.c.id == fetch_id, fetches.c.tenant_id == tenant_id))
