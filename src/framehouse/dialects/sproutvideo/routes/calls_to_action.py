"""Calls to action of a video: what its player shows over it between two moments, with a link."""

from fastapi import APIRouter

from framehouse import library
from framehouse.dialects.gateway import Caller, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.lists import around, sliced

router = APIRouter(tags=["Calls to action"])


@router.get(
    "/videos/{video_id}/calls_to_action",
    summary="List a video's calls to action",
    description="In the order in which the player shows them.",
    openapi_extra=takes(query=schemas.ListQuery),
    responses=refusals(DOCUMENTED, 404),
)
async def list_calls_to_action(video_id: str, call: Caller) -> schemas.CallToActionList:
    given = call.query(schemas.ListQuery)
    found = await library.list_calls_to_action(call.library, call.owner, translate.ids.video_id(video_id))
    items = [translate.call_to_action(each) for each in sliced(given, found)]
    return schemas.CallToActionList(**around(call, given, len(found)), calls_to_action=items)


@router.get(
    "/videos/{video_id}/calls_to_action/{id}",
    summary="Get a single call to action",
    description="By its id.",
    responses=refusals(DOCUMENTED, 404),
)
async def get_call_to_action(video_id: str, id: str, call: Caller) -> schemas.CallToAction:  # noqa: A002  (documented)
    video, action = translate.ids.video_id(video_id), translate.ids.call_to_action_id(id)
    return translate.call_to_action(await library.get_call_to_action(call.library, call.owner, video, action))


@router.post(
    "/videos/{video_id}/calls_to_action",
    summary="Create a new call to action",
    description="From the start to the end of the video unless times are given.",
    openapi_extra=takes(body=schemas.CallToActionCreate, required=True),
    responses=refusals(DOCUMENTED, 404, 409, _409="The video has as many as it may have."),
)
async def create_call_to_action(video_id: str, call: Caller) -> schemas.CallToAction:
    call.may_change()
    new = translate.new_call_to_action(await call.body(schemas.CallToActionCreate))
    video = translate.ids.video_id(video_id)
    return translate.call_to_action(await library.add_call_to_action(call.library, call.owner, video, new))


@router.put(
    "/videos/{video_id}/calls_to_action/{id}",
    summary="Edit a call to action",
    description="Changes the fields that are sent and no others; null clears the end.",
    openapi_extra=takes(body=schemas.CallToActionEdit),
    responses=refusals(DOCUMENTED, 404),
)
async def edit_call_to_action(video_id: str, id: str, call: Caller) -> schemas.CallToAction:  # noqa: A002  (as above)
    call.may_change()
    changes = translate.call_to_action_changes(await call.body(schemas.CallToActionEdit))
    video, action = translate.ids.video_id(video_id), translate.ids.call_to_action_id(id)
    changed = await library.change_call_to_action(call.library, call.owner, video, action, changes)
    return translate.call_to_action(changed)


@router.delete(
    "/videos/{video_id}/calls_to_action/{id}",
    summary="Delete a call to action",
    description="Its last data is answered.",
    responses=refusals(DOCUMENTED, 404),
)
async def delete_call_to_action(video_id: str, id: str, call: Caller) -> schemas.CallToAction:  # noqa: A002  (as above)
    call.may_change()
    video, action = translate.ids.video_id(video_id), translate.ids.call_to_action_id(id)
    return translate.call_to_action(await library.delete_call_to_action(call.library, call.owner, video, action))
