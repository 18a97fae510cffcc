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
    tx: Transaction, tenant_id: TenantId, project_id: ProjectId, *, lock: bool = False, keep: bool = False
) -> Project | None:
    """`lock`: for who changes or deletes it. `keep`: until the transaction ends nobody deletes it, so that something
    can be put into it."""
    statement = sa.select(projects).where(projects.c.id == project_id, projects.c.tenant_id == tenant_id)
    if lock:
        statement = statement.with_for_update()
    elif keep:
        statement = statement.with_for_update(read=True, key_share=True)
    row = (await tx.execute(statement)).one_or_none()
    return rows.plain(Project, row) if row is not None else None


async def update_project(tx: Transaction, tenant_id: TenantId, project_id: ProjectId, values: dict[str, Any]) -> None:
    own = sa.and_(projects.c.id == project_id, projects.c.tenant_id == tenant_id)
    await tx.execute(sa.update(projects).where(own).values(values))


async def delete_project(tx: Transaction, tenant_id: TenantId, project_id: ProjectId) -> None:
    """Nothing may lie in it any more."""
    await forget_in_search(tx, project_id)
    own = sa.and_(projects.c.id == project_id, projects.c.tenant_id == tenant_id)
    await tx.execute(sa.delete(projects).where(own))


async def page_of_projects(tx: Transaction, tenant_id: TenantId, offset: int, limit: int) -> Page[Project]:
    return await _page(tx, (projects.c.tenant_id == tenant_id,), offset, limit)


async def search_projects(tx: Transaction, tenant_id: TenantId, text: str, offset: int, limit: int) -> Page[Project]:
    words = words_of(text)
    if not words:
        return Page((), 0)
    condition, match = _matching(tx, words)
    found = sa.text(f"SELECT rowid FROM search_documents WHERE {condition} AND tenant_id = :tenant AND kind = :kind")  # noqa: S608  (fixed strings only)
    known = found.bindparams(match=match, tenant=str(tenant_id), kind="project").columns(sa.column("rowid"))
    return await _page(tx, (projects.c.tenant_id == tenant_id, projects.c.id.in_(known)), offset, limit)


async def _page(tx: Transaction, where: tuple[sa.ColumnElement[bool], ...], offset: int, limit: int) -> Page[Project]:
    """Oldest first."""
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
    condition, match = _matching(tx, words)
    order = "ts_rank(words, to_tsquery('simple', :match)) DESC, rowid" if tx.is_postgresql else "rank, rowid"
    where = f"{condition} AND tenant_id = :tenant AND kind = :kind"
    parameters: dict[str, Any] = {"match": match, "tenant": str(tenant_id), "kind": kind}
    count = sa.text(f"SELECT count(*) FROM search_documents WHERE {where}")  # noqa: S608  (fixed strings only)
    select = sa.text(
        f"SELECT rowid FROM search_documents WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"  # noqa: S608  (as above)
    )
    total = (await tx.execute(count, parameters)).scalar_one()
    found = await tx.execute(select, {**parameters, "limit": limit, "offset": offset})
    return [row.rowid for row in found], total


def _matching(tx: Transaction, words: list[str]) -> tuple[str, str]:
    """A condition with the parameter `match`, and its value: every word is there, or the beginning of one that is."""
    if tx.is_postgresql:
        return "words @@ to_tsquery('simple', :match)", " & ".join(f"{word}:*" for word in words)
    return "search_documents MATCH :match", " ".join(f'"{word}"*' for word in words)
