"""Four families of figures, each as a sum and by a dimension, of all content or of one kind of it."""

from typing import Any

from fastapi import APIRouter

from framehouse import audience
from framehouse.audience import Measure
from framehouse.dialects.gateway import Call, Caller, takes
from framehouse.dialects.ibm import schemas, translate
from framehouse.dialects.ibm.routes.answers import sliced
from framehouse.dialects.ibm.schemas import ContentWord, DimensionWord

router = APIRouter(tags=["Figures"])
SeriesList = schemas.Listed[schemas.SeriesObject]
FAMILIES = {
    "total-views": (Measure.PLAYS, "Total views", "Play sessions that began in the period."),
    "unique-devices": (Measure.DEVICES, "Unique devices", "Devices that watched in the period."),
    "authenticated-viewers": (Measure.AUTHENTICATED, "Authenticated viewers", "Viewers who were signed in."),
    "viewer-seconds": (Measure.WATCHED_MS, "Viewer seconds", "Time spent watching in the period."),
}


async def _summary(call: Call, measure: Measure, content: ContentWord | None) -> SeriesList:
    given = call.query(schemas.SeriesQuery)
    wanted = translate.period(given, required=True)
    scope = translate.scope(call.owner.tenant_id, wanted, given, content)
    value = _unit(measure, await audience.total(call.context.audience, scope, measure))
    points = [(wanted.point(wanted.from_ms or 0), value)]
    return SeriesList.model_construct(**sliced(call, given, translate.series("summary", points)))


async def _by(call: Call, measure: Measure, content: ContentWord | None, dimension: DimensionWord) -> SeriesList:
    given = call.query(schemas.SeriesQuery)
    wanted = translate.period(given, required=True)
    scope = translate.scope(call.owner.tenant_id, wanted, given, content)
    bucket = translate.bucket(dimension)
    if bucket is not None:
        found = await audience.by_time(call.context.audience, scope, measure, bucket, wanted.zone)
        points = [(wanted.point(start_s * 1000), value) for start_s, value in found]
    else:
        points = await audience.by_property(call.context.audience, scope, measure, translate.label(dimension))
    points = [(point, _unit(measure, value)) for point, value in points]
    return SeriesList.model_construct(**sliced(call, given, translate.series(dimension.value, points)))


def _unit(measure: Measure, value: int) -> int:
    return round(value / 1000) if measure is Measure.WATCHED_MS else value


def _add_family(path: str, measure: Measure, title: str, what: str) -> None:
    async def summary(call: Caller) -> SeriesList:
        return await _summary(call, measure, None)

    async def summary_of(content_type: ContentWord, call: Caller) -> SeriesList:
        return await _summary(call, measure, content_type)

    async def by(dimension: DimensionWord, call: Caller) -> SeriesList:
        return await _by(call, measure, None, dimension)

    async def by_of(content_type: ContentWord, dimension: DimensionWord, call: Caller) -> SeriesList:
        return await _by(call, measure, content_type, dimension)

    said: dict[str, Any] = {"description": what, "openapi_extra": takes(query=schemas.SeriesQuery)}
    name = path.replace("-", "_")
    # The literal comes before the dimension's place.
    router.add_api_route(f"/{path}/summary", summary, summary=title, operation_id=f"{name}_summary", **said)
    router.add_api_route(
        f"/{path}/{{content_type}}/summary", summary_of, summary=f"{title} of live or recorded content",
        operation_id=f"{name}_summary_of", **said,
    )  # fmt: skip
    router.add_api_route(
        f"/{path}/{{dimension}}", by, summary=f"{title} by a dimension", operation_id=f"{name}_by", **said
    )
    router.add_api_route(
        f"/{path}/{{content_type}}/{{dimension}}", by_of, summary=f"{title} of live or recorded content by a dimension",
        operation_id=f"{name}_by_of", **said,
    )  # fmt: skip


for _path, _about in FAMILIES.items():
    _add_family(_path, *_about)
