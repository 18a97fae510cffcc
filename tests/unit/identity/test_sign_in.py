"""People and their sessions: passwords, lock-out, expiry, sign-out."""

import asyncio
from datetime import timedelta

import argon2
import pytest
import sqlalchemy as sa

from framehouse.identity import Identity, Permission, Role, Session, Tenant, TenantChanges, User
from framehouse.identity.passwords import Passwords
from framehouse.identity.store import tables
from framehouse.identity.throttle import FAILURES_PER_ADDRESS, FAILURES_PER_EMAIL, SignInThrottle, network_of
from framehouse.infra.database import Database
from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import AccessDenied, Conflict, FakeClock, InvalidInput, NotFound, RateLimited

EMAIL = "ann@example.com"
UPLOADS = (Permission.UPLOAD_VIDEO,)
PASSWORD = "correct horse"
ADDRESS = "192.0.2.1"


@pytest.fixture
async def tenant(identity: Identity) -> Tenant:
    return await identity.create_tenant("acme", "Acme")


@pytest.fixture
async def user(identity: Identity, tenant: Tenant) -> User:
    return await identity.create_user(tenant.id, "  Ann@Example.COM ", "Ann", PASSWORD, Role.EDITOR, UPLOADS * 2)


async def signed_in(identity: Identity) -> tuple[str, Session]:
    return await identity.sign_in(EMAIL, PASSWORD, ADDRESS)


async def test_signing_in_gives_a_session(identity: Identity, user: User, tenant: Tenant, clock: FakeClock) -> None:
    token, session = await identity.sign_in("ANN@example.com", PASSWORD, ADDRESS)
    assert (user.email, user.role, user.permissions) == (EMAIL, Role.EDITOR, UPLOADS)
    assert (session.user, session.tenant) == (user, tenant)
    assert session.expires_at == clock.now() + timedelta(days=14)
    assert (session.principal.user_id, session.principal.role) == (user.id, Role.EDITOR)
    assert await identity.session(token) == session
    assert await identity.session(token + "x") is None
    assert await identity.users(tenant.id) == [user]


async def test_each_session_has_its_own_token_and_csrf_token(identity: Identity, user: User) -> None:
    (one, first), (two, second) = await signed_in(identity), await signed_in(identity)
    assert one != two
    assert first.csrf_token != second.csrf_token
    assert len(first.csrf_token) >= 32
    await identity.sign_out(one)
    await identity.sign_out(one)
    assert await identity.session(one) is None
    assert await identity.session(two) == second


async def test_no_password_and_no_token_is_stored(identity: Identity, database: Database, user: User) -> None:
    token, _ = await signed_in(identity)
    async with database.read() as tx:
        people = (await tx.execute(sa.select(tables.users))).mappings().all()
        sessions = (await tx.execute(sa.select(tables.sessions))).mappings().all()
    assert people[0]["password_hash"].startswith("$argon2id$")
    assert PASSWORD not in str(people)
    assert token not in str(sessions)


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "correct horsf"), (EMAIL, ""), ("bob@example.com", PASSWORD), ("\0", PASSWORD), (EMAIL, "\ud800" * 2000)],
)
async def test_what_is_wrong_is_not_told(identity: Identity, user: User, email: str, password: str) -> None:
    with pytest.raises(AccessDenied, match=r"^The e-mail address or the password is wrong\.$"):
        await identity.sign_in(email, password, ADDRESS)


