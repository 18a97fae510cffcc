"""Tags in the database. What they are on is in `videos`."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, TenantId
from framehouse.library.model import Page, Tag, TagId
from framehouse.library.store import rows
from framehouse.library.store.tables import tags


async def insert(tx: Transaction, tag: Tag) -> bool:
    """False, without effect, when the tenant has a tag of that name, also from a transaction at the same time."""
    insert_into = postgresql.insert if tx.is_postgresql else sqlite.insert
    statement = insert_into(tags).values(**tag.__dict__).on_conflict_do_nothing().returning(tags.c.id)
    return (await tx.execute(statement)).scalar_one_or_none() is not None


async def ensure(tx: Transaction, tag: Tag) -> Tag:
    """The tenant's tag of that name: the one that was there, or the given one, whoever else makes it meanwhile."""
    insert_into = postgresql.insert if tx.is_postgresql else sqlite.insert
    new = insert_into(tags).values(**tag.__dict__)
    # an update that changes nothing, since only then the row is returned
    kept = new.on_conflict_do_update(
        index_elements=[tags.c.tenant_id, tags.c.name], set_={"created_at": tags.c.created_at}
    )
    return rows.plain(Tag, (await tx.execute(kept.returning(tags))).one())


async def get(tx: Transaction, tenant_id: TenantId, tag_id: TagId) -> Tag | None:
    row = (await tx.execute(sa.select(tags).where(tags.c.id == tag_id, tags.c.tenant_id == tenant_id))).one_or_none()
    return rows.plain(Tag, row) if row is not None else None


async def page(tx: Transaction, tenant_id: TenantId, offset: int, limit: int) -> Page[Tag]:
    """By name."""
    own = tags.c.tenant_id == tenant_id
    total = (await tx.execute(sa.select(sa.func.count()).select_from(tags).where(own))).scalar_one()
    found = await tx.execute(sa.select(tags).where(own).order_by(tags.c.name).offset(offset).limit(limit))
    return Page(tuple(rows.plain(Tag, row) for row in found), total)


async def rename(tx: Transaction, tenant_id: TenantId, tag_id: TagId, name: str, now: datetime) -> None:
    """Raises Conflict when the tenant has another tag of that name."""
    statement = sa.update(tags).where(tags.c.id == tag_id, tags.c.tenant_id == tenant_id)
    try:
        await tx.execute(statement.values(name=name, updated_at=now))
    except IntegrityError as error:
        raise name_taken(name) from error


async def delete(tx: Transaction, tenant_id: TenantId, tag_id: TagId) -> None:
    """Off every video, too."""
    await tx.execute(sa.delete(tags).where(tags.c.id == tag_id, tags.c.tenant_id == tenant_id))


def name_taken(name: str) -> Conflict:
    return Conflict(f"there is a tag {name!r} already", fields={"name": "is taken"})
