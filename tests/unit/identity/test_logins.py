"""Viewers' logins: addresses and passwords, signing in, lock-out."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from framehouse.identity import Identity, Tenant, TenantChanges
from framehouse.identity.checks import PASSWORD_LENGTH_MAX
from framehouse.identity.store import tables
from framehouse.identity.throttle import FAILURES_PER_ADDRESS, FAILURES_PER_EMAIL
from framehouse.infra.database import Database
from framehouse.kernel import (
    AccessDenied,
    Conflict,
    FakeClock,
    InvalidInput,
    LoginId,
    NotFound,
    RateLimited,
    new_tenant_id,
)

EMAIL = "ada@example.com"
PASSWORD = "x"  # as short as existing clients set them
ADDRESS = "192.0.2.1"


@pytest.fixture
async def tenant(identity: Identity) -> Tenant:
    return await identity.create_tenant("acme", "Acme")


async def fail(identity: Identity, tenant: Tenant, email: str = EMAIL, address: str = ADDRESS) -> None:
    with pytest.raises(AccessDenied):
        await identity.sign_in_viewer(tenant.id, email, "wrong", address)


async def test_a_login_signs_in_by_any_spelling_of_its_address(identity: Identity, tenant: Tenant) -> None:
    login = await identity.create_login(tenant.id, " Ada@Example.COM ", PASSWORD)
    assert (login.email, login.generation) == (EMAIL, 1)
    assert await identity.sign_in_viewer(tenant.id, "ADA@example.com", PASSWORD, ADDRESS) == login
    assert await identity.login(tenant.id, login.id) == login


async def test_an_address_is_taken_once_in_its_tenant_only(identity: Identity, tenant: Tenant) -> None:
    other = await identity.create_tenant("other", "Other")
    own = await identity.create_login(tenant.id, EMAIL, PASSWORD)
    theirs = await identity.create_login(other.id, EMAIL, "another")
    with pytest.raises(Conflict) as taken:
        await identity.create_login(tenant.id, "Ada@example.com", "third")
    assert taken.value.fields == {"email": "is taken"}
    assert await identity.sign_in_viewer(other.id, EMAIL, "another", ADDRESS) == theirs
    await fail(identity, other, EMAIL)
    with pytest.raises(NotFound, match="no such login"):
        await identity.login(other.id, own.id)


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [("ada", "x", "email"), (EMAIL, "", "password"), (EMAIL, "x" * (PASSWORD_LENGTH_MAX + 1), "password")],
)
async def test_what_is_refused(identity: Identity, tenant: Tenant, email: str, password: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await identity.create_login(tenant.id, email, password)
    assert list(refused.value.fields) == [field]


async def test_a_new_password_is_a_new_generation(identity: Identity, tenant: Tenant, clock: FakeClock) -> None:
    login = await identity.create_login(tenant.id, EMAIL, PASSWORD)
    clock.advance(timedelta(hours=1))
    changed = await identity.set_login_password(tenant.id, login.id, "new")
    assert (changed.generation, changed.created_at, changed.updated_at) == (2, login.created_at, clock.now())
    await fail(identity, tenant)
    assert (await identity.sign_in_viewer(tenant.id, EMAIL, "new", ADDRESS)).generation == 2
    with pytest.raises(InvalidInput):
        await identity.set_login_password(tenant.id, login.id, "")


async def test_a_deleted_login_is_answered_once_more_and_is_gone(identity: Identity, tenant: Tenant) -> None:
    login = await identity.create_login(tenant.id, EMAIL, PASSWORD)
    assert await identity.delete_login(tenant.id, login.id) == login
    for gone in (
        identity.login(tenant.id, login.id),
        identity.delete_login(tenant.id, login.id),
        identity.set_login_password(tenant.id, login.id, "new"),
    ):
        with pytest.raises(NotFound, match="no such login"):
            await gone
    with pytest.raises(AccessDenied):
        await identity.sign_in_viewer(tenant.id, EMAIL, PASSWORD, ADDRESS)
    await identity.create_login(tenant.id, EMAIL, PASSWORD)


async def test_unknown_tenants_have_no_logins(identity: Identity) -> None:
    with pytest.raises(NotFound, match="no such tenant"):
        await identity.create_login(new_tenant_id(), EMAIL, PASSWORD)


async def test_no_password_is_stored(identity: Identity, tenant: Tenant, database: Database) -> None:
    await identity.create_login(tenant.id, EMAIL, "correct horse")
    async with database.read() as tx:
        stored = (await tx.execute(sa.select(tables.logins.c.password_hash))).scalar_one()
    assert stored.startswith("$argon2id$")
    assert "correct horse" not in stored


async def test_pages_are_newest_first(identity: Identity, tenant: Tenant, clock: FakeClock) -> None:
    made = []
    for number in range(5):
        made.append(await identity.create_login(tenant.id, f"ada{number}@example.com", PASSWORD))
        clock.advance(timedelta(seconds=1))
    assert await identity.logins(tenant.id, offset=1, limit=2) == ((made[3], made[2]), 5)
    assert await identity.logins(tenant.id, offset=9) == ((), 5)
    stranger = await identity.create_tenant("other", "Other")
    assert await identity.logins(stranger.id) == ((), 0)


async def test_a_guessed_login_is_locked_out_for_its_tenant_only(
    identity: Identity, tenant: Tenant, clock: FakeClock
) -> None:
    await identity.create_login(tenant.id, EMAIL, PASSWORD)
    other = await identity.create_tenant("other", "Other")
    await identity.create_login(other.id, EMAIL, PASSWORD)
    for number in range(FAILURES_PER_EMAIL):
        await fail(identity, tenant, address=f"192.0.2.{number}")
    with pytest.raises(RateLimited) as locked:
        await identity.sign_in_viewer(tenant.id, EMAIL, PASSWORD, "198.51.100.1")
    assert locked.value.retry_after_s == 900
    await identity.sign_in_viewer(other.id, EMAIL, PASSWORD, "198.51.100.1")
    clock.advance(timedelta(minutes=15))
    await identity.sign_in_viewer(tenant.id, EMAIL, PASSWORD, "198.51.100.1")


async def test_who_guesses_many_addresses_is_locked_out_by_network(identity: Identity, tenant: Tenant) -> None:
    await identity.create_login(tenant.id, EMAIL, PASSWORD)
    for number in range(FAILURES_PER_ADDRESS):
        await fail(identity, tenant, f"nobody{number}@example.com")
    with pytest.raises(RateLimited):
        await identity.sign_in_viewer(tenant.id, EMAIL, PASSWORD, ADDRESS)
    await identity.sign_in_viewer(tenant.id, EMAIL, PASSWORD, "198.51.100.1")


async def test_guesses_at_the_same_moment_count_too(identity: Identity, tenant: Tenant) -> None:
    await identity.create_login(tenant.id, EMAIL, PASSWORD)
    guesses = [identity.sign_in_viewer(tenant.id, EMAIL, f"guess {number}", ADDRESS) for number in range(20)]
    results = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(result, AccessDenied) for result in results) == FAILURES_PER_EMAIL
    assert sum(isinstance(result, RateLimited) for result in results) == 20 - FAILURES_PER_EMAIL


async def test_viewers_and_the_console_count_apart(identity: Identity, tenant: Tenant) -> None:
    await identity.create_login(tenant.id, EMAIL, PASSWORD)
    await identity.create_user(tenant.id, EMAIL, "Ada", "correct horse")
    for _ in range(FAILURES_PER_EMAIL):
        await fail(identity, tenant)
    await identity.sign_in(EMAIL, "correct horse", ADDRESS)
    with pytest.raises(AccessDenied):
        await identity.sign_in(EMAIL, PASSWORD, ADDRESS)  # a viewer's password opens no console


async def test_nobody_signs_in_at_an_inactive_tenant(identity: Identity, tenant: Tenant) -> None:
    await identity.create_login(tenant.id, EMAIL, PASSWORD)
    await identity.update_tenant(tenant.id, TenantChanges(active=False))
    with pytest.raises(AccessDenied, match="deactivated"):
        await identity.sign_in_viewer(tenant.id, EMAIL, PASSWORD, ADDRESS)
    await fail(identity, tenant)


async def test_hostile_text_is_a_wrong_password(identity: Identity, tenant: Tenant) -> None:
    login = await identity.create_login(tenant.id, EMAIL, PASSWORD)
    for number, text in enumerate(("\0", "\ud800", "x" * 100_000, "")):
        with pytest.raises(AccessDenied):
            await identity.sign_in_viewer(tenant.id, text, PASSWORD, f"192.0.2.{number}")
        with pytest.raises(AccessDenied):
            await identity.sign_in_viewer(tenant.id, EMAIL, text, f"192.0.2.{number}")
    with pytest.raises(NotFound):
        await identity.login(tenant.id, LoginId(login.id + 1))
