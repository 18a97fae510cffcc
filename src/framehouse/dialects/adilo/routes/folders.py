"""Folders of projects."""

from fastapi import APIRouter

from framehouse import library
from framehouse.dialects.adilo import schemas, translate
from framehouse.dialects.adilo.errors import STYLE, Missing
from framehouse.dialects.adilo.routes.envelope import listed, said, window
from framehouse.dialects.gateway import Caller, refusals, takes
from framehouse.kernel import InvalidInput, NotFound

router = APIRouter(tags=["Folders"])


@router.post(
    "/folders",
    summary="Create a folder",
    description="In a project, or in another folder of it.",
    openapi_extra=takes(body=schemas.FolderCreate, required=True),
    responses=refusals(STYLE, 404, _404="The project or parent folder not found."),
)
async def create_folder(call: Caller) -> schemas.Envelope[schemas.Folder]:
    call.may_change()
    given = await call.body(schemas.FolderCreate)
    try:
        parent = translate.folder_id(given.parent_id) if given.parent_id and given.parent_id.strip() else None
        project = translate.project_id(given.project_id)
        folder = await library.create_folder(call.library, call.owner, given.name, parent_id=parent, project_id=project)
    except NotFound as error:
        raise Missing("The project or parent folder not found") from error
    return said("The folder was created", translate.folder(folder))


@router.put(
    "/folders/{folder_id}",
    summary="Update a folder",
    description="What is not sent stays. With `parent_id` or `project_id` it moves, and all that lies in it.",
    openapi_extra=takes(body=schemas.FolderUpdate),
)
async def update_folder(folder_id: str, call: Caller) -> schemas.Envelope[schemas.Folder]:
    call.may_change()
    present = await library.get_folder(call.library, call.owner, translate.folder_id(folder_id))
    given = await call.body(schemas.FolderUpdate)
    try:
        changes = translate.folder_changes(present, given)
        folder = await library.change_folder(call.library, call.owner, present.id, changes)
    except NotFound as error:
        field = "parent_id" if given.parent_id else "project_id"
        raise InvalidInput("the project or parent folder not found", fields={field: "is not there"}) from error
    return said("The folder was updated", translate.folder(folder))


@router.get("/folders/{folder_id}", summary="Get a folder", description="By its id; 403 for any other team's id.")
async def get_folder(folder_id: str, call: Caller) -> schemas.Envelope[schemas.Folder]:
    folder = await library.get_folder(call.library, call.owner, translate.folder_id(folder_id))
    return said("The folder was fetched", translate.folder(folder))


@router.delete(
    "/folders/{folder_id}",
    summary="Delete a folder",
    description="With the folders and files in it, which are gone at once for everybody; their bytes follow.",
)
async def delete_folder(folder_id: str, call: Caller) -> schemas.Envelope[schemas.Deleted]:
    call.may_change()
    id_ = translate.folder_id(folder_id)
    await library.delete_folder(call.library, call.owner, id_, with_contents=True)
    return said("The folder was deleted, and with it all that was in it", schemas.Deleted(id=folder_id))


@router.get(
    "/projects/{project_id}/folders",
    summary="List a project's folders",
    description="All of them, also those in others; the oldest first. A page past the end is empty.",
    openapi_extra=takes(query=schemas.Positions),
)
async def list_folders(project_id: str, call: Caller) -> schemas.ListEnvelope[schemas.Folder]:
    part = window(call)
    project = await library.get_project(call.library, call.owner, translate.project_id(project_id))
    page = await library.list_folders(
        call.library, call.owner, project_id=project.id, offset=part.offset, limit=part.limit
    )
    return listed("The project folders were fetched", [translate.folder(each) for each in page.items], page.total)
