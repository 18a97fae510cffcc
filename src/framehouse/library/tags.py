"""Tags: names that videos carry, each once in a tenant."""

from framehouse.infra.transaction import Transaction
from framehouse.kernel import new_content_id
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.errors import no_such
from framehouse.library.model import Page, Tag, TagId
from framehouse.library.store import tags
from framehouse.library.texts import checked_text

NAME_MAX = 255


async def create_tag(context: LibraryContext, owner: Owner, name: str) -> Tag:
    """Raises InvalidInput, Conflict when the tenant has a tag of that name."""
    tag = _new(context, owner, name)
    async with context.database.write() as tx:
        if not await tags.insert(tx, tag):
            raise tags.name_taken(tag.name)
    return tag


async def ensure_tag(context: LibraryContext, owner: Owner, name: str) -> Tag:
    """The tenant's tag of that name, made when it is missing."""
    async with context.database.write() as tx:
        return await tags.ensure(tx, _new(context, owner, name))


def _new(context: LibraryContext, owner: Owner, name: str) -> Tag:
    now = context.clock.now()
    return Tag(TagId(new_content_id()), owner.tenant_id, checked_text("name", name, longest=NAME_MAX), now, now)


async def get_tag(context: LibraryContext, owner: Owner, tag_id: TagId) -> Tag:
    async with context.database.read() as tx:
        return await _own(tx, owner, tag_id)


async def list_tags(context: LibraryContext, owner: Owner, *, offset: int = 0, limit: int = 25) -> Page[Tag]:
    """By name."""
    async with context.database.read() as tx:
        return await tags.page(tx, owner.tenant_id, offset, limit)


async def rename_tag(context: LibraryContext, owner: Owner, tag_id: TagId, name: str) -> Tag:
    """On every video that carries it. Raises NotFound, InvalidInput, Conflict as `create_tag`."""
    checked = checked_text("name", name, longest=NAME_MAX)
    async with context.database.write() as tx:
        await _own(tx, owner, tag_id)
        await tags.rename(tx, owner.tenant_id, tag_id, checked, context.clock.now())
        return await _own(tx, owner, tag_id)


async def delete_tag(context: LibraryContext, owner: Owner, tag_id: TagId) -> Tag:
    """Takes it off all videos, which are not changed otherwise."""
    async with context.database.write() as tx:
        tag = await _own(tx, owner, tag_id)
        await tags.delete(tx, owner.tenant_id, tag_id)
    return tag


async def _own(tx: Transaction, owner: Owner, tag_id: TagId) -> Tag:
    tag = await tags.get(tx, owner.tenant_id, tag_id)
    if tag is None:
        raise no_such("tag")
    return tag
