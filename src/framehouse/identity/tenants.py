"""Tenants: create one, change one. They are deactivated, never deleted."""

import unicodedata
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from framehouse.identity import store
from framehouse.identity.checks import DEFAULT_PRIVACIES, checked_email, checked_name, checked_slug, refuse
from framehouse.identity.model import UNCHANGED, Profile, Tenant, TenantChanges
from framehouse.infra.outgoing import check_url
from framehouse.infra.transaction import Transaction
from framehouse.kernel import InvalidInput, NotFound, TenantId, new_tenant_id

RATE_LIMIT_MAX = 2**31 - 1  # the column's range
QUOTA_BYTES_MAX = 2**63 - 1
PROFILE_TEXT_MAX = 200


async def create_tenant(tx: Transaction, slug: str, name: str, now: datetime) -> Tenant:
    tenant = Tenant(
        id=new_tenant_id(),
        slug=checked_slug(slug),
        name=checked_name(name),
        active=True,
        rate_limit_per_minute=None,
        storage_quota_bytes=None,
        default_privacy="public",
        created_at=now,
    )
    await store.insert_tenant(tx, tenant)
    return tenant


async def get_tenant(tx: Transaction, tenant_id: TenantId, *, for_update: bool = False) -> Tenant:
    tenant = await store.find_tenant(tx, tenant_id, for_update=for_update)
    if tenant is None:
        raise NotFound("There is no such tenant.")
    return tenant


async def update_tenant(tx: Transaction, tenant_id: TenantId, changes: TenantChanges) -> Tenant:
    await get_tenant(tx, tenant_id, for_update=True)
    values = _checked(changes)
    profile = values.pop("profile", None)
    if values:
        await store.update_tenant(tx, tenant_id, values)
    if profile is not None:
        await store.replace_profile(tx, tenant_id, _checked_profile(profile))
    return await get_tenant(tx, tenant_id)


def _checked(changes: TenantChanges) -> dict[str, Any]:
    every = {field.name: getattr(changes, field.name) for field in fields(changes)}
    values = {name: value for name, value in every.items() if value is not UNCHANGED}
    if "name" in values:
        values["name"] = checked_name(values["name"])
    rate, quota = values.get("rate_limit_per_minute"), values.get("storage_quota_bytes")
    if rate is not None and not 1 <= rate <= RATE_LIMIT_MAX:
        raise refuse("rate_limit_per_minute", "must be at least 1, or nothing for the installation's default")
    if quota is not None and not 0 <= quota <= QUOTA_BYTES_MAX:
        raise refuse("storage_quota_bytes", "must not be negative, or nothing for no quota")
    if values.get("default_privacy", "public") not in DEFAULT_PRIVACIES:
        raise refuse("default_privacy", f"must be one of {', '.join(DEFAULT_PRIVACIES)}")
    return values


def _checked_profile(profile: Profile) -> Profile:
    """What is empty counts as not said."""
    return replace(
        profile,
        company=_checked_text("company", profile.company),
        first_name=_checked_text("first_name", profile.first_name),
        last_name=_checked_text("last_name", profile.last_name),
        email=checked_email(profile.email) if profile.email and profile.email.strip() else None,
        notification_url=_checked_url("notification_url", profile.notification_url),
    )


def _checked_text(field: str, text: str | None) -> str | None:
    trimmed = (text or "").strip()
    if len(trimmed) > PROFILE_TEXT_MAX:
        raise refuse(field, f"must have at most {PROFILE_TEXT_MAX} characters")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in trimmed):
        raise refuse(field, "must not contain control characters")
    return trimmed or None


def _checked_url(field: str, url: str | None) -> str | None:
    trimmed = (url or "").strip()
    if not trimmed:
        return None
    try:
        return check_url(trimmed)
    except InvalidInput as error:
        raise refuse(field, "; ".join(error.fields.values())) from error
