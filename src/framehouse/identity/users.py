"""The people of a tenant: create, change, delete one. Passwords arrive here hashed."""

from datetime import datetime
from typing import Any

from framehouse.identity import store, tenants
from framehouse.identity.model import Role, User, UserId
from framehouse.identity.permissions import Permission
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, NotFound, TenantId, new_content_id


async def create_user(
    tx: Transaction,
    *,
    tenant_id: TenantId,
    email: str,
    name: str,
    password_hash: str,
    role: Role,
    permissions: tuple[Permission, ...] | None,
    now: datetime,
) -> User:
    """Raises Conflict when anybody of the installation has the e-mail address: it alone says who signs in."""
    await tenants.get_tenant(tx, tenant_id)
    permitted = tuple(dict.fromkeys(permissions)) if permissions is not None else None
    user = User(UserId(new_content_id()), tenant_id, email, name, role, permitted, now)
    await store.insert_user(tx, user, password_hash)
    return user


async def set_password(tx: Transaction, tenant_id: TenantId, user_id: UserId, password_hash: str) -> None:
    """Ends the person's sessions too: whoever knew the old password is out."""
    if not await store.update_password(tx, tenant_id, user_id, password_hash):
        raise NotFound("There is no such user.")
    await store.delete_sessions_of(tx, user_id)


async def get_user(tx: Transaction, tenant_id: TenantId, user_id: UserId) -> User:
    user = await store.find_user(tx, tenant_id, user_id)
    if user is None:
        raise NotFound("There is no such user.")
    return user


async def change_user(
    tx: Transaction, tenant_id: TenantId, user_id: UserId, values: dict[str, Any], password_hash: str | None
) -> User:
    """`values` by column, checked. Conflict when anybody else has the new e-mail address."""
    await get_user(tx, tenant_id, user_id)
    if values:
        await store.update_user(tx, tenant_id, user_id, values)
    if password_hash is not None:
        await set_password(tx, tenant_id, user_id, password_hash)
    return await get_user(tx, tenant_id, user_id)


async def delete_user(tx: Transaction, tenant_id: TenantId, user_id: UserId) -> User:
    """Signed out at once. The last administrator stays: nobody else could sign in to everything."""
    user = await get_user(tx, tenant_id, user_id)
    if user.role is Role.ADMIN and await store.count_admins(tx, tenant_id) < 2:
        raise Conflict("The last administrator of a team cannot be deleted.")
    await store.delete_user(tx, tenant_id, user_id)
    return user
