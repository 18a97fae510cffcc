"""The account: a tenant and its profile."""

from dataclasses import replace
from typing import Any

from framehouse.dialects.sproutvideo import schemas
from framehouse.dialects.sproutvideo.translate.values import PRIVACY_LEVELS
from framehouse.identity import Profile, Tenant, TenantChanges
from framehouse.kernel import UNCHANGED
from framehouse.library import Privacy

TEXTS = ("company", "first_name", "last_name", "email", "notification_url")
SWITCHES = ("download_sd", "download_hd")


def account_changes(given: schemas.AccountEdit, profile: Profile) -> TenantChanges:
    """Only what was sent; null and blank clear texts and say nothing for the rest."""
    values: dict[str, Any] = {name: getattr(given, name) for name in TEXTS if name in given.model_fields_set}
    values |= {name: getattr(given, name) for name in SWITCHES if getattr(given, name) is not None}
    return TenantChanges(
        default_privacy=PRIVACY_LEVELS[given.privacy].value if given.privacy is not None else UNCHANGED,
        profile=replace(profile, **values) if values else UNCHANGED,
    )


def account(tenant: Tenant) -> schemas.Account:
    profile = tenant.profile
    return schemas.Account(
        company=profile.company,
        first_name=profile.first_name,
        last_name=profile.last_name,
        email=profile.email,
        download_sd=profile.download_sd,
        download_hd=profile.download_hd,
        privacy=PRIVACY_LEVELS.index(Privacy(tenant.default_privacy)),
        notification_url=profile.notification_url,
    )
