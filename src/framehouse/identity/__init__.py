"""Who acts: tenants, their credentials, the people who sign in, and how much each may ask. The facade is `Identity`.

`find_tenant`, `find_login` and `api_keys` are for rooms above that read in a transaction of their own.
"""

from framehouse.identity.checks import canonical_email
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
    Profile,
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
from framehouse.identity.throttle import network_of

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
    "Profile",
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
    "canonical_email",
    "find_login",
    "find_tenant",
    "network_of",
]
