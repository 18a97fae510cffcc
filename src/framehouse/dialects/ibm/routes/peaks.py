"""Peaks: how many watched at the same time."""

from fastapi import APIRouter

from framehouse import audience
from framehouse.audience import Bucket
from framehouse.dialects.gateway import Call, Caller, takes
from framehouse.dialects.ibm import schemas, translate
from framehouse.dialects.ibm.routes.answers import sliced
from framehouse.dialects.ibm.schemas import ContentWord

router = APIRouter(tags=["Peak viewer numbers"])
PeakList = schemas.Listed[schemas.PeakSeriesObject]
_WHAT = (
    "For each minute or hour in which somebody watched, the greatest number of play sessions at the same time{of}. "
    "The summary takes all content as one and has no ids."
)


async def _peaks(call: Call, content: ContentWord | None, *, each_video: bool) -> PeakList:
    given = call.query(schemas.PeakQuery)
    wanted = translate.period(given, required=True)
    scope = translate.scope(call.owner.tenant_id, wanted, given, content)
    bucket = Bucket(given.granularity.value)
    found = await audience.peaks(call.context.audience, scope, bucket, wanted.zone, each_video=each_video)
    return PeakList.model_construct(**sliced(call, given, [translate.peak(one, wanted) for one in found]))


def _add(path: str, name: str, of: str, *, each_video: bool) -> None:
    async def overall(call: Caller) -> PeakList:
        return await _peaks(call, None, each_video=each_video)

    async def of_content(content_type: ContentWord, call: Caller) -> PeakList:
        return await _peaks(call, content_type, each_video=each_video)

    endpoint = of_content if "{content_type}" in path else overall
    router.add_api_route(
        path, endpoint, summary=name, description=_WHAT.format(of=of), operation_id=name.lower().replace(" ", "_"),
        openapi_extra=takes(query=schemas.PeakQuery),
    )  # fmt: skip


_add("/peak-viewer-numbers", "Peak viewer numbers", ", for each video or channel", each_video=True)
_add("/peak-viewer-numbers/summary", "Peak viewer numbers summary", "", each_video=False)
_add("/peak-viewer-numbers/{content_type}", "Peak viewer numbers of a kind", ", for each of one kind", each_video=True)
_add("/peak-viewer-numbers/{content_type}/summary", "Peak viewer numbers summary of a kind", "", each_video=False)
