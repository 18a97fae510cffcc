"""Folders: trees of them below the root of each project, and of none. Videos lie in at most one.

Deleting a folder with its contents makes everything in it invisible in one transaction. The rest of each video's
deletion, its event and its bytes, follows in batches: the first at once, the others with the garbage it makes.
"""

from dataclasses import dataclass, replace
from typing import Any

from framehouse.infra.transaction import Transaction
from framehouse.kernel import UNCHANGED, Conflict, FolderId, ProjectId, Unchanged, new_content_id
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.errors import no_such
from framehouse.library.housekeeping import announce_some_deletions
from framehouse.library.model import Folder, Page
from framehouse.library.protect import protect_if_due
from framehouse.library.store import folders, shelves, tombstones
from framehouse.library.texts import checked_text, refused

DEPTH_MAX = 32


@dataclass(frozen=True)
class FolderChanges:
    """Fields to change; a parent of None is the root. Another project takes all that lies in the folder with it."""

    name: str | Unchanged = UNCHANGED
    parent_id: FolderId | Unchanged | None = UNCHANGED
    project_id: ProjectId | Unchanged | None = UNCHANGED


async def create_folder(
    context: LibraryContext,
    owner: Owner,
    name: str,
    *,
    parent_id: FolderId | None = None,
    project_id: ProjectId | None = None,
) -> Folder:
    """Without a project it is in that of its parent. NotFound when there is no such parent in the project."""
    now = context.clock.now()
    folder = Folder(
        FolderId(new_content_id()), owner.tenant_id, project_id, parent_id, checked_text("name", name), now, now
    )
    async with context.database.write() as tx:
        await folders.lock_trees(tx, owner.tenant_id)
        if parent_id is not None:
            wanted = UNCHANGED if project_id is None else project_id
            folder = replace(folder, project_id=(await _parent(tx, owner, parent_id, wanted)).project_id)
            await _check_depth(tx, owner, parent_id, 1)
        elif project_id is not None:
            await _check_project(tx, owner, project_id)
        await folders.insert(tx, folder)
    return folder


async def get_folder(context: LibraryContext, owner: Owner, folder_id: FolderId) -> Folder:
    async with context.database.read() as tx:
        return await _own(tx, owner, folder_id)


async def list_folders(
    context: LibraryContext,
    owner: Owner,
    *,
    parent_id: FolderId | Unchanged | None = UNCHANGED,
    project_id: ProjectId | Unchanged | None = UNCHANGED,
    offset: int = 0,
    limit: int = 25,
) -> Page[Folder]:
    """Oldest first, of any parent and project unless they are given; None stands for the root, and for no project."""
    async with context.database.read() as tx:
        return await folders.page(tx, owner.tenant_id, parent_id, project_id, offset, limit)


async def change_folder(context: LibraryContext, owner: Owner, folder_id: FolderId, changes: FolderChanges) -> Folder:
    """Raises NotFound, also for a parent that is not in the project; Conflict where a folder would lie in itself."""
    values: dict[str, Any] = {"updated_at": context.clock.now()}
    if not isinstance(changes.name, Unchanged):
        values["name"] = checked_text("name", changes.name)
    async with context.database.write() as tx:
        await folders.lock_trees(tx, owner.tenant_id)
        folder = await _own(tx, owner, folder_id)
        values["parent_id"], project_id = await _place(tx, owner, folder, changes)
        await folders.update(tx, owner.tenant_id, folder_id, values)
        if project_id != folder.project_id:
            await folders.move_tree_to_project(tx, owner.tenant_id, folder_id, project_id, context.clock.now())
            await protect_if_due(tx, owner.tenant_id, project_id)
        return await _own(tx, owner, folder_id)


async def _place(
    tx: Transaction, owner: Owner, folder: Folder, changes: FolderChanges
) -> tuple[FolderId | None, ProjectId | None]:
    """Where the folder will be: its parent and its project."""
    parent_id = folder.parent_id if isinstance(changes.parent_id, Unchanged) else changes.parent_id
    if parent_id is None:
        project_id = folder.project_id if isinstance(changes.project_id, Unchanged) else changes.project_id
        if project_id is not None:
            await _check_project(tx, owner, project_id)
        return None, project_id
    parent = await _parent(tx, owner, parent_id, changes.project_id)
    if parent_id != folder.parent_id:
        if folder.id in await folders.way_up(tx, owner.tenant_id, parent_id):
            raise Conflict("a folder cannot be moved into itself", fields={"parent_id": "lies in the folder"})
        await _check_depth(tx, owner, parent_id, await folders.height(tx, owner.tenant_id, folder.id))
    return parent_id, parent.project_id


async def delete_folder(context: LibraryContext, owner: Owner, folder_id: FolderId, *, with_contents: bool) -> Folder:
    """With all that is in it, or else its videos and folders move to the root of its project."""
    now = context.clock.now()
    async with context.database.write() as tx:
        await folders.lock_trees(tx, owner.tenant_id)
        folder = await _own(tx, owner, folder_id)
        await folders.lock_tree(tx, owner.tenant_id, folder_id)
        if with_contents:
            await tombstones.bury_tree(tx, owner.tenant_id, folder_id, now)
            await announce_some_deletions(context, tx)
        else:
            await folders.empty_into_root(tx, owner.tenant_id, folder_id, now)
        await folders.delete_tree(tx, owner.tenant_id, folder_id)
    return folder


async def _own(tx: Transaction, owner: Owner, folder_id: FolderId) -> Folder:
    folder = await folders.get(tx, owner.tenant_id, folder_id)
    if folder is None:
        raise no_such("folder")
    return folder


async def _parent(
    tx: Transaction, owner: Owner, parent_id: FolderId, project_id: ProjectId | Unchanged | None
) -> Folder:
    parent = await _own(tx, owner, parent_id)
    if not isinstance(project_id, Unchanged) and parent.project_id != project_id:
        raise no_such("folder")  # in that project
    return parent


async def _check_project(tx: Transaction, owner: Owner, project_id: ProjectId) -> None:
    if await shelves.get_project(tx, owner.tenant_id, project_id) is None:
        raise no_such("project")


async def _check_depth(tx: Transaction, owner: Owner, parent_id: FolderId, levels: int) -> None:
    if len(await folders.way_up(tx, owner.tenant_id, parent_id)) + levels > DEPTH_MAX:
        raise refused("parent_id", f"would lie more than {DEPTH_MAX} folders deep")
