"""Projects: what the first dialects need of them."""

from framehouse.kernel import ProjectId, new_content_id
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.errors import no_such
from framehouse.library.model import Page, Project
from framehouse.library.store import shelves


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
    now = context.clock.now()
    sealed = context.secrets.encrypt(password) if password else None
    project = Project(
        ProjectId(new_content_id()), owner.tenant_id, title, description, locked, sealed, protected, private, now, now
    )
    async with context.database.write() as tx:
        await shelves.insert_project(tx, project)
        await shelves.index_for_search(tx, owner.tenant_id, "project", project.id, title, description)
    return project


async def get_project(context: LibraryContext, owner: Owner, project_id: ProjectId) -> Project:
    async with context.database.read() as tx:
        project = await shelves.get_project(tx, owner.tenant_id, project_id)
    if project is None:
        raise no_such("project")
    return project


async def list_projects(context: LibraryContext, owner: Owner, *, offset: int = 0, limit: int = 50) -> Page[Project]:
    """Oldest first."""
    async with context.database.read() as tx:
        return await shelves.page_of_projects(tx, owner.tenant_id, offset, limit)
