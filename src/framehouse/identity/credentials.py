"""Credentials: one set of secrets spelled for every API, issued once and revoked at once.

Kept are fingerprints (the secrets are random, 160 bits) and, encrypted, the API key, which signs embeds.
"""

import secrets
from datetime import datetime

from framehouse.identity import store, tenants
from framehouse.identity.checks import checked_name
from framehouse.identity.model import Credential, CredentialId, IssuedCredential, Role
from framehouse.infra.secretbox import SecretBox, fingerprint
from framehouse.infra.transaction import Transaction
from framehouse.kernel import NotFound, TenantId, new_content_id

SECRET_BYTES = 20  # 160 bits; hexadecimal needs no quoting in shells, URLs and HTTP Basic


def new_secret(kind: str) -> str:
    """A random secret whose prefix tells scanners and people what they found: `fh_api_…`, `fh_sk_…`, `fh_cs_…`."""
    return f"fh_{kind}_{secrets.token_hex(SECRET_BYTES)}"


async def issue_credential(
    tx: Transaction, box: SecretBox, tenant_id: TenantId, name: str, role: Role, now: datetime
) -> IssuedCredential:
    tenant = await tenants.get_tenant(tx, tenant_id)
    credential = Credential(
        id=CredentialId(new_content_id()),
        tenant_id=tenant_id,
        name=checked_name(name),
        role=role,
        public_key=new_secret("pk"),
        client_id=new_secret("ci"),
        created_at=now,
        revoked_at=None,
    )
    issued = IssuedCredential(
        credential, tenant, api_key=new_secret("api"), secret_key=new_secret("sk"), client_secret=new_secret("cs")
    )
    stored = store.StoredSecrets(
        api_key_hash=fingerprint(issued.api_key),
        api_key_sealed=box.encrypt(issued.api_key),
        secret_key_hash=fingerprint(issued.secret_key),
        client_secret_hash=fingerprint(issued.client_secret),
    )
    await store.insert_credential(tx, credential, stored)
    return issued


async def revoke_credential(tx: Transaction, tenant_id: TenantId, credential_id: CredentialId, now: datetime) -> None:
    """Revoking again changes nothing; another tenant's credential is not found."""
    if not await store.revoke_credential(tx, tenant_id, credential_id, now):
        raise NotFound("There is no such credential.")


async def api_key_of(tx: Transaction, box: SecretBox, credential: Credential) -> str:
    """Decrypted; NotFound for a revoked credential, ValueError when the installation's key is another one."""
    sealed = await store.sealed_api_key(tx, credential.tenant_id, credential.id)
    if sealed is None:
        raise NotFound("There is no such credential.")
    return box.decrypt(sealed)


async def api_keys(tx: Transaction, box: SecretBox, tenant_id: TenantId) -> tuple[str, ...]:
    """The tenant's unrevoked API keys, decrypted, for what is signed with any of them."""
    return tuple(box.decrypt(sealed) for sealed in await store.sealed_api_keys(tx, tenant_id))
