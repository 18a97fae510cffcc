"""View segments as they are, and viewers with theirs."""

from typing import Any

from fastapi import APIRouter

from framehouse import audience
from framehouse.dialects.gateway import Call, Caller, takes
from framehouse.dialects.ibm import schemas, translate
from framehouse.dialects.ibm.routes.answers import around, offset
from framehouse.dialects.ibm.schemas import ContentWord

router = APIRouter(tags=["Views and viewers"])


async def _views(call: Call, content: ContentWord | None) -> dict[str, Any]:
    given = call.query(schemas.ViewsQuery)
    wanted = translate.period(given, required=True)
    found, count = await audience.view_segments(
        call.context.audience,
        translate.scope(call.owner.tenant_id, wanted, given, content),
        unfinished=given.list_unfinished_segments,
        inclusive=given.inclusive_range,
        offset=offset(given),
        limit=given.limit,
    )
    data = [translate.view(one, wanted) for one in found]
    return {"data": data, "pagination": around(call, given, count)}


@router.get(
    "/views",
    summary="Raw view export",
    description="Every view segment that begins or ends in the period, the oldest first.",
    openapi_extra=takes(query=schemas.ViewsQuery),
)
async def views(call: Caller) -> schemas.Listed[schemas.View]:
    return schemas.Listed[schemas.View].model_construct(**await _views(call, None))


@router.get(
    "/views/{content_type}",
    summary="Raw view export of live or recorded content",
    description="As `/views`.",
    openapi_extra=takes(query=schemas.ViewsQuery),
)
async def views_of(content_type: ContentWord, call: Caller) -> schemas.Listed[schemas.View]:
    return schemas.Listed[schemas.View].model_construct(**await _views(call, content_type))


async def _viewers(call: Call, content: ContentWord | None) -> dict[str, Any]:
    given = call.query(schemas.ViewersQuery)
    wanted = translate.period(given, required=False)
    found, count = await audience.viewers(
        call.context.audience,
        translate.scope(call.owner.tenant_id, wanted, given, content),
        name_part=given.viewer_identifier,
        unfinished=given.list_unfinished_segments,
        offset=offset(given),
        limit=given.limit,
    )
    data = [translate.viewer(one, wanted) for one in found]
    return {"data": data, "pagination": around(call, given, count)}


@router.get(
    "/viewers",
    summary="Unique viewers",
    description="Who watched in the period (by default ever), the last seen first, with their segments.",
    openapi_extra=takes(query=schemas.ViewersQuery),
)
async def viewers(call: Caller) -> schemas.Listed[schemas.Viewer]:
    return schemas.Listed[schemas.Viewer].model_construct(**await _viewers(call, None))


@router.get(
    "/viewers/{content_type}",
    summary="Unique viewers of live or recorded content",
    description="As `/viewers`.",
    openapi_extra=takes(query=schemas.ViewersQuery),
)
async def viewers_of(content_type: ContentWord, call: Caller) -> schemas.Listed[schemas.Viewer]:
    return schemas.Listed[schemas.Viewer].model_construct(**await _viewers(call, content_type))
