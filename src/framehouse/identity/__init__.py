"""Who acts: tenants, their credentials, the people who sign in, and how much each may ask. The facade is `Identity`."""

from framehouse.identity.identity import Identity
from framehouse.identity.model import (
    UNCHANGED,
    Credential,
    CredentialId,
    IssuedCredential,
    Principal,
    Role,
    Session,
    Tenant,
    TenantChanges,
    Unchanged,
    User,
    UserId,
)
from framehouse.identity.rate_limit import RateLimiter, RateLimitStatus

__all__ = [
    "UNCHANGED",
    "Credential",
    "CredentialId",
    "Identity",
    "IssuedCredential",
    "Principal",
    "RateLimitStatus",
    "RateLimiter",
    "Role",
    "Session",
    "Tenant",
    "TenantChanges",
    "Unchanged",
    "User",
    "UserId",
]
