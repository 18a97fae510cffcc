"""Projects and the search index in the database."""

import re
import unicodedata
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import ProjectId, TenantId
from framehouse.library.model import Page, Project
from framehouse.library.store import rows
from framehouse.library.store.tables import projects

WORDS = re.compile(r"[^\W_]+")


async def insert_project(tx: Transaction, project: Project) -> None:
    await tx.execute(sa.insert(projects).values(**project.__dict__))


async def get_project(
    tx: Transaction, tenant_id: TenantId, project_id: ProjectId, *, lock: bool = False
) -> Project | None:
    statement = sa.select(projects).where(
        projects.c.id == project_id, projects.c.tenant_id == tenant_id, projects.c.deleted_at.is_(None)
    )
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return rows.plain(Project, row) if row is not None else None


async def page_of_projects(tx: Transaction, tenant_id: TenantId, offset: int, limit: int) -> Page[Project]:
    where = (projects.c.tenant_id == tenant_id, projects.c.deleted_at.is_(None))
    total = (await tx.execute(sa.select(sa.func.count()).select_from(projects).where(*where))).scalar_one()
    statement = sa.select(projects).where(*where).order_by(projects.c.created_at, projects.c.id)
    found = await tx.execute(statement.offset(offset).limit(limit))
    return Page(tuple(rows.plain(Project, row) for row in found), total)


def words_of(text: str) -> list[str]:
    """The words of a text without case and accents (Unicode NFKD and case folding).

    Both engines get words only, in the index and in queries: their own ideas of words and accents differ.
    """
    bare = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return WORDS.findall("".join(bare).casefold())


async def index_for_search(
    tx: Transaction, tenant_id: TenantId, kind: str, content_id: int, title: str, description: str | None
) -> None:
    """Make a title and description findable, or replace what was."""
    await forget_in_search(tx, content_id)
    values = {"rowid": content_id, "tenant_id": str(tenant_id), "kind": kind, "title": " ".join(words_of(title))}
    statement = sa.text(
        "INSERT INTO search_documents (rowid, tenant_id, kind, title, description) "
        "VALUES (:rowid, :tenant_id, :kind, :title, :description)"
    )
    await tx.execute(statement, {**values, "description": " ".join(words_of(description or ""))})


async def forget_in_search(tx: Transaction, content_id: int) -> None:
    await tx.execute(sa.text("DELETE FROM search_documents WHERE rowid = :rowid"), {"rowid": content_id})


async def search(
    tx: Transaction, tenant_id: TenantId, kind: str, text: str, offset: int, limit: int
) -> tuple[list[int], int]:
    """Ids whose title or description has every word of the text, or words that begin so; best first."""
    words = words_of(text)
    if not words:
        return [], 0
    if tx.is_postgresql:
        match = " & ".join(f"{word}:*" for word in words)
        condition = "words @@ to_tsquery('simple', :match)"
        order = "ts_rank(words, to_tsquery('simple', :match)) DESC, rowid"
    else:
        match = " ".join(f'"{word}"*' for word in words)
        condition, order = "search_documents MATCH :match", "rank, rowid"
    where = f"{condition} AND tenant_id = :tenant AND kind = :kind"
    parameters: dict[str, Any] = {"match": match, "tenant": str(tenant_id), "kind": kind}
    count = sa.text(f"SELECT count(*) FROM search_documents WHERE {where}")  # noqa: S608  (fixed strings only)
    select = sa.text(
        f"SELECT rowid FROM search_documents WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"  # noqa: S608  (as above)
    )
    total = (await tx.execute(count, parameters)).scalar_one()
    found = await tx.execute(select, {**parameters, "limit": limit, "offset": offset})
    return [row.rowid for row in found], total