async def test_an_unknown_address_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords, verified = Passwords(time_cost=1, memory_kib=64, parallelism=1), list[str]()
    stored = await passwords.hash(PASSWORD)
    verify = argon2.PasswordHasher.verify

    def counted(hasher: argon2.PasswordHasher, hashed: str, password: bytes) -> bool:
        verified.append(hashed)
        return verify(hasher, hashed, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    assert await passwords.matches(stored, PASSWORD)
    assert not await passwords.matches(None, PASSWORD)
    assert not await passwords.matches(None, "nobody's password")
    assert len(verified) == 3
    assert len({hashed.rsplit("$", 2)[0] for hashed in verified}) == 1, "the same work for both"


async def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(
    identity: Identity, database: Database, secret_box: SecretBox, user: User
) -> None:
    today = Identity(database, secret_box, FakeClock(), 5)
    token, _ = await today.sign_in(EMAIL, PASSWORD, ADDRESS)
    async with database.read() as tx:
        stored = (await tx.execute(sa.select(tables.users.c.password_hash))).scalar_one()
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await today.session(token) is not None
    await signed_in(identity)


async def test_ways_to_type_a_letter_are_one(identity: Identity, tenant: Tenant) -> None:
    await identity.create_user(tenant.id, EMAIL, "Ann", "pässwörter!")
    await identity.sign_in(EMAIL, "pa\u0308sswo\u0308rter!", ADDRESS)


async def test_a_damaged_hash_refuses(identity: Identity, database: Database, user: User) -> None:
    async with database.write() as tx:
        await tx.execute(sa.update(tables.users).values(password_hash="damaged"))
    with pytest.raises(AccessDenied):
        await signed_in(identity)


@pytest.mark.parametrize(
    "email",
    ["", "ann", "@example.com", "ann@", "a b@example.com", "ann@-x.com", "ann@x..com", "a@" + "x" * 300, "a\n@x.de"],
)
async def test_an_address_that_is_none(identity: Identity, tenant: Tenant, email: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await identity.create_user(tenant.id, email, "Ann", PASSWORD)
    assert "email" in caught.value.fields


@pytest.mark.parametrize(
    "email", ["a@b.co", "ann+tag@mail.example.com", "o'neil@example.com", "müller@büro.de", "me@nas"]
)
async def test_an_address_that_is_one(identity: Identity, tenant: Tenant, email: str) -> None:
    assert (await identity.create_user(tenant.id, email, "Ann", PASSWORD)).email == email


async def test_who_is_refused_as_a_user(identity: Identity, tenant: Tenant, user: User) -> None:
    other = await identity.create_tenant("other", "Other")
    with pytest.raises(Conflict):
        await identity.create_user(other.id, "ANN@EXAMPLE.com", "Ann", PASSWORD)
    with pytest.raises(InvalidInput, match="at least 10"):
        await identity.create_user(tenant.id, "bob@example.com", "Bob", "123456789")
    with pytest.raises(InvalidInput, match="at most 1024"):
        await identity.create_user(tenant.id, "bob@example.com", "Bob", "x" * 1025)


async def test_a_session_ends_after_14_days_without_use(identity: Identity, user: User, clock: FakeClock) -> None:
    token, _ = await signed_in(identity)
    clock.advance(timedelta(days=13, hours=23))
    session = await identity.session(token)
    assert session is not None
    assert session.expires_at == clock.now() + timedelta(days=14), "each use moves the end"
    clock.advance(timedelta(days=14))
    assert await identity.session(token) is None


async def test_using_a_session_again_at_once_writes_nothing(identity: Identity, user: User, clock: FakeClock) -> None:
    token, session = await signed_in(identity)
    clock.advance(timedelta(minutes=59))
    again = await identity.session(token)
    assert again is not None
    assert again.expires_at == session.expires_at


async def test_an_inactive_tenant_ends_sessions(identity: Identity, user: User, tenant: Tenant) -> None:
    token, _ = await signed_in(identity)
    await identity.update_tenant(tenant.id, TenantChanges(active=False))
    assert await identity.session(token) is None
    with pytest.raises(AccessDenied, match="deactivated"):
        await signed_in(identity)


async def test_a_new_password_ends_what_the_old_one_began(identity: Identity, user: User, tenant: Tenant) -> None:
    token, _ = await signed_in(identity)
    await identity.set_password(tenant.id, user.id, "battery staple")
    assert await identity.session(token) is None
    with pytest.raises(AccessDenied):
        await signed_in(identity)
    await identity.sign_in(EMAIL, "battery staple", ADDRESS)
    other = await identity.create_tenant("other", "Other")
    with pytest.raises(NotFound):
        await identity.set_password(other.id, user.id, "battery staple")
    with pytest.raises(InvalidInput):
        await identity.set_password(tenant.id, user.id, "short")


async def test_a_password_set_during_a_sign_in_wins(
    database: Database, secret_box: SecretBox, user: User, tenant: Tenant, clock: FakeClock
) -> None:
    class Overtaken(Passwords):
        """Somebody sets a new password while the old one is being verified."""

        async def matches(self, stored_hash: str | None, password: str) -> bool:
            matched = await super().matches(stored_hash, password)
            await identity.set_password(tenant.id, user.id, "battery staple")
            return matched

    overtaken = Overtaken(time_cost=1, memory_kib=64, parallelism=1)
    identity = Identity(database, secret_box, clock, 5, passwords=overtaken)
    with pytest.raises(AccessDenied):
        await signed_in(identity)
    async with database.read() as tx:
        assert (await tx.execute(sa.select(tables.sessions))).first() is None


async def test_guessing_locks_the_address_out_even_all_at_once(
    identity: Identity, user: User, clock: FakeClock
) -> None:
    guesses = [identity.sign_in(EMAIL, f"guess number {number}", ADDRESS) for number in range(FAILURES_PER_EMAIL + 3)]
    results = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(result, AccessDenied) for result in results) == FAILURES_PER_EMAIL
    assert sum(isinstance(result, RateLimited) for result in results) == 3
    with pytest.raises(RateLimited, match="in 15 minutes") as caught:
        await identity.sign_in(EMAIL, PASSWORD, "198.51.100.9")
    assert caught.value.retry_after_s == 900
    clock.advance(timedelta(minutes=15))
    await signed_in(identity)


def test_one_address_cannot_try_many_people() -> None:
    throttle = SignInThrottle(FakeClock())
    for number in range(FAILURES_PER_ADDRESS):
        throttle.begin(f"p{number}@example.com", f"2001:db8::{number:x}")
    with pytest.raises(RateLimited):
        throttle.begin("another@example.com", "2001:db8::ffff:1")
    throttle.begin("another@example.com", "2001:db8:0:1::1")


def test_success_forgives_the_email_and_counts_nothing_against_the_office() -> None:
    throttle = SignInThrottle(FakeClock())
    for _ in range(FAILURES_PER_ADDRESS * 2):
        throttle.begin(EMAIL, ADDRESS)
        throttle.succeeded(EMAIL, ADDRESS)
    for _ in range(FAILURES_PER_EMAIL):
        throttle.begin(EMAIL, ADDRESS)
    with pytest.raises(RateLimited):
        throttle.begin(EMAIL, ADDRESS)


def test_the_memory_of_failures_is_bounded() -> None:
    throttle = SignInThrottle(FakeClock(), keys_max=10)
    for number in range(50):
        throttle.begin(f"p{number}@example.com", f"192.0.2.{number}")
    assert len(throttle._counts) == 10


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
    ],
)
def test_what_one_person_commands(address: str, network: str) -> None:
    assert network_of(address) == network
