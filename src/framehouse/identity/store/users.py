"""SQL of the users and sessions tables. E-mail addresses come in their canonical form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from framehouse.identity.model import Role, Session, User, UserId
from framehouse.identity.permissions import Permission
from framehouse.identity.store import tables
from framehouse.identity.store.tenants import TENANT_COLUMNS, to_tenant
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, TenantId

_u = tables.users
_s = tables.sessions
USER_COLUMNS = (_u.c.id, _u.c.tenant_id, _u.c.email, _u.c.name, _u.c.role, _u.c.permissions, _u.c.created_at)


@dataclass(frozen=True)
class StoredPassword:
    user_id: UserId
    tenant_active: bool
    password_hash: str = field(repr=False)


def _to_user(row: Mapping[Any, Any]) -> User:
    values: dict[str, Any] = {column.name: row[column] for column in USER_COLUMNS}
    stored = values["permissions"]
    permissions = tuple(Permission(each) for each in stored) if stored is not None else None
    values.update(role=Role(values["role"]), permissions=permissions)
    return User(**values)


async def insert_user(tx: Transaction, user: User, password_hash: str) -> None:
    """Raises Conflict when the e-mail address is taken, also by a transaction that commits at the same moment."""
    values = {column.name: getattr(user, column.name) for column in USER_COLUMNS}
    try:
        await tx.execute(sa.insert(_u).values(**values, password_hash=password_hash))
    except IntegrityError as error:
        raise _taken(user.email) from error


def _taken(email: str) -> Conflict:
    return Conflict(f"The e-mail address {email} is taken.", fields={"email": "is taken"})


async def find_user(tx: Transaction, tenant_id: TenantId, user_id: UserId) -> User | None:
    rows = await tx.execute(sa.select(*USER_COLUMNS).where(_u.c.tenant_id == tenant_id, _u.c.id == user_id))
    row = rows.mappings().one_or_none()
    return _to_user(row) if row else None


async def page_of_users(tx: Transaction, tenant_id: TenantId, offset: int, limit: int) -> tuple[list[User], int]:
    """The oldest first, and how many there are."""
    own = _u.c.tenant_id == tenant_id
    total = (await tx.execute(sa.select(sa.func.count()).select_from(_u).where(own))).scalar_one()
    statement = sa.select(*USER_COLUMNS).where(own).order_by(_u.c.created_at, _u.c.id).offset(offset).limit(limit)
    return [_to_user(row) for row in (await tx.execute(statement)).mappings()], total


async def update_user(tx: Transaction, tenant_id: TenantId, user_id: UserId, values: Mapping[str, Any]) -> None:
    """Raises Conflict as inserting does."""
    try:
        await tx.execute(sa.update(_u).where(_u.c.tenant_id == tenant_id, _u.c.id == user_id).values(**values))
    except IntegrityError as error:
        raise _taken(values["email"]) from error


async def delete_user(tx: Transaction, tenant_id: TenantId, user_id: UserId) -> None:
    """With the user's sessions."""
    await tx.execute(sa.delete(_u).where(_u.c.tenant_id == tenant_id, _u.c.id == user_id))


async def count_admins(tx: Transaction, tenant_id: TenantId) -> int:
    of = sa.select(sa.func.count()).select_from(_u).where(_u.c.tenant_id == tenant_id, _u.c.role == Role.ADMIN.value)
    return (await tx.execute(of)).scalar_one()


async def users_of(tx: Transaction, tenant_id: TenantId) -> list[User]:
    rows = await tx.execute(sa.select(*USER_COLUMNS).where(_u.c.tenant_id == tenant_id).order_by(_u.c.email))
    return [_to_user(row) for row in rows.mappings()]


async def password_of(tx: Transaction, email: str, *, for_update: bool = False) -> StoredPassword | None:
    statement = (
        sa.select(_u.c.id, tables.tenants.c.active, _u.c.password_hash)
        .join(tables.tenants, tables.tenants.c.id == _u.c.tenant_id)
        .where(_u.c.email == email)
    )
    rows = await tx.execute(statement.with_for_update(of=_u) if for_update else statement)
    row = rows.mappings().one_or_none()
    return StoredPassword(UserId(row["id"]), row["active"], row["password_hash"]) if row else None


async def update_password(tx: Transaction, tenant_id: TenantId, user_id: UserId, password_hash: str) -> bool:
    """Whether the tenant has the user."""
    own = sa.and_(_u.c.id == user_id, _u.c.tenant_id == tenant_id)
    return bool((await tx.execute(sa.update(_u).where(own).values(password_hash=password_hash))).rowcount)


async def insert_session(
    tx: Transaction, token_hash: str, user_id: UserId, csrf_token: str, now: datetime, expires_at: datetime
) -> None:
    """Also forgets the sessions that ended, so that the table does not grow."""
    await tx.execute(sa.delete(_s).where(_s.c.expires_at <= now))
    values = {"token_hash": token_hash, "user_id": user_id, "csrf_token": csrf_token}
    await tx.execute(sa.insert(_s).values(**values, created_at=now, expires_at=expires_at))


async def find_session(tx: Transaction, token_hash: str, now: datetime) -> Session | None:
    """None for ended sessions and for people of inactive tenants."""
    statement = (
        sa.select(_s.c.csrf_token, _s.c.expires_at, *USER_COLUMNS, *TENANT_COLUMNS)
        .join(_u, _u.c.id == _s.c.user_id)
        .join(tables.tenants, tables.tenants.c.id == _u.c.tenant_id)
        .where(_s.c.token_hash == token_hash, _s.c.expires_at > now, tables.tenants.c.active)
    )
    row = (await tx.execute(statement)).mappings().one_or_none()
    if row is None:
        return None
    return Session(_to_user(row), to_tenant(row), row[_s.c.expires_at], row[_s.c.csrf_token])


async def extend_session(tx: Transaction, token_hash: str, expires_at: datetime) -> None:
    await tx.execute(sa.update(_s).where(_s.c.token_hash == token_hash).values(expires_at=expires_at))


async def delete_session(tx: Transaction, token_hash: str) -> None:
    await tx.execute(sa.delete(_s).where(_s.c.token_hash == token_hash))


async def delete_sessions_of(tx: Transaction, user_id: UserId) -> None:
    await tx.execute(sa.delete(_s).where(_s.c.user_id == user_id))
