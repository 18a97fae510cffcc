"""SQL of the credentials table: fingerprints of secrets, and the API key sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from framehouse.identity.model import Credential, CredentialId, Principal, Role
from framehouse.identity.store import tables
from framehouse.identity.store.tenants import TENANT_COLUMNS, to_tenant
from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId

_c = tables.credentials
CREDENTIAL_COLUMNS = (
    _c.c.id,
    _c.c.tenant_id,
    _c.c.name,
    _c.c.role,
    _c.c.public_key,
    _c.c.client_id,
    _c.c.created_at,
    _c.c.revoked_at,
)


@dataclass(frozen=True)
class StoredSecrets:
    """What is kept of a credential's secrets: SHA-256 fingerprints, and the API key encrypted."""

    api_key_hash: str
    api_key_sealed: str
    secret_key_hash: str
    client_secret_hash: str


@dataclass(frozen=True)
class Claim:
    """Who a presented public part stands for, if the presented secret has this fingerprint."""

    principal: Principal
    secret_hash: str


def _to_credential(row: Mapping[Any, Any]) -> Credential:
    values: dict[str, Any] = {column.name: row[column] for column in CREDENTIAL_COLUMNS}
    values["role"] = Role(values["role"])
    return Credential(**values)


async def insert_credential(tx: Transaction, credential: Credential, secrets: StoredSecrets) -> None:
    values = {column.name: getattr(credential, column.name) for column in CREDENTIAL_COLUMNS}
    await tx.execute(sa.insert(_c).values(**values, **vars(secrets)))


async def credentials_of(tx: Transaction, tenant_id: TenantId) -> list[Credential]:
    """Newest first, the revoked ones too."""
    statement = sa.select(*CREDENTIAL_COLUMNS).where(_c.c.tenant_id == tenant_id)
    rows = await tx.execute(statement.order_by(_c.c.created_at.desc(), _c.c.id))
    return [_to_credential(row) for row in rows.mappings()]


async def revoke_credential(tx: Transaction, tenant_id: TenantId, credential_id: CredentialId, now: datetime) -> bool:
    """Whether the tenant has the credential; the time of its first revocation stays."""
    first_time = sa.func.coalesce(_c.c.revoked_at, sa.literal(now, _c.c.revoked_at.type))
    own = sa.and_(_c.c.id == credential_id, _c.c.tenant_id == tenant_id)
    return bool((await tx.execute(sa.update(_c).where(own).values(revoked_at=first_time))).rowcount)


async def sealed_api_key(tx: Transaction, tenant_id: TenantId, credential_id: CredentialId) -> str | None:
    """None for another tenant's credential and for a revoked one."""
    own = sa.and_(_c.c.id == credential_id, _c.c.tenant_id == tenant_id, _c.c.revoked_at.is_(None))
    return (await tx.execute(sa.select(_c.c.api_key_sealed).where(own))).scalar_one_or_none()


async def sealed_api_keys(tx: Transaction, tenant_id: TenantId) -> list[str]:
    """Those of the credentials that are not revoked."""
    statement = sa.select(_c.c.api_key_sealed).where(_c.c.tenant_id == tenant_id, _c.c.revoked_at.is_(None))
    return list((await tx.execute(statement.order_by(_c.c.created_at, _c.c.id))).scalars())


async def claim_by_api_key(tx: Transaction, api_key_hash: str) -> Claim | None:
    return await _claim(tx, _c.c.api_key_hash, api_key_hash, _c.c.api_key_hash)


async def claim_by_public_key(tx: Transaction, public_key: str) -> Claim | None:
    return await _claim(tx, _c.c.public_key, public_key, _c.c.secret_key_hash)


async def claim_by_client_id(tx: Transaction, client_id: str) -> Claim | None:
    return await _claim(tx, _c.c.client_id, client_id, _c.c.client_secret_hash)


async def _claim(tx: Transaction, indexed: sa.Column[str], value: str, secret_hash: sa.Column[str]) -> Claim | None:
    """One indexed query; nothing for revoked credentials and inactive tenants."""
    statement = (
        sa.select(_c.c.id, _c.c.role, secret_hash.label("secret_hash"), *TENANT_COLUMNS)
        .join(tables.tenants, tables.tenants.c.id == _c.c.tenant_id)
        .where(indexed == value, _c.c.revoked_at.is_(None), tables.tenants.c.active)
    )
    row = (await tx.execute(statement)).mappings().one_or_none()
    if row is None:
        return None
    principal = Principal(to_tenant(row), Role(row[_c.c.role]), credential_id=CredentialId(row[_c.c.id]))
    return Claim(principal, row["secret_hash"])
