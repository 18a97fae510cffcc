"""Projects: shelves of files with rules of their own for who may watch what is on them.

What a locked or private project asks of viewers is read with each of its videos and decided in `playback`. A project
that protects encrypts what is put into it; what it had before is encrypted by durable work (`protect`).

Deleting a project deletes its folders and makes all its videos invisible in one transaction. The rest of each video's
deletion follows in batches, as with folders: the first at once, the others with the garbage it makes.
"""

from dataclasses import dataclass
from typing import Any

from framehouse.infra.transaction import Transaction
from framehouse.kernel import UNCHANGED, ProjectId, Unchanged, new_content_id
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.errors import no_such
from framehouse.library.events import ProtectionDue
from framehouse.library.housekeeping import announce_some_deletions
from framehouse.library.model import Page, Project
from framehouse.library.store import folders, shelves, tombstones, videos
from framehouse.library.texts import checked_text

# A change of any of these makes the tickets for the project's videos void; who may still watch gets a new one.
ACCESS_FIELDS = frozenset({"locked", "password_sealed", "private"})


@dataclass(frozen=True)
class ProjectChanges:
    """Fields to change; None clears a text."""

    title: str | Unchanged = UNCHANGED
    description: str | Unchanged | None = UNCHANGED
    locked: bool | Unchanged = UNCHANGED
    password: str | Unchanged | None = UNCHANGED
    protected: bool | Unchanged = UNCHANGED
    private: bool | Unchanged = UNCHANGED


async def create_project(
    context: LibraryContext,
    owner: Owner,
    title: str,
    *,
    description: str | None = None,
    locked: bool = False,
    password: str | None = None,
    protected: bool = False,
    private: bool = False,
) -> Project:
    """A locked project without a password opens for nobody but its owner. InvalidInput for the title."""
    now = context.clock.now()
    sealed = context.secrets.encrypt(password) if password else None
    name = checked_text("title", title)
    project = Project(
        ProjectId(new_content_id()), owner.tenant_id, name, description, locked, sealed, protected, private, now, now
    )
    async with context.database.write() as tx:
        await shelves.insert_project(tx, project)
        await shelves.index_for_search(tx, owner.tenant_id, "project", project.id, name, description)
    return project


async def get_project(context: LibraryContext, owner: Owner, project_id: ProjectId) -> Project:
    async with context.database.read() as tx:
        return await _own(tx, owner, project_id)


async def list_projects(context: LibraryContext, owner: Owner, *, offset: int = 0, limit: int = 50) -> Page[Project]:
    """Oldest first."""
    async with context.database.read() as tx:
        return await shelves.page_of_projects(tx, owner.tenant_id, offset, limit)


async def search_projects(
    context: LibraryContext, owner: Owner, text: str, *, offset: int = 0, limit: int = 50
) -> Page[Project]:
    """Projects whose title or description has every word, or words that begin so, whatever their case and accents.

    Oldest first; a text without a word finds nothing.
    """
    async with context.database.read() as tx:
        return await shelves.search_projects(tx, owner.tenant_id, text, offset, limit)


async def change_project(
    context: LibraryContext, owner: Owner, project_id: ProjectId, changes: ProjectChanges
) -> Project:
    """What access it changes counts for all its videos at once, for viewers who are watching too."""
    values = _values(context, changes)
    async with context.database.write() as tx:
        project = await _own(tx, owner, project_id, lock=True)
        await shelves.update_project(tx, owner.tenant_id, project_id, values)
        changed = await _own(tx, owner, project_id)
        if any(getattr(changed, name) != getattr(project, name) for name in ACCESS_FIELDS):
            await videos.raise_ticket_generation_in(tx, owner.tenant_id, project_id)
        if changed.protected and not project.protected:
            await tx.emit(ProtectionDue(owner.tenant_id, project_id))
        await shelves.index_for_search(tx, owner.tenant_id, "project", project_id, changed.title, changed.description)
    return changed


def _values(context: LibraryContext, changes: ProjectChanges) -> dict[str, Any]:
    values = {name: value for name, value in changes.__dict__.items() if not isinstance(value, Unchanged)}
    if "password" in values:
        password = values.pop("password")
        values["password_sealed"] = context.secrets.encrypt(password) if password else None
    if "title" in values:
        values["title"] = checked_text("title", values["title"])
    return values | {"updated_at": context.clock.now()}


async def delete_project(context: LibraryContext, owner: Owner, project_id: ProjectId) -> int:
    """With its folders and videos; returns how many videos that were."""
    now = context.clock.now()
    async with context.database.write() as tx:
        await folders.lock_trees(tx, owner.tenant_id)
        await _own(tx, owner, project_id, lock=True)  # waits for those who put something into it
        await folders.lock_in_project(tx, owner.tenant_id, project_id)
        buried = await tombstones.bury_project(tx, owner.tenant_id, project_id, now)
        await announce_some_deletions(context, tx)
        await folders.delete_in_project(tx, owner.tenant_id, project_id)
        await shelves.delete_project(tx, owner.tenant_id, project_id)
    return buried


async def _own(tx: Transaction, owner: Owner, project_id: ProjectId, *, lock: bool = False) -> Project:
    project = await shelves.get_project(tx, owner.tenant_id, project_id, lock=lock)
    if project is None:
        raise no_such("project")
    return project
