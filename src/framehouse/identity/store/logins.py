"""SQL of the logins table. E-mail addresses come in their canonical form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from framehouse.identity.model import Login
from framehouse.identity.store import tables
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, LoginId, TenantId

_l = tables.logins
_COLUMNS = (_l.c.id, _l.c.tenant_id, _l.c.email, _l.c.generation, _l.c.created_at, _l.c.updated_at)


@dataclass(frozen=True)
class LoginPassword:
    login: Login
    tenant_active: bool
    password_hash: str = field(repr=False)


def _to_login(row: Mapping[Any, Any]) -> Login:
    return Login(**{column.name: row[column] for column in _COLUMNS})


def _own(tenant_id: TenantId, login_id: LoginId) -> sa.ColumnElement[bool]:
    return sa.and_(_l.c.id == login_id, _l.c.tenant_id == tenant_id)


async def insert_login(tx: Transaction, login: Login, password_hash: str) -> None:
    """Raises Conflict when the tenant has the e-mail address, also by a transaction that commits at the same moment."""
    values = {column.name: getattr(login, column.name) for column in _COLUMNS}
    try:
        await tx.execute(sa.insert(_l).values(**values, password_hash=password_hash))
    except IntegrityError as error:
        raise Conflict(f"There is a login {login.email} already.", fields={"email": "is taken"}) from error


async def find_login(tx: Transaction, tenant_id: TenantId, login_id: LoginId) -> Login | None:
    row = (await tx.execute(sa.select(*_COLUMNS).where(_own(tenant_id, login_id)))).mappings().one_or_none()
    return _to_login(row) if row else None


async def page_of_logins(tx: Transaction, tenant_id: TenantId, offset: int, limit: int) -> tuple[list[Login], int]:
    """The newest first, and how many there are."""
    own = _l.c.tenant_id == tenant_id
    total = (await tx.execute(sa.select(sa.func.count()).select_from(_l).where(own))).scalar_one()
    statement = sa.select(*_COLUMNS).where(own).order_by(_l.c.created_at.desc(), _l.c.id.desc())
    rows = await tx.execute(statement.offset(offset).limit(limit))
    return [_to_login(row) for row in rows.mappings()], total


async def login_password(tx: Transaction, tenant_id: TenantId, email: str) -> LoginPassword | None:
    statement = (
        sa.select(*_COLUMNS, _l.c.password_hash, tables.tenants.c.active)
        .join(tables.tenants, tables.tenants.c.id == _l.c.tenant_id)
        .where(_l.c.tenant_id == tenant_id, _l.c.email == email)
    )
    row = (await tx.execute(statement)).mappings().one_or_none()
    return LoginPassword(_to_login(row), row[tables.tenants.c.active], row[_l.c.password_hash]) if row else None


async def update_login_password(
    tx: Transaction, tenant_id: TenantId, login_id: LoginId, password_hash: str, now: datetime
) -> None:
    """The next generation."""
    values = {"password_hash": password_hash, "generation": _l.c.generation + 1, "updated_at": now}
    await tx.execute(sa.update(_l).where(_own(tenant_id, login_id)).values(**values))


async def delete_login(tx: Transaction, tenant_id: TenantId, login_id: LoginId) -> None:
    await tx.execute(sa.delete(_l).where(_own(tenant_id, login_id)))
