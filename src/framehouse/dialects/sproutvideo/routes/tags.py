"""Tags."""

from fastapi import APIRouter

from framehouse import library
from framehouse.dialects.gateway import Caller, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.lists import around, window

router = APIRouter(tags=["Tags"])
_409 = "There is a tag of this name."


@router.get(
    "/tags",
    summary="List your tags",
    description="The account's tags a page at a time, by name.",
    openapi_extra=takes(query=schemas.ListQuery),
)
async def list_tags(call: Caller) -> schemas.TagList:
    given = call.query(schemas.ListQuery)
    wanted = window(given)
    page = await library.list_tags(call.library, call.owner, offset=wanted.offset, limit=wanted.limit)
    return schemas.TagList(**around(call, given, page.total), tags=[translate.tag(tag) for tag in page.items])


@router.get("/tags/{id}", summary="Get a single tag", description="By its id.", responses=refusals(DOCUMENTED, 404))
async def get_tag(id: str, call: Caller) -> schemas.Tag:  # noqa: A002  (the parameter's documented name)
    return translate.tag(await library.get_tag(call.library, call.owner, translate.ids.tag_id(id)))


@router.post(
    "/tags",
    summary="Create a new tag",
    description="Each name is there once.",
    openapi_extra=takes(body=schemas.TagName, required=True),
    responses=refusals(DOCUMENTED, 409, _409=_409),
)
async def create_tag(call: Caller) -> schemas.Tag:
    call.may_change()
    given = await call.body(schemas.TagName)
    return translate.tag(await library.create_tag(call.library, call.owner, given.name.strip()))


@router.put(
    "/tags/{id}",
    summary="Edit a tag",
    description="Renames it wherever it is used.",
    openapi_extra=takes(body=schemas.TagName, required=True),
    responses=refusals(DOCUMENTED, 404, 409, _409=_409),
)
async def edit_tag(id: str, call: Caller) -> schemas.Tag:  # noqa: A002  (as above)
    call.may_change()
    name = (await call.body(schemas.TagName)).name.strip()
    return translate.tag(await library.rename_tag(call.library, call.owner, translate.ids.tag_id(id), name))


@router.delete(
    "/tags/{id}",
    summary="Delete a tag",
    description="The videos that have it stay. The last data of the tag is answered.",
    responses=refusals(DOCUMENTED, 404),
)
async def delete_tag(id: str, call: Caller) -> schemas.Tag:  # noqa: A002  (as above)
    call.may_change()
    return translate.tag(await library.delete_tag(call.library, call.owner, translate.ids.tag_id(id)))
