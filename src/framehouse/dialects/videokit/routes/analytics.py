"""Analytics: aggregates over page loads ("impressions") and shown ads. Defined in docs/reference/metrics.md."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from fastapi import APIRouter

from framehouse.audience import Bucket, Scope, metrics
from framehouse.audience.metrics import Aggregate, Question
from framehouse.dialects.gateway import Call, Caller, takes
from framehouse.dialects.videokit import schemas, translate
from framehouse.dialects.videokit.translate import OF_ADS, OF_PAGES, TIMESTAMP, Dimensions
from framehouse.kernel import InvalidInput

router = APIRouter(tags=["Streaming: Analytics"])
MEDIAN = 0.5
AGGREGATES = {
    "count": (Aggregate.COUNT, "Number of values"),
    "sum": (Aggregate.SUM, "Sum"),
    "avg": (Aggregate.AVG, "Average"),
    "median": (Aggregate.PERCENTILE, "Median"),
    "max": (Aggregate.MAX, "Greatest value"),
    "min": (Aggregate.MIN, "Least value"),
    "percentile": (Aggregate.PERCENTILE, "Percentile"),
    "stddev": (Aggregate.STDDEV, "Standard deviation"),
    "variance": (Aggregate.VARIANCE, "Variance"),
}
OF_AN_AD = ("count", "sum", "avg")


async def _query(call: Call, name: str, dimensions: Dimensions) -> schemas.AnalyticsResult:
    aggregate, what = AGGREGATES[name]
    given = await call.body(schemas.PercentileBody if name == "percentile" else schemas.QueryBody)
    level = given.percentile / 100 if isinstance(given, schemas.PercentileBody) else MEDIAN
    columns = [*([TIMESTAMP] if given.interval else []), *given.groupBy, given.dimension]
    question = Question(
        scope=translate.scope(call.owner.tenant_id, given, call.context.clock),
        properties=dimensions.properties,
        of=_measured(dimensions, given.dimension, aggregate),
        aggregate=aggregate,
        filters=translate.filters(dimensions, given.filters),
        groups=[dimensions.inner(group, f"groupBy.{index}") for index, group in enumerate(given.groupBy)],
        bucket=translate.bucket(given.interval),
        order=translate.order(given.orderBy, columns),
        level=level,
        limit=given.limit,
        offset=given.offset,
    )
    if question.bucket is not None and not given.groupBy:
        rows = await _every_bucket(call, question)
    else:
        rows = await metrics.measure(call.context.audience, question)
    shown = [_shown(row, columns) for row in rows]
    return translate.result(columns, shown, f"{what} of {translate.label(given.dimension)} over impressions")


def _measured(dimensions: Dimensions, name: str, aggregate: Aggregate) -> str:
    inner = dimensions.inner(name, "dimension")
    if aggregate is not Aggregate.COUNT and not dimensions.properties[inner].is_number:
        raise InvalidInput("a text can only be counted", fields={"dimension": "is no number: only count takes it"})
    return inner


async def _every_bucket(call: Call, question: Question) -> list[list[Any]]:
    """Also those of the period without an impression: 0 of what is counted and summed, null of the others."""
    whole = replace(question, limit=1_000_000, offset=0, order=())
    found: dict[int, Any] = {row[0]: row[1] for row in await metrics.measure(call.context.audience, whole)}
    assert question.bucket is not None  # as the caller saw
    nothing = 0 if question.aggregate in (Aggregate.COUNT, Aggregate.SUM) else None
    starts = _buckets(question.scope, question.bucket, question.offset + question.limit, found, question.order)
    rows: list[list[Any]] = [[start, found.get(start, nothing)] for start in starts]
    for index, descends in reversed(question.order):
        rows.sort(key=partial(_sortable, index), reverse=descends)
    return rows[question.offset : question.offset + question.limit]


def _sortable(index: int, row: list[Any]) -> tuple[bool, float]:
    """What is not known is less than anything."""
    return row[index] is not None, row[index] or 0


def _buckets(scope: Scope, bucket: Bucket, enough: int, found: dict[int, Any], order: object) -> list[int]:
    """First seconds in order; all that matter if they are ordered otherwise, or there are more than a page."""
    assert scope.from_ms is not None  # the dialect's periods have both ends
    assert scope.to_ms is not None
    starts: list[int] = []
    at = _start(datetime.fromtimestamp(scope.from_ms / 1000, UTC), bucket)
    while at.timestamp() * 1000 < scope.to_ms and (order or len(starts) < enough):
        starts.append(round(at.timestamp()))
        at = _after(at, bucket)
        if order and len(starts) > 100_000:
            return sorted(found)
    return starts


def _start(at: datetime, bucket: Bucket) -> datetime:
    at = at.replace(second=0, microsecond=0)
    if bucket is Bucket.MINUTE:
        return at
    at = at.replace(minute=0)
    if bucket is Bucket.HOUR:
        return at
    return at.replace(hour=0, day=1) if bucket is Bucket.MONTH else at.replace(hour=0)


def _after(at: datetime, bucket: Bucket) -> datetime:
    if bucket is Bucket.MONTH:
        return at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)
    seconds = {Bucket.MINUTE: 60, Bucket.HOUR: 3600, Bucket.DAY: 86_400}[bucket]
    return datetime.fromtimestamp(at.timestamp() + seconds, UTC)


def _shown(row: list[Any], columns: list[str]) -> list[Any]:
    """Times in milliseconds, whole numbers without a point."""
    shown = [
        value * 1000 if name == TIMESTAMP else translate.shown(name, value)
        for name, value in zip(columns[:-1], row[:-1], strict=True)
    ]
    value = row[-1]
    return [*shown, int(value) if isinstance(value, float) and value.is_integer() else value]


def _add(path: str, name: str, dimensions: Dimensions) -> None:
    async def query(call: Caller) -> schemas.AnalyticsResult:
        return await _query(call, name, dimensions)

    body = schemas.PercentileBody if name == "percentile" else schemas.QueryBody
    known = ", ".join(sorted(dimensions.names))
    router.add_api_route(
        path, query, methods=["POST"], summary=f"{name.capitalize()} of a dimension", operation_id=path.strip("/"),
        description=f"Over impressions that began in the period. Dimensions: {known}.",
        openapi_extra=takes(body=body, required=True),
    )  # fmt: skip


for _name in AGGREGATES:
    _add(f"/queries/{_name}", _name, OF_PAGES)
for _name in OF_AN_AD:
    _add(f"/ads/queries/{_name}", _name, OF_ADS)


@router.post(
    "/impressions",
    summary="List impressions",
    description="Ids of impressions that began in the period, the newest first.",
    openapi_extra=takes(body=schemas.PeriodBody),
)
async def impressions(call: Caller) -> schemas.ImpressionList:
    given = await call.body(schemas.PeriodBody)
    question = Question(
        scope=translate.scope(call.owner.tenant_id, given, call.context.clock),
        properties=OF_PAGES.properties,
        of="impression",
        aggregate=Aggregate.COUNT,
        filters=translate.filters(OF_PAGES, given.filters),
        limit=given.limit,
    )
    found = await metrics.impressions(call.context.audience, question)
    return schemas.ImpressionList(impressions=[schemas.Impression(impressionId=id_) for id_ in found])
