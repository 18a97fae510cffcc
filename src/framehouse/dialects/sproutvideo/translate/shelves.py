"""Tags and folders."""

from framehouse.dialects.sproutvideo import schemas
from framehouse.dialects.sproutvideo.translate import ids
from framehouse.dialects.sproutvideo.translate.values import timestamp
from framehouse.kernel import UNCHANGED, FolderId, to_hex
from framehouse.library import Folder, FolderChanges, Tag


def tag(found: Tag) -> schemas.Tag:
    return schemas.Tag(
        id=to_hex(found.id),
        name=found.name,
        created_at=timestamp(found.created_at),
        updated_at=timestamp(found.updated_at),
    )


def parent(text: str | None) -> FolderId | None:
    """Blank is the root."""
    return ids.folder_id(text) if text else None


def folder_changes(given: schemas.FolderEdit) -> FolderChanges:
    """Only what was sent; null and blank mean the root."""
    return FolderChanges(
        name=given.name.strip() if given.name is not None else UNCHANGED,
        parent_id=parent(given.parent_id) if "parent_id" in given.model_fields_set else UNCHANGED,
    )


def folder(found: Folder) -> schemas.Folder:
    return schemas.Folder(
        id=to_hex(found.id),
        name=found.name,
        parent_id=to_hex(found.parent_id) if found.parent_id is not None else None,
        created_at=timestamp(found.created_at),
        updated_at=timestamp(found.updated_at),
    )
