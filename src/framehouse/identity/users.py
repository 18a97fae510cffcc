"""The people of a tenant: create one, set a password. Passwords arrive here hashed."""

from datetime import datetime

from framehouse.identity import store, tenants
from framehouse.identity.model import Role, User, UserId
from framehouse.infra.transaction import Transaction
from framehouse.kernel import NotFound, TenantId, new_content_id


async def create_user(
    tx: Transaction,
    *,
    tenant_id: TenantId,
    email: str,
    name: str,
    password_hash: str,
    role: Role,
    permissions: tuple[str, ...],
    now: datetime,
) -> User:
    """Raises Conflict when anybody of the installation has the e-mail address: it alone says who signs in."""
    await tenants.get_tenant(tx, tenant_id)
    user = User(UserId(new_content_id()), tenant_id, email, name, role, permissions, now)
    await store.insert_user(tx, user, password_hash)
    return user


async def set_password(tx: Transaction, tenant_id: TenantId, user_id: UserId, password_hash: str) -> None:
    """Ends the person's sessions too: whoever knew the old password is out."""
    if not await store.update_password(tx, tenant_id, user_id, password_hash):
        raise NotFound("There is no such user.")
    await store.delete_sessions_of(tx, user_id)
