"""Questions about plays and impressions: how many, by whom, where, on what."""

from collections.abc import Sequence
from datetime import date
from enum import Enum

from framehouse.audience.model import Counts, Kind, Scope
from framehouse.audience.store.facts import FINAL, Condition, begun_in
from framehouse.infra.analytics import AnalyticsEngine, Row
from framehouse.kernel import VideoId

DAY = "toDate(toDateTime(intDiv(started_ms, 1000), 'UTC'))"
HD_HEIGHT_PX = 720
_COUNTS = (
    "countIf(kind = 'play'), countIf(kind = 'impression'), uniqExactIf(person_id, kind = 'play'), "
    "uniqExactIf(person_id, kind = 'impression')"
)


class Label(Enum):
    """What plays are counted by; the value is the expression of the label."""

    DOMAIN = "domain"
    COUNTRY = "country"
    CITY = "city"
    DEFINITION = f"if(height_px >= {HD_HEIGHT_PX}, 'hd', 'sd')"
    PLAYBACK_TYPE = "playback_type"
    DEVICE_TYPE = "device_type"


async def counts(engine: AnalyticsEngine, scope: Scope) -> Counts:
    rows = await _ask(engine, f"SELECT {_COUNTS}", begun_in(scope, Kind.PLAY, Kind.IMPRESSION))
    return Counts(*rows[0])


async def counts_by_day(engine: AnalyticsEngine, scope: Scope) -> dict[date, Counts]:
    """Days (UTC) without a fact are not in it."""
    condition = begun_in(scope, Kind.PLAY, Kind.IMPRESSION)
    rows = await _ask(engine, f"SELECT toString({DAY}) AS day, {_COUNTS}", condition, "GROUP BY day ORDER BY day")
    return {date.fromisoformat(day): Counts(*values) for day, *values in rows}


async def plays_by(
    engine: AnalyticsEngine, scope: Scope, label: Label, country: str | None = None
) -> list[tuple[str, int]]:
    """The most first. `country`: only plays from there (ISO 3166-1 alpha-2)."""
    select = f"SELECT toString({label.value}) AS label, count() AS plays"
    tail = "GROUP BY label ORDER BY plays DESC, label"
    rows = await _ask(engine, select, _plays(scope, country), tail)
    return [(name, plays) for name, plays in rows]


async def plays_by_day(
    engine: AnalyticsEngine, scope: Scope, label: Label, country: str | None = None
) -> dict[date, list[tuple[str, int]]]:
    """As `plays_by`, for each day (UTC) with plays."""
    select = f"SELECT toString({DAY}) AS day, toString({label.value}) AS label, count() AS plays"
    tail = "GROUP BY day, label ORDER BY day, plays DESC, label"
    answer: dict[date, list[tuple[str, int]]] = {}
    for day, name, plays in await _ask(engine, select, _plays(scope, country), tail):
        answer.setdefault(date.fromisoformat(day), []).append((name, plays))
    return answer


async def plays_of_videos(engine: AnalyticsEngine, scope: Scope) -> dict[VideoId, int]:
    """Videos without a play are not in it."""
    rows = await _ask(engine, "SELECT video_id, count()", begun_in(scope, Kind.PLAY), "GROUP BY video_id")
    return {VideoId(video): plays for video, plays in rows}


async def top_videos(engine: AnalyticsEngine, scope: Scope, limit: int) -> Sequence[tuple[VideoId, int]]:
    select = "SELECT video_id, count() AS plays"
    tail = f"GROUP BY video_id ORDER BY plays DESC, video_id LIMIT {int(limit)}"
    return [(VideoId(video), plays) for video, plays in await _ask(engine, select, begun_in(scope, Kind.PLAY), tail)]


def _plays(scope: Scope, country: str | None) -> Condition:
    condition = begun_in(scope, Kind.PLAY)
    return condition if country is None else condition.and_("country = {country:String}", country=country)


async def _ask(engine: AnalyticsEngine, select: str, condition: Condition, tail: str = "") -> list[Row]:
    return await engine.query(f"{select} FROM {FINAL} WHERE {condition.text} {tail}", condition.parameters)
