"""Viewers' logins: create, give a new password, delete; and signing in with one.

Passwords arrive hashed, but for signing in. Which videos a login may watch is decided in `playback`.
"""

from datetime import datetime

from framehouse.identity import store, tenants
from framehouse.identity.checks import PASSWORD_LENGTH_MAX, canonical_email, refuse
from framehouse.identity.events import LoginRevoked
from framehouse.identity.model import Login
from framehouse.identity.passwords import Passwords
from framehouse.identity.sign_in import DEACTIVATED, WRONG
from framehouse.identity.throttle import SignInThrottle
from framehouse.infra.database import Database
from framehouse.infra.transaction import Transaction
from framehouse.kernel import AccessDenied, Clock, LoginId, NotFound, TenantId, new_content_id


def checked_login_password(password: str) -> str:
    """Owners choose their viewers' passwords, and existing clients choose short ones: only an empty one is refused."""
    if not password:
        raise refuse("password", "must not be empty")
    if len(password) > PASSWORD_LENGTH_MAX:
        raise refuse("password", f"must have at most {PASSWORD_LENGTH_MAX} characters")
    return password


async def create_login(tx: Transaction, tenant_id: TenantId, email: str, password_hash: str, now: datetime) -> Login:
    """Raises NotFound for the tenant, Conflict when it has a login of that e-mail address."""
    await tenants.get_tenant(tx, tenant_id)
    login = Login(LoginId(new_content_id()), tenant_id, email, 1, now, now)
    await store.insert_login(tx, login, password_hash)
    return login


async def get_login(tx: Transaction, tenant_id: TenantId, login_id: LoginId) -> Login:
    login = await store.find_login(tx, tenant_id, login_id)
    if login is None:
        raise NotFound("There is no such login.")
    return login


async def set_login_password(
    tx: Transaction, tenant_id: TenantId, login_id: LoginId, password_hash: str, now: datetime
) -> Login:
    """Whoever knew the old password is out: the login's generation rises."""
    await get_login(tx, tenant_id, login_id)
    await tx.emit(LoginRevoked(tenant_id, login_id))
    await store.update_login_password(tx, tenant_id, login_id, password_hash, now)
    return await get_login(tx, tenant_id, login_id)


async def delete_login(tx: Transaction, tenant_id: TenantId, login_id: LoginId) -> Login:
    login = await get_login(tx, tenant_id, login_id)
    await tx.emit(LoginRevoked(tenant_id, login_id))
    await store.delete_login(tx, tenant_id, login_id)
    return login


class ViewerSignIn:
    """Failures are counted apart from the console's: per tenant and e-mail address, and per network address."""

    def __init__(self, database: Database, passwords: Passwords, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = SignInThrottle(clock)

    async def sign_in(self, tenant_id: TenantId, email: str, password: str, address: str) -> Login:
        """Raises AccessDenied, the same and after the same time for an unknown e-mail address and a wrong password,
        and RateLimited while the e-mail or network address is locked out.

        The login's generation is the one that the password was compared under: a new password that is set at the same
        moment makes what is signed in with the old one worthless.
        """
        canonical = canonical_email(email) or ""
        key = f"{tenant_id} {canonical}"
        self._throttle.begin(key, address)
        async with self._database.read() as tx:
            stored = await store.login_password(tx, tenant_id, canonical)
        if not await self._passwords.matches(stored.password_hash if stored else None, password) or stored is None:
            raise AccessDenied(WRONG)
        if not stored.tenant_active:
            raise AccessDenied(DEACTIVATED)
        self._throttle.succeeded(key, address)
        return stored.login
