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
