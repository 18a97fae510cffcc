"""Tokens that were revoked before their end."""

from datetime import datetime

import sqlalchemy as sa

from framehouse.identity.store import tables
from framehouse.infra.transaction import Transaction

_t = tables.revoked_tokens


async def revoke_token(tx: Transaction, token_id: str, until: datetime, now: datetime) -> None:
    """Remembered until then. Those whose time is over go at the same occasion."""
    await tx.execute(sa.delete(_t).where(sa.or_(_t.c.expires_at <= now, _t.c.id == token_id)))
    await tx.execute(sa.insert(_t).values(id=token_id, expires_at=until))


async def is_token_revoked(tx: Transaction, token_id: str) -> bool:
    return (await tx.execute(sa.select(_t.c.id).where(_t.c.id == token_id))).first() is not None
