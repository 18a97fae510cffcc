"""Ids in paths and bodies. NotFound for what is no id, as for an id that is unknown."""

from framehouse.identity import UserId
from framehouse.kernel import (
    FolderId,
    NotFound,
    ProjectId,
    UploadId,
    VideoId,
    from_base64url,
    from_integer,
)
from framehouse.library import ContactId


def project_id(text: str) -> ProjectId:
    return ProjectId(_id(text, "project"))


def file_id(text: str) -> VideoId:
    return VideoId(_id(text, "file"))


def upload_id(text: str) -> UploadId:
    return UploadId(_id(text, "upload"))


def user_id(text: str) -> UserId:
    """NotFound for what is no id, as for an id that is unknown."""
    found = from_integer(text)
    if found is None:
        raise NotFound("there is no such user")
    return UserId(found)


def _id(text: str, what: str) -> int:
    """NotFound for what is no id, as for an id that is unknown."""
    found = from_base64url(text)
    if found is None:
        raise NotFound(f"there is no such {what}")
    return found


def folder_id(text: str) -> FolderId:
    return FolderId(_id(text, "folder"))


def contact_id(text: str) -> ContactId:
    found = from_integer(text)
    if found is None:
        raise NotFound("there is no such contact")
    return ContactId(found)
