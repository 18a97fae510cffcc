"""The room's facade: each method is one use case in one transaction. Roles are enforced by who calls, not here."""

from typing import Any

from framehouse.identity import credentials, logins, store, tenants, users
from framehouse.identity.authenticate import Authenticator
from framehouse.identity.checks import checked_email, checked_name, checked_password, is_slug
from framehouse.identity.model import (
    Credential,
    CredentialId,
    IssuedCredential,
    Login,
    Principal,
    Role,
    Session,
    Tenant,
    TenantChanges,
    User,
    UserChanges,
    UserId,
)
from framehouse.identity.passwords import Passwords
from framehouse.identity.permissions import Permission
from framehouse.identity.rate_limit import RateLimiter, RateLimitStatus
from framehouse.identity.sign_in import SignIn
from framehouse.identity.tokens import AccessTokens, TokenPair
from framehouse.infra.database import Database
from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import Clock, LoginId, TenantId, Unchanged


class Identity:
    def __init__(
        self,
        database: Database,
        secrets: SecretBox,
        clock: Clock,
        default_rate_limit_per_minute: int,
        *,
        passwords: Passwords | None = None,
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._clock = clock
        self._authenticator = Authenticator(database, clock)
        self._passwords = passwords or Passwords()
        self._sign_in = SignIn(database, self._passwords, clock)
        self._viewer_sign_in = logins.ViewerSignIn(database, self._passwords, clock)
        self._tokens = AccessTokens(database, secrets, clock)
        self._rate_limiter = RateLimiter(clock, default_rate_limit_per_minute)

    async def create_tenant(self, slug: str, name: str) -> Tenant:
        """`slug`: 1 to 64 of `a-z0-9-`. Raises InvalidInput, Conflict when the slug is taken."""
        async with self._database.write() as tx:
            return await tenants.create_tenant(tx, slug, name, self._clock.now())

    async def get_tenant(self, tenant_id: TenantId) -> Tenant:
        """Raises NotFound."""
        async with self._database.read() as tx:
            return await tenants.get_tenant(tx, tenant_id)

    async def tenant_by_slug(self, slug: str) -> Tenant | None:
        if not is_slug(slug):
            return None
        async with self._database.read() as tx:
            return await store.find_tenant_by_slug(tx, slug)

    async def tenants(self) -> list[Tenant]:
        """All of them by slug, the inactive too."""
        async with self._database.read() as tx:
            return await store.all_tenants(tx)

    async def update_tenant(self, tenant_id: TenantId, changes: TenantChanges) -> Tenant:
        """The changed tenant; in effect at once in this process, within a second in others. NotFound, InvalidInput."""
        async with self._database.write() as tx:
            tx.after_commit(self._authenticator.forget)
            return await tenants.update_tenant(tx, tenant_id, changes)

    async def issue_credential(self, tenant_id: TenantId, name: str, role: Role = Role.ADMIN) -> IssuedCredential:
        """A new credential with its secrets, which nobody can see again. Raises NotFound, InvalidInput."""
        async with self._database.write() as tx:
            return await credentials.issue_credential(tx, self._secrets, tenant_id, name, role, self._clock.now())

    async def credentials(self, tenant_id: TenantId) -> list[Credential]:
        """The tenant's, newest first, the revoked ones too."""
        async with self._database.read() as tx:
            return await store.credentials_of(tx, tenant_id)

    async def revoke_credential(self, tenant_id: TenantId, credential_id: CredentialId) -> None:
        """Stops working at once in this process, within a second in others. Raises NotFound."""
        async with self._database.write() as tx:
            tx.after_commit(self._authenticator.forget)
            await credentials.revoke_credential(tx, tenant_id, credential_id, self._clock.now())

    async def api_key_of(self, credential: Credential) -> str:
        """The API key itself, for signed embeds. NotFound when revoked; ValueError under another installation's key."""
        async with self._database.read() as tx:
            return await credentials.api_key_of(tx, self._secrets, credential)

    async def authenticate_api_key(self, key: str) -> Principal | None:
        """None for unknown and revoked keys and for inactive tenants."""
        return await self._authenticator.by_api_key(key)

    async def authenticate_key_pair(self, public: str, secret: str) -> Principal | None:
        return await self._authenticator.by_key_pair(public, secret)

    async def authenticate_client(self, client_id: str, client_secret: str) -> Principal | None:
        return await self._authenticator.by_client(client_id, client_secret)

    def check_rate_limit(self, tenant: Tenant) -> RateLimitStatus:
        """Count one API request of the tenant. Raises RateLimited with the seconds to wait."""
        return self._rate_limiter.check(tenant)

    def issue_tokens(self, principal: Principal, client_id: str) -> TokenPair:
        """Access and refresh token of a client whose secret was just checked."""
        return self._tokens.issue(principal, client_id)

    async def authenticate_token(self, token: str) -> Principal | None:
        return await self._tokens.authenticate(token)

    async def authenticate_refresh(self, token: str, client_id: str) -> Principal | None:
        return await self._tokens.refresh(token, client_id)

    async def revoke_token(self, token: str) -> None:
        """At once, in every process."""
        await self._tokens.revoke(token)

    async def create_user(
        self,
        tenant_id: TenantId,
        email: str,
        name: str,
        password: str,
        role: Role = Role.ADMIN,
        permissions: tuple[Permission, ...] | None = None,
    ) -> User:
        """Raises InvalidInput, NotFound for the tenant, Conflict when anybody has the e-mail address."""
        checked = checked_email(email), checked_name(name)
        password_hash = await self._passwords.hash(checked_password(password))
        async with self._database.write() as tx:
            return await users.create_user(
                tx,
                tenant_id=tenant_id,
                email=checked[0],
                name=checked[1],
                password_hash=password_hash,
                role=role,
                permissions=permissions,
                now=self._clock.now(),
            )

    async def users(self, tenant_id: TenantId) -> list[User]:
        """The tenant's people by e-mail address."""
        async with self._database.read() as tx:
            return await store.users_of(tx, tenant_id)

    async def user(self, tenant_id: TenantId, user_id: UserId) -> User:
        """Raises NotFound."""
        async with self._database.read() as tx:
            return await users.get_user(tx, tenant_id, user_id)

    async def page_of_users(self, tenant_id: TenantId, *, offset: int = 0, limit: int = 50) -> tuple[list[User], int]:
        """The oldest first, and how many there are."""
        async with self._database.read() as tx:
            return await store.page_of_users(tx, tenant_id, offset, limit)

    async def change_user(self, tenant_id: TenantId, user_id: UserId, changes: UserChanges) -> User:
        """A new password ends all sessions of the user. Raises NotFound, InvalidInput, Conflict."""
        values: dict[str, Any] = {}
        if not isinstance(changes.name, Unchanged):
            values["name"] = checked_name(changes.name)
        if not isinstance(changes.email, Unchanged):
            values["email"] = checked_email(changes.email)
        if not isinstance(changes.permissions, Unchanged):
            values["permissions"] = list(dict.fromkeys(changes.permissions))
        password_hash = None
        if not isinstance(changes.password, Unchanged):
            password_hash = await self._passwords.hash(checked_password(changes.password))
        async with self._database.write() as tx:
            return await users.change_user(tx, tenant_id, user_id, values, password_hash)

    async def delete_user(self, tenant_id: TenantId, user_id: UserId) -> User:
        """Signed out at once. Raises NotFound, Conflict for the last administrator."""
        async with self._database.write() as tx:
            return await users.delete_user(tx, tenant_id, user_id)

    async def set_password(self, tenant_id: TenantId, user_id: UserId, password: str) -> None:
        """Ends all sessions of the user. Raises InvalidInput, NotFound."""
        password_hash = await self._passwords.hash(checked_password(password))
        async with self._database.write() as tx:
            await users.set_password(tx, tenant_id, user_id, password_hash)

    async def sign_in(self, email: str, password: str, address: str) -> tuple[str, Session]:
        """Token and session. Raises AccessDenied; RateLimited while the e-mail or network address is locked out."""
        return await self._sign_in.sign_in(email, password, address)

    async def session(self, token: str) -> Session | None:
        """None when it ended. Using it moves its end to 14 days from now."""
        return await self._sign_in.session(token)

    async def sign_out(self, token: str) -> None:
        await self._sign_in.sign_out(token)

    async def create_login(self, tenant_id: TenantId, email: str, password: str) -> Login:
        """A viewer's. Raises InvalidInput, NotFound for the tenant, Conflict when it has that e-mail address."""
        canonical = checked_email(email)
        password_hash = await self._passwords.hash(logins.checked_login_password(password))
        async with self._database.write() as tx:
            return await logins.create_login(tx, tenant_id, canonical, password_hash, self._clock.now())

    async def login(self, tenant_id: TenantId, login_id: LoginId) -> Login:
        """Raises NotFound."""
        async with self._database.read() as tx:
            return await logins.get_login(tx, tenant_id, login_id)

    async def logins(self, tenant_id: TenantId, *, offset: int = 0, limit: int = 25) -> tuple[tuple[Login, ...], int]:
        """The newest first, and how many there are."""
        async with self._database.read() as tx:
            found, total = await store.page_of_logins(tx, tenant_id, offset, limit)
        return tuple(found), total

    async def set_login_password(self, tenant_id: TenantId, login_id: LoginId, password: str) -> Login:
        """Ends what was signed in with the old one. Raises InvalidInput, NotFound."""
        password_hash = await self._passwords.hash(logins.checked_login_password(password))
        async with self._database.write() as tx:
            return await logins.set_login_password(tx, tenant_id, login_id, password_hash, self._clock.now())

    async def delete_login(self, tenant_id: TenantId, login_id: LoginId) -> Login:
        """Its grants go with it. Raises NotFound."""
        async with self._database.write() as tx:
            return await logins.delete_login(tx, tenant_id, login_id)

    async def sign_in_viewer(self, tenant_id: TenantId, email: str, password: str, address: str) -> Login:
        """Raises AccessDenied; RateLimited while the e-mail or network address is locked out."""
        return await self._viewer_sign_in.sign_in(tenant_id, email, password, address)
