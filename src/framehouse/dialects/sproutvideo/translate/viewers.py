"""Logins and access grants."""

from collections.abc import Sequence

from framehouse.dialects.sproutvideo import schemas
from framehouse.dialects.sproutvideo.translate import ids
from framehouse.dialects.sproutvideo.translate.values import timestamp, timestamp_or_none
from framehouse.identity import Login
from framehouse.kernel import UNCHANGED, GrantId, to_hex
from framehouse.library import DownloadQuality
from framehouse.playback import Grant, GrantChanges, NewGrant


def login(found: Login, grants: Sequence[GrantId]) -> schemas.Login:
    return schemas.Login(
        id=to_hex(found.id),
        email=found.email,
        access_grants=[to_hex(grant) for grant in grants],
        created_at=timestamp(found.created_at),
        updated_at=timestamp(found.updated_at),
    )


def new_grant(given: schemas.GrantCreate) -> NewGrant:
    return NewGrant(
        login_id=ids.login_id(given.login_id),
        video_id=ids.video_id(given.video_id),
        starts_at=given.access_starts_at,
        ends_at=given.access_ends_at,
        allowed_plays=given.allowed_plays or 0,
        downloads=_qualities(given.download_permissions or []),
    )


def grant_changes(given: schemas.GrantEdit) -> GrantChanges:
    """Only what was sent; null clears a date and says nothing for the rest."""
    sent = given.model_fields_set
    permissions = given.download_permissions
    return GrantChanges(
        starts_at=given.access_starts_at if "access_starts_at" in sent else UNCHANGED,
        ends_at=given.access_ends_at if "access_ends_at" in sent else UNCHANGED,
        allowed_plays=given.allowed_plays if given.allowed_plays is not None else UNCHANGED,
        downloads=_qualities(permissions) if permissions is not None else UNCHANGED,
    )


def grant(found: Grant) -> schemas.AccessGrant:
    return schemas.AccessGrant(
        id=to_hex(found.id),
        video_id=to_hex(found.video_id),
        login_id=to_hex(found.login_id),
        access_starts_at=timestamp_or_none(found.starts_at),
        access_ends_at=timestamp_or_none(found.ends_at),
        allowed_plays=found.allowed_plays,
        play_count=found.play_count,
        download_permissions=[quality.value for quality in found.downloads],
        created_at=timestamp(found.created_at),
        updated_at=timestamp(found.updated_at),
    )


def _qualities(permissions: Sequence[schemas.Permission]) -> tuple[DownloadQuality, ...]:
    """The words are the same."""
    return tuple(DownloadQuality(each) for each in permissions)
