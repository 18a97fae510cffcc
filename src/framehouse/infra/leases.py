"""Leases of workers: each renews its own, and any worker notices when another's has run out.

The workflow library has no dead-worker detection of its own; this is it.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from framehouse.infra.database import UtcDateTime, metadata
from framehouse.infra.transaction import Transaction

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("executor_id", sa.String(128), primary_key=True),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("process_id", sa.Integer, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("lease_until", UtcDateTime, nullable=False),
)


@dataclass(frozen=True)
class Worker:
    executor_id: str
    host: str
    process_id: int
    started_at: datetime
    lease_until: datetime


async def renew(tx: Transaction, worker: Worker) -> None:
    """Insert or prolong a worker's lease."""
    values = {
        "host": worker.host,
        "process_id": worker.process_id,
        "started_at": worker.started_at,
        "lease_until": worker.lease_until,
    }
    key = workers.c.executor_id == worker.executor_id
    updated = await tx.execute(sa.update(workers).where(key).values(values))
    if not updated.rowcount:
        await tx.execute(sa.insert(workers).values(executor_id=worker.executor_id, **values))


async def alive(tx: Transaction, now: datetime) -> list[Worker]:
    living = sa.select(workers).where(workers.c.lease_until > now).order_by(workers.c.executor_id)
    return [Worker(**row) for row in (await tx.execute(living)).mappings()]


async def forget_expired(tx: Transaction, before: datetime) -> None:
    """Remove leases that ran out before a time; their work was given back by then."""
    await tx.execute(sa.delete(workers).where(workers.c.lease_until < before))


async def release(tx: Transaction, executor_id: str) -> None:
    await tx.execute(sa.delete(workers).where(workers.c.executor_id == executor_id))
