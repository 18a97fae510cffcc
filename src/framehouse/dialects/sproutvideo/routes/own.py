"""Framehouse's own requests, which SproutVideo does not have: the dry run of access, and what webhooks were sent."""

from fastapi import APIRouter

from framehouse import library, playback, webhooks
from framehouse.dialects.gateway import Caller, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.lists import around, window
from framehouse.kernel import NotFound

router = APIRouter(tags=["Framehouse's own"])


@router.get(
    "/videos/{id}/access",
    summary="Ask who may watch",
    description="Framehouse's own. Whether a viewer would be let in, and if not, why exactly. Nothing is counted.",
    openapi_extra=takes(query=schemas.AccessQuery),
    responses=refusals(DOCUMENTED, 404, _404="There is no such video or login."),
)
async def check_access(id: str, call: Caller) -> schemas.Access:  # noqa: A002  (the other routes' name for it)
    given = call.query(schemas.AccessQuery)
    video = await library.get_video(call.library, call.owner, translate.ids.video_id(id))
    published = await library.published_video(call.library, video.id)
    if published is None:
        raise NotFound("there is no such video")  # deleted at this moment
    question = translate.access_question(given)
    return translate.access(await playback.check_access(call.library, published, question))


@router.get(
    "/videos/{id}/deliveries",
    summary="List a video's notifications",
    description="Framehouse's own. What was sent to notification URLs, the newest first, and how each was answered.",
    openapi_extra=takes(query=schemas.ListQuery),
    responses=refusals(DOCUMENTED, 404),
)
async def list_deliveries(id: str, call: Caller) -> schemas.DeliveryList:  # noqa: A002  (as above)
    given = call.query(schemas.ListQuery)
    wanted = window(given)
    video = await library.get_video(call.library, call.owner, translate.ids.video_id(id))
    page = await webhooks.deliveries_of(
        call.library, call.principal.tenant_id, video.id, offset=wanted.offset, limit=wanted.limit
    )
    deliveries = [translate.delivery(each) for each in page.items]
    return schemas.DeliveryList(**around(call, given, page.total), deliveries=deliveries)
