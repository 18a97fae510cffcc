"""Contacts in the database. They stay when their video goes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId, VideoId
from framehouse.library.model import Page
from framehouse.library.player_model import Contact, ContactId
from framehouse.library.store import rows
from framehouse.library.store.tables_playlists import contacts


async def put(tx: Transaction, contact: Contact) -> Contact:
    """Insert, or update name and consent of the one with its address and video; no name leaves the one that was."""
    insert_into = postgresql.insert if tx.is_postgresql else sqlite.insert
    new = insert_into(contacts).values(**contact.__dict__)
    known = [contacts.c.video_id, contacts.c.email]
    updated = {"name": sa.func.coalesce(new.excluded.name, contacts.c.name), "consent": new.excluded.consent}
    statement = new.on_conflict_do_update(index_elements=known, set_=updated).returning(contacts)
    return rows.plain(Contact, (await tx.execute(statement)).one())


async def get(tx: Transaction, tenant_id: TenantId, contact_id: ContactId) -> Contact | None:
    statement = sa.select(contacts).where(contacts.c.id == contact_id, contacts.c.tenant_id == tenant_id)
    row = (await tx.execute(statement)).one_or_none()
    return rows.plain(Contact, row) if row is not None else None


async def page(
    tx: Transaction,
    tenant_id: TenantId,
    video_id: VideoId | None,
    offset: int,
    limit: int,
    *,
    oldest_first: bool = False,
) -> Page[Contact]:
    """Newest first unless told otherwise, of one video where it is given."""
    where = [contacts.c.tenant_id == tenant_id]
    if video_id is not None:
        where.append(contacts.c.video_id == video_id)
    total = (await tx.execute(sa.select(sa.func.count()).select_from(contacts).where(*where))).scalar_one()
    order = (contacts.c.created_at, contacts.c.id)
    ordered = order if oldest_first else tuple(column.desc() for column in order)
    statement = sa.select(contacts).where(*where).order_by(*ordered)
    found = await tx.execute(statement.offset(offset).limit(limit))
    return Page(tuple(rows.plain(Contact, row) for row in found), total)


async def batch(
    tx: Transaction, tenant_id: TenantId, after: tuple[datetime, ContactId] | None, limit: int
) -> list[Contact]:
    """Oldest first, from the one behind `after` on."""
    statement = sa.select(contacts).where(contacts.c.tenant_id == tenant_id)
    if after is not None:
        moment, contact_id = after
        later = sa.and_(contacts.c.created_at == moment, contacts.c.id > contact_id)
        statement = statement.where(sa.or_(contacts.c.created_at > moment, later))
    found = await tx.execute(statement.order_by(contacts.c.created_at, contacts.c.id).limit(limit))
    return [rows.plain(Contact, row) for row in found]


async def delete(tx: Transaction, tenant_id: TenantId, contact_id: ContactId) -> None:
    await tx.execute(sa.delete(contacts).where(contacts.c.id == contact_id, contacts.c.tenant_id == tenant_id))
