"""Folders."""

from framehouse.dialects.adilo import schemas
from framehouse.dialects.adilo.translate.ids import folder_id, project_id
from framehouse.kernel import UNCHANGED, FolderId, ProjectId, Unchanged, to_base64url
from framehouse.library import Folder, FolderChanges


def folder(found: Folder) -> schemas.Folder:
    id_ = to_base64url(found.id)
    return schemas.Folder(
        id=id_,
        folder_id=id_,
        name=found.name,
        project_id=to_base64url(found.project_id) if found.project_id is not None else None,
        parent_id=to_base64url(found.parent_id) if found.parent_id is not None else None,
        created_at=found.created_at.strftime("%Y-%m-%d %H:%M:%S"),
    )


def folder_changes(present: Folder, given: schemas.FolderUpdate) -> FolderChanges:
    """What is not sent stays. Another project without a parent is that project's root; so is an empty parent. NotFound
    for what is no id."""
    project: ProjectId | Unchanged = project_id(given.project_id) if given.project_id is not None else UNCHANGED
    parent: FolderId | Unchanged | None = UNCHANGED
    if given.parent_id is not None:
        parent = folder_id(given.parent_id) if given.parent_id.strip() else None
    elif not isinstance(project, Unchanged) and project != present.project_id:
        parent = None
    return FolderChanges(name=given.name if given.name is not None else UNCHANGED, parent_id=parent, project_id=project)
