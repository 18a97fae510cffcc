"""Contacts."""

from collections.abc import Mapping

from framehouse.dialects.adilo import schemas
from framehouse.kernel import VideoId, to_base64url, to_integer
from framehouse.library import Contact


def contact(found: Contact, titles: Mapping[VideoId, str]) -> schemas.Contact:
    """`titles` has those of the videos that are there."""
    known = found.video_id is not None and found.video_id in titles
    return schemas.Contact(
        id=to_integer(found.id),
        contact_id=to_integer(found.id),
        name=found.name,
        email=found.email,
        consent=found.consent,
        file_id=to_base64url(found.video_id) if found.video_id is not None and known else None,
        file_title=titles[found.video_id] if found.video_id is not None and known else None,
        created_at=found.created_at.strftime("%Y-%m-%d %H:%M:%S"),
    )
