"""The greatest number of viewers at the same time."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from framehouse import audience
from framehouse.audience import Bucket, ContentType, Peak, Scope, Zone
from framehouse.dialects.gateway import Caller, takes
from framehouse.dialects.videokit import schemas, translate
from framehouse.dialects.videokit.translate import TIMESTAMP, VIDEO_ID
from framehouse.kernel import InvalidInput, VideoId, to_uuid

router = APIRouter(tags=["Streaming: Analytics"])
MAX_CONCURRENT_VIEWERS = "MAX_CONCURRENT_VIEWERS"


@router.post(
    "/metrics/max_concurrentviewers",
    summary="Max concurrent viewers",
    description="Play sessions watching at the same time, for each interval in which somebody watched; without an "
    "interval of the whole period. Filters by VIDEO_ID and IS_LIVE (EQ, IN), groups by VIDEO_ID.",
    openapi_extra=takes(body=schemas.ConcurrencyBody),
)
async def max_concurrent_viewers(call: Caller) -> schemas.AnalyticsResult:
    given = await call.body(schemas.ConcurrencyBody)
    if any(group != VIDEO_ID for group in given.groupBy):
        raise InvalidInput("there is no such group", fields={"groupBy": "may only have VIDEO_ID"})
    scope = _filtered(translate.scope(call.owner.tenant_id, given, call.context.clock), given.filters)
    minutes = given.interval is not schemas.Interval.HOUR
    found = await audience.peaks(
        call.context.audience, scope, Bucket.MINUTE if minutes else Bucket.HOUR, Zone(), each_video=bool(given.groupBy)
    )
    columns = [*([TIMESTAMP] if given.interval else []), *given.groupBy, MAX_CONCURRENT_VIEWERS]
    rows = _rows(found, given)
    for index, descends in reversed(translate.order(given.orderBy, columns)):
        rows.sort(key=lambda row: row[index], reverse=descends)
    page = rows[given.offset : given.offset + given.limit]
    return translate.result(columns, page, "Maximum number of concurrent viewers")


def _rows(found: list[Peak], given: schemas.ConcurrencyBody) -> list[list[Any]]:
    most: dict[tuple[Any, ...], int] = {}
    for peak in found:
        key: list[Any] = [_start_ms(peak.start_s, given.interval)] if given.interval else []
        if given.groupBy:
            key.append(str(to_uuid(peak.video_id or VideoId(0))))
        most[tuple(key)] = max(peak.viewers, most.get(tuple(key), 0))
    if not most and not given.interval and not given.groupBy:
        return [[0]]
    return [[*key, viewers] for key, viewers in sorted(most.items())]


def _start_ms(second: int, interval: schemas.Interval) -> int:
    at = datetime.fromtimestamp(second, UTC)
    if interval is schemas.Interval.DAY:
        at = at.replace(hour=0, minute=0)
    elif interval is schemas.Interval.MONTH:
        at = at.replace(day=1, hour=0, minute=0)
    return round(at.timestamp() * 1000)


def _filtered(scope: Scope, given: list[schemas.QueryFilter]) -> Scope:
    for index, one in enumerate(given):
        if one.operator not in (schemas.FilterWord.EQ, schemas.FilterWord.IN):
            raise InvalidInput("there is no such filter", fields={f"filters.{index}.operator": "is EQ or IN here"})
        values = one.value if isinstance(one.value, list) else [one.value]
        if one.name == VIDEO_ID:
            scope = replace(scope, videos=tuple(translate.video_of(value) for value in values))
        elif one.name == "IS_LIVE" and len(values) == 1:
            is_live = str(values[0]).lower() in ("1", "true")
            scope = replace(scope, content_type=ContentType.LIVE if is_live else ContentType.RECORDED)
        else:
            problem = {f"filters.{index}.name": "is VIDEO_ID or IS_LIVE here"}
            raise InvalidInput("there is no such filter", fields=problem)
    return scope
