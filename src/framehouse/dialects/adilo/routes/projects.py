"""Projects, and the lists of what is in one."""

from fastapi import APIRouter

from framehouse import library
from framehouse.dialects.adilo import schemas, translate
from framehouse.dialects.adilo.routes.envelope import listed, said, window
from framehouse.dialects.gateway import Caller, takes
from framehouse.library import VideoQuery

router = APIRouter(tags=["Projects"])


@router.post(
    "/projects",
    summary="Create a project",
    description="A project of the current team.",
    openapi_extra=takes(body=schemas.ProjectCreate, required=True),
)
async def create_project(call: Caller) -> schemas.Envelope[schemas.Project]:
    call.may_change()
    given = await call.body(schemas.ProjectCreate)
    project = await library.create_project(
        call.library,
        call.owner,
        given.title.strip(),
        description=given.description,
        locked=bool(given.locked),
        password=given.password or None,
        protected=bool(given.drm),
        private=bool(given.private),
    )
    return said("The project was created", translate.project(project))


@router.get(
    "/projects",
    summary="List projects",
    description="All projects of the current team, the oldest first. A page past the end is empty.",
    openapi_extra=takes(query=schemas.Positions),
)
async def list_projects(call: Caller) -> schemas.ListEnvelope[schemas.Project]:
    part = window(call)
    page = await library.list_projects(call.library, call.owner, offset=part.offset, limit=part.limit)
    return listed("The projects were fetched", [translate.project(each) for each in page.items], page.total)


@router.get(
    "/projects/search/{string:path}",
    summary="Search projects",
    description="Those whose title or description has every word of the text, or words that begin so, whatever their "
    "case and accents; the oldest first. A page past the end is empty.",
    openapi_extra=takes(query=schemas.Positions),
)
async def search_projects(string: str, call: Caller) -> schemas.ListEnvelope[schemas.Project]:
    part = window(call)
    page = await library.search_projects(call.library, call.owner, string, offset=part.offset, limit=part.limit)
    return listed("The related projects were fetched", [translate.project(each) for each in page.items], page.total)


@router.put(
    "/projects/{project_id}",
    summary="Update a project",
    description="What is not sent stays. `locked` and `private` count for all its files at once, also for who is "
    "watching; with `drm` the files that it has are encrypted one after the other and play on meanwhile.",
    openapi_extra=takes(body=schemas.ProjectUpdate),
)
async def update_project(project_id: str, call: Caller) -> schemas.Envelope[schemas.Project]:
    call.may_change()
    given = await call.body(schemas.ProjectUpdate)
    changes = translate.project_changes(given)
    project = await library.change_project(call.library, call.owner, translate.project_id(project_id), changes)
    return said("The project was updated", translate.project(project))


@router.delete(
    "/projects/{project_id}",
    summary="Delete a project",
    description="With its folders and files, which are gone at once for everybody; their bytes follow.",
)
async def delete_project(project_id: str, call: Caller) -> schemas.Envelope[schemas.ProjectDeleted]:
    call.may_change()
    files = await library.delete_project(call.library, call.owner, translate.project_id(project_id))
    return said(
        f"The project was deleted, and with it its folders and files: {files} of them",
        schemas.ProjectDeleted(id=project_id, files=files),
    )


@router.get("/projects/{project_id}", summary="Get a project", description="By its id; 403 for any other team's id.")
async def get_project(project_id: str, call: Caller) -> schemas.Envelope[schemas.Project]:
    project = await library.get_project(call.library, call.owner, translate.project_id(project_id))
    return said("The project was fetched", translate.project(project))


@router.get(
    "/projects/{project_id}/files",
    summary="List a project's files",
    description="The oldest first. A page past the end is empty.",
    openapi_extra=takes(query=schemas.Positions),
)
async def list_files(project_id: str, call: Caller) -> schemas.ListEnvelope[schemas.File]:
    part = window(call)
    project = await library.get_project(call.library, call.owner, translate.project_id(project_id))
    query = VideoQuery(project_id=project.id, descending=False, offset=part.offset, limit=part.limit)
    page = await library.list_videos(call.library, call.owner, query)
    links = call.links
    found = [translate.file(call.context, links, video) for video in page.items]
    return listed("The project files were fetched", found, page.total)
