"""Who acts: tenants, their credentials, the people who sign in."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from framehouse.identity.permissions import MEANINGS, Permission
from framehouse.kernel import UNCHANGED, AccessDenied, LoginId, TenantId, Unchanged

CredentialId = NewType("CredentialId", int)
UserId = NewType("UserId", int)


class Role(StrEnum):
    """What a credential or user may do; each includes the ones after it."""

    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"

    def includes(self, needed: "Role") -> bool:
        order = list(Role)
        return order.index(self) <= order.index(needed)


@dataclass(frozen=True)
class Profile:
    """What a tenant says of itself: whom to ask, whether its viewers may download by default, and whom to tell what
    happens to its videos, besides the address that a video may have for that."""

    company: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    download_sd: bool = False
    download_hd: bool = False
    notification_url: str | None = None


@dataclass(frozen=True)
class Tenant:
    id: TenantId
    slug: str
    name: str
    active: bool
    rate_limit_per_minute: int | None
    storage_quota_bytes: int | None
    default_privacy: str
    created_at: datetime
    profile: Profile = field(default=Profile())


@dataclass(frozen=True)
class TenantChanges:
    """Fields of a tenant to change; None means the installation's default rate limit, and no storage quota. A profile
    replaces the whole one."""

    name: str | Unchanged = UNCHANGED
    active: bool | Unchanged = UNCHANGED
    rate_limit_per_minute: int | Unchanged | None = UNCHANGED
    storage_quota_bytes: int | Unchanged | None = UNCHANGED
    default_privacy: str | Unchanged = UNCHANGED
    profile: Profile | Unchanged = UNCHANGED


@dataclass(frozen=True)
class Credential:
    """One credential, spelled for each API; the secrets themselves are not kept here."""

    id: CredentialId
    tenant_id: TenantId
    name: str
    role: Role
    public_key: str
    client_id: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class IssuedCredential:
    """A new credential with its secrets: shown once, never again."""

    credential: Credential
    tenant: Tenant
    api_key: str = field(repr=False)  # a logged or asserted object must not show its secrets
    secret_key: str = field(repr=False)
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Principal:
    """An authenticated caller of an API or of the console."""

    tenant: Tenant
    role: Role
    credential_id: CredentialId | None = None
    user_id: UserId | None = None

    @property
    def tenant_id(self) -> TenantId:
        return self.tenant.id

    def require(self, needed: Role) -> None:
        """Raise AccessDenied unless the caller's role includes the needed one."""
        if not self.role.includes(needed):
            raise AccessDenied(f"This needs the role {needed}, and the caller's role is {self.role}.")


@dataclass(frozen=True)
class User:
    """`permissions` is None for who may do what the role says; a list says all that its owner may do."""

    id: UserId
    tenant_id: TenantId
    email: str
    name: str
    role: Role
    permissions: tuple[Permission, ...] | None
    created_at: datetime

    def may(self, permission: Permission) -> bool:
        """Whether the person may do this kind of thing, as far as permissions say; roles are asked besides."""
        return self.role is Role.ADMIN or self.permissions is None or permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise AccessDenied unless the person may."""
        if not self.may(permission):
            raise AccessDenied(f"You may not {MEANINGS[permission]}. Ask an administrator of your team.")


@dataclass(frozen=True)
class UserChanges:
    name: str | Unchanged = UNCHANGED
    email: str | Unchanged = UNCHANGED
    password: str | Unchanged = field(default=UNCHANGED, repr=False)
    permissions: tuple[Permission, ...] | Unchanged = UNCHANGED


@dataclass(frozen=True)
class Login:
    """A viewer's name and password. `generation` rises with each new password and ends what was signed in before."""

    id: LoginId
    tenant_id: TenantId
    email: str
    generation: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Session:
    """A signed-in console session; only the token's fingerprint is stored."""

    user: User
    tenant: Tenant
    expires_at: datetime
    csrf_token: str = field(repr=False)

    @property
    def principal(self) -> Principal:
        return Principal(self.tenant, self.user.role, user_id=self.user.id)
