"""Counted plays in the database: kept while their tickets can be renewed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId
from framehouse.playback.model import Play
from framehouse.playback.store.tables import plays

_p = plays


async def insert_play(tx: Transaction, play: Play) -> None:
    await tx.execute(sa.insert(_p).values(**play.__dict__))


async def find_play(tx: Transaction, tenant_id: TenantId, play_id: int, now: datetime) -> Play | None:
    """None once it is over."""
    statement = sa.select(_p).where(_p.c.id == play_id, _p.c.tenant_id == tenant_id, _p.c.continues_until > now)
    row = (await tx.execute(statement)).mappings().one_or_none()
    if row is None:
        return None
    values: dict[str, Any] = {column.name: row[column] for column in _p.c}
    return Play(**values)


async def delete_ended_plays(tx: Transaction, now: datetime) -> int:
    """Of all tenants, for housekeeping; returns how many."""
    return (await tx.execute(sa.delete(_p).where(_p.c.continues_until <= now))).rowcount
