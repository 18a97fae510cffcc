"""Upload tokens in the database, by fingerprint."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId
from framehouse.library.store.tables_arrivals import upload_tokens as _t


@dataclass(frozen=True)
class UploadToken:
    """What a token allows: one upload for the tenant, begun before it expires."""

    tenant_id: TenantId
    return_url: str | None
    expires_at: datetime


async def insert(tx: Transaction, token_hash: str, token: UploadToken, now: datetime) -> None:
    await tx.execute(sa.insert(_t).values(token_hash=token_hash, created_at=now, **token.__dict__))


async def find(tx: Transaction, token_hash: str, now: datetime) -> UploadToken | None:
    """None when it was used or is over. Unscoped: who has the token has no tenant besides."""
    valid = sa.and_(_t.c.token_hash == token_hash, _t.c.used_at.is_(None), _t.c.expires_at > now)
    row = (await tx.execute(sa.select(_t.c.tenant_id, _t.c.return_url, _t.c.expires_at).where(valid))).one_or_none()
    return UploadToken(TenantId(row.tenant_id), row.return_url, row.expires_at) if row is not None else None


async def use(tx: Transaction, token_hash: str, now: datetime) -> bool:
    """Whether it was not used before; of several at the same time one succeeds. Unscoped as above."""
    unused = sa.and_(_t.c.token_hash == token_hash, _t.c.used_at.is_(None))
    return (await tx.execute(sa.update(_t).where(unused).values(used_at=now))).rowcount > 0


async def delete_expired(tx: Transaction, before: datetime) -> int:
    """Of all tenants, for housekeeping."""
    return (await tx.execute(sa.delete(_t).where(_t.c.expires_at < before))).rowcount
