"""One credential in its four spellings: issued, used, remembered for a second, revoked."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from framehouse.identity import Credential, Identity, IssuedCredential, Principal, Role, Tenant, TenantChanges
from framehouse.identity.store import tables
from framehouse.infra.database import Database
from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import FakeClock, NotFound


@pytest.fixture
async def tenant(identity: Identity) -> Tenant:
    return await identity.create_tenant("acme", "Acme")


@pytest.fixture
async def issued(identity: Identity, tenant: Tenant) -> IssuedCredential:
    return await identity.issue_credential(tenant.id, "ci", Role.EDITOR)


async def every_way(identity: Identity, issued: IssuedCredential) -> list[Principal | None]:
    return [
        await identity.authenticate_api_key(issued.api_key),
        await identity.authenticate_key_pair(issued.credential.public_key, issued.secret_key),
        await identity.authenticate_client(issued.credential.client_id, issued.client_secret),
    ]


async def test_the_secrets_are_random_and_recognisable(identity: Identity, tenant: Tenant) -> None:
    one, two = await identity.issue_credential(tenant.id, "ci"), await identity.issue_credential(tenant.id, "ci")
    assert one.credential.role is Role.ADMIN
    for prefix, first, second in [
        ("fh_api_", one.api_key, two.api_key),
        ("fh_sk_", one.secret_key, two.secret_key),
        ("fh_cs_", one.client_secret, two.client_secret),
        ("fh_pk_", one.credential.public_key, two.credential.public_key),
        ("fh_ci_", one.credential.client_id, two.credential.client_id),
    ]:
        assert first.startswith(prefix)
        assert first != second
        assert len(bytes.fromhex(first.removeprefix(prefix))) * 8 >= 128


async def test_no_secret_is_stored_or_shown_again(
    identity: Identity, database: Database, issued: IssuedCredential
) -> None:
    async with database.read() as tx:
        stored = str((await tx.execute(sa.select(tables.credentials))).mappings().all())
    shown = repr(issued) + repr(await identity.credentials(issued.tenant.id))
    for secret in (issued.api_key, issued.secret_key, issued.client_secret):
        assert secret not in stored
        assert secret not in shown


async def test_each_spelling_stands_for_the_same_principal(identity: Identity, issued: IssuedCredential) -> None:
    expected = Principal(issued.tenant, Role.EDITOR, credential_id=issued.credential.id)
    assert await every_way(identity, issued) == [expected] * 3


async def test_a_part_of_another_spelling_opens_nothing(identity: Identity, issued: IssuedCredential) -> None:
    other = await identity.issue_credential(issued.tenant.id, "other")
    credential = issued.credential
    assert await identity.authenticate_api_key(issued.secret_key) is None
    assert await identity.authenticate_api_key(issued.api_key[:-1]) is None
    assert await identity.authenticate_api_key(issued.api_key.upper()) is None
    assert await identity.authenticate_key_pair(credential.public_key, other.secret_key) is None
    assert await identity.authenticate_key_pair(credential.public_key, issued.client_secret) is None
    assert await identity.authenticate_key_pair(credential.client_id, issued.client_secret) is None
    assert await identity.authenticate_client(credential.client_id, other.client_secret) is None
    assert await identity.authenticate_client(credential.client_id, "") is None


async def test_an_accepted_pair_does_not_vouch_for_another_public_part(
    identity: Identity, issued: IssuedCredential
) -> None:
    """The memory of accepted keys must not confuse who asked."""
    other = await identity.issue_credential(issued.tenant.id, "other")
    assert None not in await every_way(identity, issued)
    assert None not in await every_way(identity, other)
    assert await identity.authenticate_key_pair(other.credential.public_key, issued.secret_key) is None
    assert await identity.authenticate_client(other.credential.client_id, issued.client_secret) is None


async def test_revoking_stops_it_at_once_and_for_good(
    identity: Identity, issued: IssuedCredential, clock: FakeClock
) -> None:
    assert None not in await every_way(identity, issued)
    await identity.revoke_credential(issued.tenant.id, issued.credential.id)
    assert await every_way(identity, issued) == [None] * 3
    await identity.revoke_credential(issued.tenant.id, issued.credential.id)
    (listed,) = await identity.credentials(issued.tenant.id)
    assert listed.revoked_at == clock.now()
    with pytest.raises(NotFound):
        await identity.api_key_of(issued.credential)


async def test_another_process_notices_a_revocation_within_a_second(
    identity: Identity, database: Database, secret_box: SecretBox, issued: IssuedCredential
) -> None:
    other_clock = FakeClock()
    other = Identity(database, secret_box, other_clock, 5)
    assert None not in await every_way(other, issued)
    await identity.revoke_credential(issued.tenant.id, issued.credential.id)
    assert None not in await every_way(other, issued), "remembered: otherwise this test would prove nothing"
    other_clock.advance(timedelta(seconds=1))
    assert await every_way(other, issued) == [None] * 3


async def test_a_clock_that_steps_back_ends_the_memory(
    identity: Identity, database: Database, secret_box: SecretBox, issued: IssuedCredential
) -> None:
    other_clock = FakeClock()
    other = Identity(database, secret_box, other_clock, 5)
    assert None not in await every_way(other, issued)
    await identity.revoke_credential(issued.tenant.id, issued.credential.id)
    other_clock.advance(timedelta(hours=-1))
    assert await every_way(other, issued) == [None] * 3


async def test_authentications_that_overlap_a_revocation_leave_nothing_behind(
    identity: Identity, issued: IssuedCredential
) -> None:
    revoking = identity.revoke_credential(issued.tenant.id, issued.credential.id)
    asking = [identity.authenticate_api_key(issued.api_key) for _ in range(20)]
    await asyncio.gather(*asking[:10], revoking, *asking[10:])
    assert await identity.authenticate_api_key(issued.api_key) is None


async def test_an_inactive_tenant_is_refused_at_once(identity: Identity, issued: IssuedCredential) -> None:
    assert None not in await every_way(identity, issued)
    await identity.update_tenant(issued.tenant.id, TenantChanges(active=False))
    assert await every_way(identity, issued) == [None] * 3
    await identity.update_tenant(issued.tenant.id, TenantChanges(active=True))
    assert None not in await every_way(identity, issued)


async def test_a_changed_tenant_is_seen_by_the_next_request(identity: Identity, issued: IssuedCredential) -> None:
    await every_way(identity, issued)
    await identity.update_tenant(issued.tenant.id, TenantChanges(rate_limit_per_minute=77))
    principal = await identity.authenticate_api_key(issued.api_key)
    assert principal is not None
    assert principal.tenant.rate_limit_per_minute == 77


async def test_the_api_key_is_kept_for_signing(
    identity: Identity, database: Database, issued: IssuedCredential
) -> None:
    assert await identity.api_key_of(issued.credential) == issued.api_key
    stranger = Identity(database, SecretBox(bytes(32)), FakeClock(), 5)
    with pytest.raises(ValueError, match="another installation"):
        await stranger.api_key_of(issued.credential)


async def test_another_tenants_credential_is_not_found(identity: Identity, issued: IssuedCredential) -> None:
    stranger = await identity.create_tenant("stranger", "Stranger")
    with pytest.raises(NotFound):
        await identity.revoke_credential(stranger.id, issued.credential.id)
    assert None not in await every_way(identity, issued)
    assert await identity.credentials(stranger.id) == []


async def test_the_list_is_newest_first(identity: Identity, tenant: Tenant, clock: FakeClock) -> None:
    names: list[str] = []
    for name in ("first", "second", "third"):
        names.insert(0, name)
        await identity.issue_credential(tenant.id, name)
        clock.advance(timedelta(seconds=1))
    listed: list[Credential] = await identity.credentials(tenant.id)
    assert [credential.name for credential in listed] == names
