"""SQL of the tenants table. Tenants are never deleted, only deactivated."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from framehouse.identity.model import Profile, Tenant
from framehouse.identity.store import tables
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, TenantId

_t = tables.tenants
_PROFILE = "profile"  # the key within the settings
_NO_PROFILE = Profile()
_PLAIN_COLUMNS = (
    _t.c.id,
    _t.c.slug,
    _t.c.name,
    _t.c.active,
    _t.c.rate_limit_per_minute,
    _t.c.storage_quota_bytes,
    _t.c.default_privacy,
    _t.c.created_at,
)
TENANT_COLUMNS = (*_PLAIN_COLUMNS, _t.c.settings)


def to_tenant(row: Mapping[Any, Any]) -> Tenant:
    """From a row that holds `TENANT_COLUMNS`, by column, so that a joined row serves as well."""
    stored = row[_t.c.settings].get(_PROFILE)
    profile = Profile(**stored) if stored else _NO_PROFILE
    return Tenant(**{column.name: row[column] for column in _PLAIN_COLUMNS}, profile=profile)


async def insert_tenant(tx: Transaction, tenant: Tenant) -> None:
    """Raises Conflict when the slug is taken, also by a transaction that commits at the same moment."""
    values = {column.name: getattr(tenant, column.name) for column in _PLAIN_COLUMNS}
    settings = {_PROFILE: asdict(tenant.profile)} if tenant.profile != _NO_PROFILE else {}
    try:
        await tx.execute(sa.insert(_t).values(**values, settings=settings))
    except IntegrityError as error:
        raise Conflict(f"The slug {tenant.slug} is taken.", fields={"slug": "is taken"}) from error


async def find_tenant(tx: Transaction, tenant_id: TenantId, *, for_update: bool = False) -> Tenant | None:
    statement = sa.select(*TENANT_COLUMNS).where(_t.c.id == tenant_id)
    rows = await tx.execute(statement.with_for_update() if for_update else statement)
    row = rows.mappings().one_or_none()
    return to_tenant(row) if row else None


async def find_tenant_by_slug(tx: Transaction, slug: str) -> Tenant | None:
    row = (await tx.execute(sa.select(*TENANT_COLUMNS).where(_t.c.slug == slug))).mappings().one_or_none()
    return to_tenant(row) if row else None


async def all_tenants(tx: Transaction) -> list[Tenant]:
    rows = await tx.execute(sa.select(*TENANT_COLUMNS).order_by(_t.c.slug))
    return [to_tenant(row) for row in rows.mappings()]


async def update_tenant(tx: Transaction, tenant_id: TenantId, values: Mapping[str, Any]) -> None:
    await tx.execute(sa.update(_t).where(_t.c.id == tenant_id).values(**values))


async def replace_profile(tx: Transaction, tenant_id: TenantId, profile: Profile) -> None:
    """Other settings stay. The caller holds the tenant's row locked."""
    settings = (await tx.execute(sa.select(_t.c.settings).where(_t.c.id == tenant_id))).scalar_one()
    await update_tenant(tx, tenant_id, {"settings": {**settings, _PROFILE: asdict(profile)}})
