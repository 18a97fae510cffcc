"""What identity's stores promise, on SQLite and on PostgreSQL; and that neither loses a concurrent update."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from framehouse.identity import (
    Credential,
    CredentialId,
    Identity,
    Permission,
    Principal,
    Role,
    Tenant,
    TenantChanges,
    User,
    UserId,
    store,
)
from framehouse.infra.database import Database
from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import Conflict, FakeClock, NotFound, TenantId

NOW = datetime(2026, 5, 4, 3, 2, 1, 987654, tzinfo=UTC)
PROCESSES = 4
INCREMENTS = 100


def a_tenant(slug: str = "acme") -> Tenant:
    return Tenant(TenantId(uuid4()), slug, "Acme ✓", True, 60, 2**40, "private", NOW)


def a_credential(tenant: Tenant, number: int = 1) -> Credential:
    return Credential(
        CredentialId(2**47 + number), tenant.id, "ci", Role.EDITOR, f"pk{number}", f"ci{number}", NOW, None
    )


def secrets_of(number: int = 1) -> store.StoredSecrets:
    return store.StoredSecrets(f"api{number}", f"sealed{number}", f"sk{number}", f"cs{number}")


def a_user(tenant: Tenant, email: str = "ann@example.com") -> User:
    permissions = (Permission.UPLOAD_VIDEO, Permission.DELETE_VIDEO)
    return User(UserId(7), tenant.id, email, "Ann", Role.VIEWER, permissions, NOW)


async def stored_tenant(database: Database, slug: str = "acme") -> Tenant:
    tenant = a_tenant(slug)
    async with database.write() as tx:
        await store.insert_tenant(tx, tenant)
    return tenant


async def test_a_tenant_comes_back_as_it_went_in(database: Database) -> None:
    tenant = await stored_tenant(database)
    async with database.read() as tx:
        assert await store.find_tenant(tx, tenant.id) == tenant
        assert await store.find_tenant_by_slug(tx, "acme") == tenant
        assert await store.find_tenant_by_slug(tx, "ACME") is None
        assert await store.all_tenants(tx) == [tenant]


async def test_a_slug_is_taken_once(database: Database) -> None:
    await stored_tenant(database)
    with pytest.raises(Conflict, match="acme is taken"):
        await stored_tenant(database)


async def test_a_tenant_is_changed_alone(database: Database) -> None:
    tenant, other = await stored_tenant(database), await stored_tenant(database, "other")
    async with database.write() as tx:
        await store.update_tenant(tx, tenant.id, {"active": False, "rate_limit_per_minute": None})
    async with database.read() as tx:
        assert await store.find_tenant(tx, tenant.id) == replace(tenant, active=False, rate_limit_per_minute=None)
        assert await store.find_tenant(tx, other.id) == other


async def test_a_credential_is_found_by_each_of_its_spellings(database: Database) -> None:
    tenant = await stored_tenant(database)
    credential = a_credential(tenant)
    async with database.write() as tx:
        await store.insert_credential(tx, credential, secrets_of())
    principal = Principal(tenant, Role.EDITOR, credential_id=credential.id)
    async with database.read() as tx:
        assert await store.credentials_of(tx, tenant.id) == [credential]
        assert await store.claim_by_api_key(tx, "api1") == store.Claim(principal, "api1")
        assert await store.claim_by_public_key(tx, "pk1") == store.Claim(principal, "sk1")
        assert await store.claim_by_client_id(tx, "ci1") == store.Claim(principal, "cs1")
        assert await store.sealed_api_key(tx, tenant.id, credential.id) == "sealed1"
        assert await store.claim_by_api_key(tx, "sk1") is None


async def test_a_revoked_credential_is_found_by_none_and_keeps_its_first_time(database: Database) -> None:
    tenant = await stored_tenant(database)
    credential = a_credential(tenant)
    async with database.write() as tx:
        await store.insert_credential(tx, credential, secrets_of())
        assert await store.revoke_credential(tx, tenant.id, credential.id, NOW)
        assert await store.revoke_credential(tx, tenant.id, credential.id, NOW + timedelta(days=1))
    async with database.read() as tx:
        assert await store.claim_by_api_key(tx, "api1") is None
        assert await store.claim_by_public_key(tx, "pk1") is None
        assert await store.claim_by_client_id(tx, "ci1") is None
        assert await store.sealed_api_key(tx, tenant.id, credential.id) is None
        assert await store.credentials_of(tx, tenant.id) == [replace(credential, revoked_at=NOW)]


async def test_a_stranger_reaches_no_credential(database: Database) -> None:
    tenant, stranger = await stored_tenant(database), await stored_tenant(database, "stranger")
    credential = a_credential(tenant)
    async with database.write() as tx:
        await store.insert_credential(tx, credential, secrets_of())
        assert not await store.revoke_credential(tx, stranger.id, credential.id, NOW)
        assert await store.sealed_api_key(tx, stranger.id, credential.id) is None
        assert await store.credentials_of(tx, stranger.id) == []
        assert await store.claim_by_api_key(tx, "api1") is not None


async def test_an_inactive_tenant_has_no_claims_and_no_sessions(database: Database) -> None:
    tenant = await stored_tenant(database)
    async with database.write() as tx:
        await store.insert_credential(tx, a_credential(tenant), secrets_of())
        await store.insert_user(tx, a_user(tenant), "hash")
        await store.insert_session(tx, "token", UserId(7), "csrf", NOW, NOW + timedelta(days=1))
        assert await store.find_session(tx, "token", NOW) is not None
        await store.update_tenant(tx, tenant.id, {"active": False})
    async with database.read() as tx:
        assert await store.claim_by_api_key(tx, "api1") is None
        assert await store.find_session(tx, "token", NOW) is None


async def test_a_user_and_the_password_come_back(database: Database) -> None:
    tenant, stranger = await stored_tenant(database), await stored_tenant(database, "stranger")
    user = a_user(tenant)
    async with database.write() as tx:
        await store.insert_user(tx, user, "hash")
        assert not await store.update_password(tx, stranger.id, user.id, "stolen")
        assert await store.password_of(tx, user.email, for_update=True) == store.StoredPassword(user.id, True, "hash")
        assert await store.update_password(tx, tenant.id, user.id, "new")
    async with database.read() as tx:
        assert await store.users_of(tx, tenant.id) == [user]
        assert await store.users_of(tx, stranger.id) == []
        assert await store.password_of(tx, user.email) == store.StoredPassword(user.id, True, "new")
        assert await store.password_of(tx, "bob@example.com") is None


async def test_an_email_is_taken_once_in_the_installation(database: Database) -> None:
    tenant, other = await stored_tenant(database), await stored_tenant(database, "other")
    async with database.write() as tx:
        await store.insert_user(tx, a_user(tenant), "hash")
    with pytest.raises(Conflict, match="is taken"):
        async with database.write() as tx:
            await store.insert_user(tx, replace(a_user(other), id=UserId(8)), "hash")


async def test_a_session_lives_until_its_end_and_is_then_forgotten(database: Database) -> None:
    tenant = await stored_tenant(database)
    user, end = a_user(tenant), NOW + timedelta(days=1)
    async with database.write() as tx:
        await store.insert_user(tx, user, "hash")
        await store.insert_session(tx, "token", user.id, "csrf", NOW, end)
        session = await store.find_session(tx, "token", end - timedelta(microseconds=1))
        assert session is not None
        assert (session.user, session.tenant, session.expires_at, session.csrf_token) == (user, tenant, end, "csrf")
        assert await store.find_session(tx, "token", end) is None
        await store.extend_session(tx, "token", end + timedelta(days=1))
        assert await store.find_session(tx, "token", end) is not None
        await store.insert_session(tx, "later", user.id, "csrf", end + timedelta(days=1), end + timedelta(days=2))
        assert await store.find_session(tx, "token", NOW) is None, "ended sessions are deleted at the next sign-in"
        await store.delete_sessions_of(tx, user.id)
        assert await store.find_session(tx, "later", end) is None


async def test_two_tenants_created_at_once_with_one_slug_are_one(database: Database) -> None:
    identity = Identity(database, SecretBox(bytes(32)), FakeClock(NOW), 6000)
    results = await asyncio.gather(*(identity.create_tenant("acme", "Acme") for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(result, Tenant) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 5
    assert len(await identity.tenants()) == 1


async def test_hostile_text_is_refused_and_never_reaches_the_database(database: Database) -> None:
    identity = Identity(database, SecretBox(bytes(32)), FakeClock(NOW), 6000)
    for text in ("\0", "fh_pk_\0", "\ud800", "x" * 100_000, ""):
        assert await identity.authenticate_api_key(text) is None
        assert await identity.authenticate_key_pair(text, text) is None
        assert await identity.authenticate_client(text, text) is None
        assert await identity.session(text) is None
        assert await identity.tenant_by_slug(text) is None
    with pytest.raises(NotFound):
        await identity.update_tenant(TenantId(uuid4()), TenantChanges(name="x"))


async def test_processes_that_read_and_write_at_the_same_time_lose_nothing(
    database: Database, database_url: str
) -> None:
    tenant = await stored_tenant(database)
    async with database.write() as tx:
        await store.update_tenant(tx, tenant.id, {"storage_quota_bytes": 0})
    program = [sys.executable, str(Path(__file__).parent / "counting_process.py")]
    arguments = [database_url, str(tenant.id), str(INCREMENTS)]
    children = [subprocess.Popen([*program, *arguments], stderr=subprocess.PIPE) for _ in range(PROCESSES)]
    try:
        ends = [child.communicate(timeout=120) for child in children]
    finally:
        for child in children:
            child.kill()
    assert [child.returncode for child in children] == [0] * PROCESSES, ends
    async with database.read() as tx:
        changed = await store.find_tenant(tx, tenant.id)
    assert changed is not None
    assert changed.storage_quota_bytes == PROCESSES * INCREMENTS
