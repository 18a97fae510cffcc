"""What the store of logins promises, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from framehouse.identity import Identity, Login, LoginRevoked, Tenant, store
from framehouse.identity.passwords import Passwords
from framehouse.infra.database import Database
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, FakeClock, LoginId

NOW = datetime(2026, 5, 4, 3, 2, 1, 987654, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
async def told(database_url: str) -> AsyncIterator[tuple[Database, list[object]]]:
    """A database that keeps what was emitted, with the logins that were there at that moment."""
    events: list[object] = []

    async def emit(tx: Transaction, event: object) -> None:
        assert isinstance(event, LoginRevoked)
        events.append((event, await store.find_login(tx, event.tenant_id, event.login_id)))

    database = Database(database_url, emit=emit)
    yield database, events
    await database.close()


def identity_on(database: Database) -> Identity:
    cheap = Passwords(time_cost=1, memory_kib=64, parallelism=1)
    return Identity(database, SecretBox(bytes(32)), FakeClock(NOW), 6000, passwords=cheap)


async def two_tenants(database: Database) -> tuple[Tenant, Tenant]:
    identity = identity_on(database)
    return await identity.create_tenant("acme", "Acme"), await identity.create_tenant("other", "Other")


def a_login(tenant: Tenant, number: int = 1) -> Login:
    return Login(LoginId(2**47 + number), tenant.id, f"ada{number}@example.com", 1, NOW, NOW)


async def test_a_login_comes_back_as_it_went_in_for_its_tenant(database: Database) -> None:
    tenant, stranger = await two_tenants(database)
    login = a_login(tenant)
    async with database.write() as tx:
        await store.insert_login(tx, login, "hash")
    async with database.read() as tx:
        assert await store.find_login(tx, tenant.id, login.id) == login
        assert await store.find_login(tx, stranger.id, login.id) is None
        assert await store.login_password(tx, tenant.id, login.email) == store.LoginPassword(login, True, "hash")
        assert await store.login_password(tx, stranger.id, login.email) is None
        assert await store.page_of_logins(tx, stranger.id, 0, 9) == ([], 0)


async def test_a_new_password_and_deleting_are_the_tenants_alone(database: Database) -> None:
    tenant, stranger = await two_tenants(database)
    login = a_login(tenant)
    async with database.write() as tx:
        await store.insert_login(tx, login, "hash")
        await store.update_login_password(tx, stranger.id, login.id, "stolen", LATER)
        await store.delete_login(tx, stranger.id, login.id)
        assert await store.login_password(tx, tenant.id, login.email) == store.LoginPassword(login, True, "hash")
        await store.update_login_password(tx, tenant.id, login.id, "new", LATER)
    changed = replace(login, generation=2, updated_at=LATER)
    async with database.write() as tx:
        assert await store.login_password(tx, tenant.id, login.email) == store.LoginPassword(changed, True, "new")
        await store.delete_login(tx, tenant.id, login.id)
        assert await store.find_login(tx, tenant.id, login.id) is None


async def test_pages_have_one_order_where_times_are_equal(database: Database) -> None:
    tenant, _ = await two_tenants(database)
    made = [a_login(tenant, number) for number in range(5)]
    made[2] = replace(made[2], created_at=LATER)
    async with database.write() as tx:
        for login in made:
            await store.insert_login(tx, login, "hash")
    async with database.read() as tx:
        expected = [made[2], made[4], made[3], made[1], made[0]]
        assert await store.page_of_logins(tx, tenant.id, 0, 3) == (expected[:3], 5)
        assert await store.page_of_logins(tx, tenant.id, 3, 3) == (expected[3:], 5)


async def test_two_that_take_one_address_at_once_are_one(database: Database) -> None:
    tenant, _ = await two_tenants(database)
    identity = identity_on(database)
    made = [identity.create_login(tenant.id, "ada@example.com", "x") for _ in range(6)]
    results = await asyncio.gather(*made, return_exceptions=True)
    assert sum(isinstance(result, Login) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 5


async def test_what_hangs_on_a_login_is_told_before_it_changes(told: tuple[Database, list[object]]) -> None:
    database, events = told
    tenant, _ = await two_tenants(database)
    identity = identity_on(database)
    login = await identity.create_login(tenant.id, "ada@example.com", "x")
    changed = await identity.set_login_password(tenant.id, login.id, "y")
    await identity.delete_login(tenant.id, login.id)
    event = LoginRevoked(tenant.id, login.id)
    assert events == [(event, login), (event, changed)]
