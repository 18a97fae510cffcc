"""The people of a tenant: found, changed, deleted; what they may do."""

import pytest

from framehouse.identity import MEANINGS, Identity, Permission, Role, Tenant, User, UserChanges
from framehouse.kernel import AccessDenied, Conflict, InvalidInput, NotFound, new_tenant_id

PASSWORD = "a long password"


@pytest.fixture
async def tenant(identity: Identity) -> Tenant:
    return await identity.create_tenant("studio", "Studio")


async def made(identity: Identity, tenant: Tenant, name: str, role: Role = Role.EDITOR) -> User:
    permissions = (Permission.UPLOAD_VIDEO,) if role is Role.EDITOR else None
    return await identity.create_user(tenant.id, f"{name}@example.com", name, PASSWORD, role, permissions)


async def test_the_oldest_first_in_pages(identity: Identity, tenant: Tenant) -> None:
    users = [await made(identity, tenant, name) for name in ("c", "a", "b")]
    await made(identity, await identity.create_tenant("other", "Other"), "stranger")
    in_order = sorted(users, key=lambda user: (user.created_at, user.id))
    assert await identity.page_of_users(tenant.id) == (in_order, 3)
    assert await identity.page_of_users(tenant.id, offset=2, limit=5) == (in_order[2:], 3)
    assert await identity.page_of_users(tenant.id, offset=9) == ([], 3)


async def test_only_what_is_given_changes(identity: Identity, tenant: Tenant) -> None:
    user = await made(identity, tenant, "ann")
    assert await identity.change_user(tenant.id, user.id, UserChanges()) == user
    renamed = await identity.change_user(tenant.id, user.id, UserChanges(name=" Ann ", email="ANN2@example.com"))
    assert (renamed.name, renamed.email, renamed.permissions) == ("Ann", "ann2@example.com", user.permissions)
    assert await identity.user(tenant.id, user.id) == renamed
    none = await identity.change_user(tenant.id, user.id, UserChanges(permissions=()))
    assert none.permissions == ()
    with pytest.raises(AccessDenied, match=MEANINGS[Permission.UPLOAD_VIDEO]):
        none.require(Permission.UPLOAD_VIDEO)


async def test_a_new_password_ends_the_sessions(identity: Identity, tenant: Tenant) -> None:
    user = await made(identity, tenant, "ann")
    token, _ = await identity.sign_in(user.email, PASSWORD, "192.0.2.1")
    await identity.change_user(tenant.id, user.id, UserChanges(password="another password"))
    assert await identity.session(token) is None
    await identity.sign_in(user.email, "another password", "192.0.2.1")


async def test_wrong_changes_change_nothing(identity: Identity, tenant: Tenant) -> None:
    user, other = await made(identity, tenant, "ann"), await made(identity, tenant, "bob")
    for changes in (UserChanges(email="no address"), UserChanges(password="short"), UserChanges(name=" ")):
        with pytest.raises(InvalidInput):
            await identity.change_user(tenant.id, user.id, changes)
    with pytest.raises(Conflict):
        await identity.change_user(tenant.id, user.id, UserChanges(name="New", email=other.email))
    assert await identity.user(tenant.id, user.id) == user


async def test_a_deleted_person_is_signed_out(identity: Identity, tenant: Tenant) -> None:
    user = await made(identity, tenant, "ann")
    token, _ = await identity.sign_in(user.email, PASSWORD, "192.0.2.1")
    assert await identity.delete_user(tenant.id, user.id) == user
    assert await identity.session(token) is None
    for attempt in (identity.user(tenant.id, user.id), identity.delete_user(tenant.id, user.id)):
        with pytest.raises(NotFound):
            await attempt


async def test_the_last_administrator_stays(identity: Identity, tenant: Tenant) -> None:
    first, second = await made(identity, tenant, "ann", Role.ADMIN), await made(identity, tenant, "bob", Role.ADMIN)
    await identity.delete_user(tenant.id, first.id)
    with pytest.raises(Conflict, match="last administrator"):
        await identity.delete_user(tenant.id, second.id)


async def test_anothers_people_are_unknown(identity: Identity, tenant: Tenant) -> None:
    user = await made(identity, tenant, "ann")
    stranger = new_tenant_id()
    for attempt in (
        identity.user(stranger, user.id),
        identity.change_user(stranger, user.id, UserChanges(name="x")),
        identity.delete_user(stranger, user.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await identity.user(tenant.id, user.id) == user


def test_every_permission_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Permission)
    assert len(Permission) == 37
