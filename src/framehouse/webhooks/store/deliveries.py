"""Deliveries in the database."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId, VideoId
from framehouse.webhooks.model import Delivery, DeliveryState
from framehouse.webhooks.store.tables import webhook_deliveries as deliveries


async def insert(tx: Transaction, delivery: Delivery) -> None:
    await tx.execute(sa.insert(deliveries).values(**{**delivery.__dict__, "state": delivery.state.value}))


async def get(tx: Transaction, tenant_id: TenantId, delivery_id: int) -> Delivery | None:
    own = (deliveries.c.id == delivery_id, deliveries.c.tenant_id == tenant_id)
    row = (await tx.execute(sa.select(deliveries).where(*own))).one_or_none()
    return _delivery(row) if row is not None else None


async def page(
    tx: Transaction, tenant_id: TenantId, video_id: VideoId | None, offset: int, limit: int
) -> tuple[list[Delivery], int]:
    """Newest first, and how many there are."""
    where = [deliveries.c.tenant_id == tenant_id]
    if video_id is not None:
        where.append(deliveries.c.video_id == video_id)
    total = (await tx.execute(sa.select(sa.func.count()).select_from(deliveries).where(*where))).scalar_one()
    statement = sa.select(deliveries).where(*where).order_by(deliveries.c.created_at.desc(), deliveries.c.id.desc())
    return [_delivery(row) for row in await tx.execute(statement.offset(offset).limit(limit))], total


async def record_attempt(tx: Transaction, before: Delivery, values: dict[str, Any]) -> bool:
    """False when that attempt was recorded already."""
    same = (
        deliveries.c.id == before.id,
        deliveries.c.tenant_id == before.tenant_id,
        deliveries.c.state == DeliveryState.PENDING.value,
        deliveries.c.attempts == before.attempts,
    )
    counted = {**values, "attempts": before.attempts + 1}
    return (await tx.execute(sa.update(deliveries).where(*same).values(counted))).rowcount > 0


async def forget(tx: Transaction, before: datetime) -> int:
    """Ended ones of all tenants, for housekeeping."""
    ended = (deliveries.c.created_at < before, deliveries.c.state != DeliveryState.PENDING.value)
    return (await tx.execute(sa.delete(deliveries).where(*ended))).rowcount


def _delivery(row: Any) -> Delivery:
    mapping: dict[str, Any] = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for it)
    mapping["state"] = DeliveryState(mapping["state"])
    return Delivery(**mapping)
