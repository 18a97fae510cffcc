"""Folders."""

from fastapi import APIRouter

from framehouse import library
from framehouse.dialects.gateway import Caller, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.lists import around, window

router = APIRouter(tags=["Folders"])


@router.get(
    "/folders",
    summary="List your folders",
    description="The folders of one folder a page at a time, the oldest first; without `parent_id` those of the root.",
    openapi_extra=takes(query=schemas.FolderListQuery),
)
async def list_folders(call: Caller) -> schemas.FolderList:
    given = call.query(schemas.FolderListQuery)
    wanted = window(given)
    parent_id = translate.ids.folder_id(given.parent_id) if given.parent_id else None
    page = await library.list_folders(
        call.library, call.owner, parent_id=parent_id, offset=wanted.offset, limit=wanted.limit
    )
    folders = [translate.folder(folder) for folder in page.items]
    return schemas.FolderList(**around(call, given, page.total), folders=folders)


@router.get(
    "/folders/{id}", summary="Get a single folder", description="By its id.", responses=refusals(DOCUMENTED, 404)
)
async def get_folder(id: str, call: Caller) -> schemas.Folder:  # noqa: A002  (the parameter's documented name)
    return translate.folder(await library.get_folder(call.library, call.owner, translate.ids.folder_id(id)))


@router.post(
    "/folders",
    summary="Create a new folder",
    description="In the root, or in the folder `parent_id`.",
    openapi_extra=takes(body=schemas.FolderCreate, required=True),
    responses=refusals(DOCUMENTED, 404),
)
async def create_folder(call: Caller) -> schemas.Folder:
    call.may_change()
    given = await call.body(schemas.FolderCreate)
    parent_id = translate.parent(given.parent_id)
    folder = await library.create_folder(call.library, call.owner, given.name.strip(), parent_id=parent_id)
    return translate.folder(folder)


@router.put(
    "/folders/{id}",
    summary="Edit a folder",
    description="Renames it, or moves it with what is in it. Changes the fields that are sent and no others.",
    openapi_extra=takes(body=schemas.FolderEdit),
    responses=refusals(DOCUMENTED, 404, 409, _409="It cannot be moved there: a folder is not inside itself."),
)
async def edit_folder(id: str, call: Caller) -> schemas.Folder:  # noqa: A002  (as above)
    call.may_change()
    changes = translate.folder_changes(await call.body(schemas.FolderEdit))
    folder_id = translate.ids.folder_id(id)
    return translate.folder(await library.change_folder(call.library, call.owner, folder_id, changes))


@router.delete(
    "/folders/{id}",
    summary="Delete a folder",
    description="Its videos and folders move to the root, unless `delete_all`, in the query or the body, takes them "
    "with it. The last data of the folder is answered.",
    openapi_extra=takes(query=schemas.FolderDelete),
    responses=refusals(DOCUMENTED, 404),
)
async def delete_folder(id: str, call: Caller) -> schemas.Folder:  # noqa: A002  (as above)
    call.may_change()
    with_contents = (await call.query_or_body(schemas.FolderDelete)).delete_all
    folder_id = translate.ids.folder_id(id)
    folder = await library.delete_folder(call.library, call.owner, folder_id, with_contents=with_contents)
    return translate.folder(folder)
