"""All SQL of the identity room."""

from framehouse.identity.store.credentials import (
    Claim,
    StoredSecrets,
    claim_by_api_key,
    claim_by_client_id,
    claim_by_public_key,
    credentials_of,
    insert_credential,
    revoke_credential,
    sealed_api_key,
)
from framehouse.identity.store.tenants import (
    all_tenants,
    find_tenant,
    find_tenant_by_slug,
    insert_tenant,
    update_tenant,
)
from framehouse.identity.store.users import (
    StoredPassword,
    delete_session,
    delete_sessions_of,
    extend_session,
    find_session,
    insert_session,
    insert_user,
    password_of,
    update_password,
    users_of,
)

__all__ = [
    "Claim",
    "StoredPassword",
    "StoredSecrets",
    "all_tenants",
    "claim_by_api_key",
    "claim_by_client_id",
    "claim_by_public_key",
    "credentials_of",
    "delete_session",
    "delete_sessions_of",
    "extend_session",
    "find_session",
    "find_tenant",
    "find_tenant_by_slug",
    "insert_credential",
    "insert_session",
    "insert_tenant",
    "insert_user",
    "password_of",
    "revoke_credential",
    "sealed_api_key",
    "update_password",
    "update_tenant",
    "users_of",
]
