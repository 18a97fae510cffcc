"""Contacts: who left an e-mail address at a video's gate, each once for a video."""

from framehouse.identity import canonical_email
from framehouse.infra.transaction import Transaction
from framehouse.kernel import VideoId, new_content_id
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.errors import no_such
from framehouse.library.model import Page, Video
from framehouse.library.player_model import Contact, ContactId
from framehouse.library.store import contacts, videos
from framehouse.library.texts import check_letters, refused

NAME_MAX = 200


async def record_contact(
    context: LibraryContext, video: Video, *, email: str, name: str | None, consent: bool
) -> Contact:
    """For its viewer. The same address again updates name and consent. Raises InvalidInput, NotFound for the video."""
    address = canonical_email(email)
    if address is None:
        raise refused("email", "must be an e-mail address such as name@example.com")
    tidy = (name or "").strip()
    check_letters("name", tidy, longest=NAME_MAX)
    now = context.clock.now()
    contact = Contact(ContactId(new_content_id()), video.tenant_id, video.id, address, tidy or None, consent, now)
    async with context.database.write() as tx:
        if await videos.get(tx, video.tenant_id, video.id) is None:
            raise no_such("video")
        return await contacts.put(tx, contact)


async def list_contacts(
    context: LibraryContext,
    owner: Owner,
    *,
    video_id: VideoId | None = None,
    offset: int = 0,
    limit: int = 25,
    oldest_first: bool = False,
) -> Page[Contact]:
    """Newest first unless told otherwise; of all videos, those that are gone too, or of one."""
    async with context.database.read() as tx:
        return await contacts.page(tx, owner.tenant_id, video_id, offset, limit, oldest_first=oldest_first)


async def get_contact(context: LibraryContext, owner: Owner, contact_id: ContactId) -> Contact:
    async with context.database.read() as tx:
        return await _own(tx, owner, contact_id)


async def delete_contact(context: LibraryContext, owner: Owner, contact_id: ContactId) -> Contact:
    async with context.database.write() as tx:
        contact = await _own(tx, owner, contact_id)
        await contacts.delete(tx, owner.tenant_id, contact_id)
    return contact


async def _own(tx: Transaction, owner: Owner, contact_id: ContactId) -> Contact:
    contact = await contacts.get(tx, owner.tenant_id, contact_id)
    if contact is None:
        raise no_such("contact")
    return contact
