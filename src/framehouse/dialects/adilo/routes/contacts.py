"""Contacts: the addresses that viewers left at the gates of files."""

from collections.abc import Iterable

from fastapi import APIRouter

from framehouse import library
from framehouse.dialects.adilo import schemas, translate
from framehouse.dialects.adilo.routes.envelope import listed, said, window
from framehouse.dialects.gateway import Call, Caller, takes
from framehouse.kernel import VideoId
from framehouse.library import Contact, VideoQuery

router = APIRouter(tags=["Contacts"])


@router.get(
    "/contacts",
    summary="List contacts",
    description="All who left an address at a file's gate, the oldest first. A page past the end is empty.",
    openapi_extra=takes(query=schemas.Positions),
)
async def list_contacts(call: Caller) -> schemas.ListEnvelope[schemas.Contact]:
    part = window(call)
    page = await library.list_contacts(
        call.library, call.owner, offset=part.offset, limit=part.limit, oldest_first=True
    )
    titles = await _titles(call, page.items)
    return listed("The contacts were fetched", [translate.contact(each, titles) for each in page.items], page.total)


@router.get(
    "/contacts/download",
    summary="Get the download URL of all contacts",
    description="A CSV file under a signed URL that needs no keys and ends after an hour.",
)
async def download_contacts(call: Caller) -> schemas.Envelope[schemas.ContactsDownload]:
    path, expires_at = library.export_contacts(call.library, call.owner)
    answer = schemas.ContactsDownload(url=call.links.viewer(path), expires_at=expires_at.strftime("%Y-%m-%d %H:%M:%S"))
    return said("The download URL was generated", answer)


@router.get("/contacts/{contact_id}", summary="Get a contact", description="By its id; 403 for any other team's id.")
async def get_contact(contact_id: str, call: Caller) -> schemas.Envelope[schemas.Contact]:
    found = await library.get_contact(call.library, call.owner, translate.contact_id(contact_id))
    return said("The contact was fetched", translate.contact(found, await _titles(call, [found])))


@router.delete("/contacts/{contact_id}", summary="Delete a contact", description="Its last data is answered.")
async def delete_contact(contact_id: str, call: Caller) -> schemas.Envelope[schemas.Contact]:
    call.may_change()
    found = await library.delete_contact(call.library, call.owner, translate.contact_id(contact_id))
    return said("The contact was deleted", translate.contact(found, await _titles(call, [found])))


async def _titles(call: Call, found: Iterable[Contact]) -> dict[VideoId, str]:
    ids = list({contact.video_id for contact in found if contact.video_id is not None})
    if not ids:
        return {}
    page = await library.list_videos(call.library, call.owner, VideoQuery(ids=ids, limit=len(ids)))
    return {video.id: video.title for video in page.items}
