"""Who acts: tenants, their credentials, the people who sign in, and how much each may ask. The facade is `Identity`.

`find_tenant`, `find_login` and `api_keys` are for rooms above that read in a transaction of their own.
"""

from framehouse.identity.credentials import api_keys
from framehouse.identity.events import LoginRevoked
from framehouse.identity.identity import Identity
from framehouse.identity.model import (
    UNCHANGED,
    Credential,
    CredentialId,
    IssuedCredential,
    Login,
    Principal,
    Role,
    Session,
    Tenant,
    TenantChanges,
    Unchanged,
    User,
    UserChanges,
    UserId,
)
from framehouse.identity.permissions import ENFORCED, MEANINGS, Permission
from framehouse.identity.rate_limit import RateLimiter, RateLimitStatus
from framehouse.identity.store import find_login, find_tenant

__all__ = [
    "ENFORCED",
    "MEANINGS",
    "UNCHANGED",
    "Credential",
    "CredentialId",
    "Identity",
    "IssuedCredential",
    "Login",
    "LoginRevoked",
    "Permission",
    "Principal",
    "RateLimitStatus",
    "RateLimiter",
    "Role",
    "Session",
    "Tenant",
    "TenantChanges",
    "Unchanged",
    "User",
    "UserChanges",
    "UserId",
    "api_keys",
    "find_login",
    "find_tenant",
]
