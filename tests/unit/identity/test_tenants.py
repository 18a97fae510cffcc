"""Tenants through the facade: what is accepted, what is refused, what a change leaves alone."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
import sqlalchemy as sa

from framehouse.identity import Identity, Profile, Role, TenantChanges, store
from framehouse.identity.model import Principal
from framehouse.infra.database import Database
from framehouse.kernel import AccessDenied, Conflict, FakeClock, InvalidInput, NotFound, TenantId


async def test_a_new_tenant(identity: Identity, clock: FakeClock) -> None:
    tenant = await identity.create_tenant("acme-2", "  Acme  ")
    assert (tenant.slug, tenant.name, tenant.active, tenant.created_at) == ("acme-2", "Acme", True, clock.now())
    assert tenant.default_privacy == "public"
    assert await identity.get_tenant(tenant.id) == tenant
    assert await identity.tenant_by_slug("acme-2") == tenant
    assert await identity.tenant_by_slug("nobody") is None
    assert await identity.tenants() == [tenant]


@pytest.mark.parametrize("slug", ["", "Acme", "a b", "a_b", "é", "a" * 65, "acme\n"])
async def test_a_slug_that_is_none(identity: Identity, slug: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await identity.create_tenant(slug, "Acme")
    assert "slug" in caught.value.fields


@pytest.mark.parametrize("name", ["", "   ", "a" * 201, "a\0b", "a\nb", "\ud800"])
async def test_a_name_that_is_none(identity: Identity, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await identity.create_tenant("acme", name)
    assert "name" in caught.value.fields


async def test_a_taken_slug_is_a_conflict(identity: Identity) -> None:
    await identity.create_tenant("acme", "Acme")
    with pytest.raises(Conflict):
        await identity.create_tenant("acme", "Another")


async def test_a_change_touches_what_it_names(identity: Identity) -> None:
    tenant = await identity.create_tenant("acme", "Acme")
    changed = await identity.update_tenant(tenant.id, TenantChanges(rate_limit_per_minute=9, default_privacy="private"))
    assert (changed.rate_limit_per_minute, changed.default_privacy) == (9, "private")
    assert (changed.name, changed.active, changed.storage_quota_bytes) == ("Acme", True, None)
    cleared = await identity.update_tenant(tenant.id, TenantChanges(rate_limit_per_minute=None, active=False))
    assert (cleared.rate_limit_per_minute, cleared.active, cleared.default_privacy) == (None, False, "private")
    assert await identity.update_tenant(tenant.id, TenantChanges()) == cleared


@pytest.mark.parametrize(
    "changes",
    [
        TenantChanges(rate_limit_per_minute=0),
        TenantChanges(rate_limit_per_minute=2**31),
        TenantChanges(storage_quota_bytes=-1),
        TenantChanges(default_privacy="password"),
        TenantChanges(name=""),
    ],
)
async def test_a_change_out_of_range_is_refused(identity: Identity, changes: TenantChanges) -> None:
    tenant = await identity.create_tenant("acme", "Acme")
    with pytest.raises(InvalidInput):
        await identity.update_tenant(tenant.id, changes)
    assert await identity.get_tenant(tenant.id) == tenant


WHOLE = Profile("Acme & Söhne", "Ann", "Øst", "ann@example.com", True, True, "https://example.com/hook?a=b")


async def test_a_profile_is_kept_whole_and_replaced_whole(identity: Identity, database: Database) -> None:
    tenant, other = await identity.create_tenant("acme", "Acme"), await identity.create_tenant("other", "Other")
    assert tenant.profile == Profile(None, None, None, None, False, False, None)
    async with database.write() as tx:
        await store.update_tenant(tx, tenant.id, {"settings": {"kept": 1}})
    changed = await identity.update_tenant(tenant.id, TenantChanges(profile=WHOLE))
    assert changed == replace(tenant, profile=WHOLE)
    assert await identity.update_tenant(tenant.id, TenantChanges(name="New")) == replace(changed, name="New")
    issued = await identity.issue_credential(tenant.id, "ci")
    principal = await identity.authenticate_api_key(issued.api_key)
    assert principal is not None
    assert principal.tenant.profile == WHOLE
    lesser = await identity.update_tenant(tenant.id, TenantChanges(profile=Profile(company="Acme")))
    assert lesser.profile == Profile(company="Acme")
    assert await identity.get_tenant(other.id) == other
    async with database.read() as tx:
        settings = (await tx.execute(sa.text("SELECT settings FROM tenants WHERE slug = 'acme'"))).scalar_one()
    assert json.loads(settings)["kept"] == 1, "other settings stay"


async def test_a_profile_is_tidied(identity: Identity) -> None:
    tenant = await identity.create_tenant("acme", "Acme")
    given = Profile("  Acme ", "", " ", " Ann@Example.COM ", notification_url=" https://example.com/hook#part ")
    changed = await identity.update_tenant(tenant.id, TenantChanges(profile=given))
    assert changed.profile == Profile(
        "Acme", None, None, "ann@example.com", notification_url="https://example.com/hook"
    )
    cleared = await identity.update_tenant(
        tenant.id, TenantChanges(profile=Profile("", "", "", "  ", False, False, ""))
    )
    assert cleared.profile == Profile()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("company", "a" * 201),
        ("first_name", "a\0b"),
        ("last_name", "\ud800"),
        ("email", "nobody"),
        ("email", "a@" + "b" * 300),
        ("notification_url", "javascript:alert(1)"),
        ("notification_url", "ftp://example.com/"),
        ("notification_url", "https:///nowhere"),
        ("notification_url", "https://example.com/" + "a" * 5000),
    ],
)
async def test_a_profile_that_is_none_changes_nothing(identity: Identity, field: str, value: str) -> None:
    tenant = await identity.create_tenant("acme", "Acme")
    with pytest.raises(InvalidInput) as caught:
        await identity.update_tenant(tenant.id, TenantChanges(name="New", profile=replace(WHOLE, **{field: value})))
    assert list(caught.value.fields) == [field]
    assert await identity.get_tenant(tenant.id) == tenant


async def test_an_unknown_tenant_is_not_found(identity: Identity) -> None:
    nobody = TenantId(uuid4())
    with pytest.raises(NotFound):
        await identity.get_tenant(nobody)
    with pytest.raises(NotFound):
        await identity.update_tenant(nobody, TenantChanges(active=False))
    with pytest.raises(NotFound):
        await identity.issue_credential(nobody, "ci")
    with pytest.raises(NotFound):
        await identity.create_user(nobody, "ann@example.com", "Ann", "a long password")


@pytest.mark.parametrize(
    ("has", "needs", "allowed"),
    [
        (Role.ADMIN, Role.ADMIN, True),
        (Role.ADMIN, Role.VIEWER, True),
        (Role.EDITOR, Role.EDITOR, True),
        (Role.EDITOR, Role.ADMIN, False),
        (Role.VIEWER, Role.EDITOR, False),
    ],
)
async def test_a_role_includes_the_ones_below(identity: Identity, has: Role, needs: Role, allowed: bool) -> None:
    principal = Principal(await identity.create_tenant("acme", "Acme"), has)
    if allowed:
        principal.require(needs)
    else:
        with pytest.raises(AccessDenied, match=f"needs the role {needs}"):
            principal.require(needs)
