"""Questions that answer with a series: a measure by a bucket of time or by a property, and peaks of concurrency.

A time zone is an IANA name of the few in `ZONES` or a fixed offset; hours are whole hours of the zone's own clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from framehouse.audience.model import AUTHENTICATED, Kind, Scope
from framehouse.audience.store.facts import FINAL, begun_in, clipped, touching
from framehouse.infra.analytics import AnalyticsEngine, Parameter
from framehouse.kernel import VideoId

ZONES = ("UTC", "America/Los_Angeles")
HOUR_S = 3600
MINUTE_S = 60


@dataclass(frozen=True)
class Zone:
    """`shift_s` is a fixed offset east of `name`'s own time."""

    name: str = "UTC"
    shift_s: int = 0

    def __post_init__(self) -> None:
        if self.name not in ZONES:
            raise ValueError(f"no such zone: {self.name}")


class Bucket(Enum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


class Property(Enum):
    """The value is the expression of the label."""

    COUNTRY = "country"
    REGION = "if(region = '', '', concat(toString(country), '-', toString(region)))"
    DEVICE = "device_type"
    SOURCE = "if(on_site = 1, 'onsite', 'offsite')"


class Measure(Enum):
    """Plays count where they began; the others wherever a segment lasts."""

    PLAYS = "count()"
    DEVICES = "uniqExact(client_id)"
    AUTHENTICATED = f"uniqExactIf(person_id, viewer_kind IN ({', '.join(repr(kind.value) for kind in AUTHENTICATED)}))"
    WATCHED_MS = "sum(greatest(0, end_ms - start_ms))"


def bucket_start_s(bucket: Bucket, seconds: str, zone: Zone) -> str:
    """The bucket's first second as an expression over another one in seconds."""
    if bucket in (Bucket.MINUTE, Bucket.HOUR):
        size_s = MINUTE_S if bucket is Bucket.MINUTE else HOUR_S
        return f"intDiv({seconds} + {zone.shift_s}, {size_s}) * {size_s} - {zone.shift_s}"
    local = f"toDateTime({seconds} + {zone.shift_s}, '{zone.name}')"
    floor = "toStartOfMonth" if bucket is Bucket.MONTH else "toDate"
    return f"toInt64(toUnixTimestamp(toDateTime({floor}({local}), '{zone.name}'))) - {zone.shift_s}"


async def total(engine: AnalyticsEngine, scope: Scope, measure: Measure) -> int:
    source, parameters = _source(scope, measure, by_hour=None)
    rows = await engine.query(f"SELECT {measure.value} FROM ({source})", parameters)
    return int(rows[0][0])


async def by_property(
    engine: AnalyticsEngine, scope: Scope, measure: Measure, label: Property
) -> list[tuple[str, int]]:
    """Labels in order; without those of which the measure is 0."""
    source, parameters = _source(scope, measure, by_hour=None)
    rows = await engine.query(
        f"SELECT toString({label.value}) AS label, {measure.value} AS value FROM ({source}) "
        "GROUP BY label HAVING value > 0 ORDER BY label",
        parameters,
    )
    return [(name, int(value)) for name, value in rows]


async def by_time(
    engine: AnalyticsEngine, scope: Scope, measure: Measure, bucket: Bucket, zone: Zone
) -> list[tuple[int, int]]:
    """First seconds of buckets (since 1970) with their values; without those of which the measure is 0."""
    source, parameters = _source(scope, measure, by_hour=zone)
    seconds = "intDiv(started_ms, 1000)" if measure is Measure.PLAYS else "slice_s"
    rows = await engine.query(
        f"SELECT {bucket_start_s(bucket, seconds, zone)} AS bucket, {measure.value} AS value FROM ({source}) "
        "GROUP BY bucket HAVING value > 0 ORDER BY bucket",
        parameters,
    )
    return [(int(start), int(value)) for start, value in rows]


@dataclass(frozen=True)
class Change:
    """A bucket in which concurrency changed: its greatest and last numbers, and the first second they are known for."""

    content_type: str
    video_id: VideoId
    bucket_s: int
    first_s: int
    most: int
    last: int


async def concurrency(
    engine: AnalyticsEngine, scope: Scope, size_s: int, shift_s: int, *, each_video: bool
) -> list[Change]:
    """How many play sessions were watching, looked at once a second: who began at or before that moment and had not
    stopped. Ordered by content and time. `each_video` False: all the scope's videos as one, with 0 for its id."""
    condition = touching(scope, Kind.SEGMENT)
    start, end = clipped(scope)
    content = "toString(content_type), video_id" if each_video else "'', toUInt64(0)"
    ticks = f"intDiv({start} + 999, 1000)", f"intDiv({end} + 999, 1000)"
    rows = await engine.query(
        f"""
        SELECT kept, video, intDiv(second + {shift_s}, {size_s}) * {size_s} - {shift_s} AS bucket, min(second),
               max(running), argMax(running, second)
        FROM (
            SELECT kept, video, second, sum(delta) OVER (PARTITION BY kept, video ORDER BY second) AS running
            FROM (
                SELECT content.1 AS kept, content.2 AS video, change.1 AS second, sum(change.2) AS delta
                FROM (
                    SELECT ({content}) AS content, arrayJoin([({ticks[0]}, 1), ({ticks[1]}, -1)]) AS change
                    FROM {FINAL} WHERE {condition.text} AND {ticks[1]} > {ticks[0]}
                ) GROUP BY kept, video, second
            )
        ) GROUP BY kept, video, bucket ORDER BY kept, video, bucket
        """,
        condition.parameters,
    )
    return [Change(kind, VideoId(video), *map(int, rest)) for kind, video, *rest in rows]


def _source(scope: Scope, measure: Measure, *, by_hour: Zone | None) -> tuple[str, Mapping[str, Parameter]]:
    """Rows that the measure is taken over; with a zone, segments cut at its hours, each part with its `slice_s`."""
    if measure is Measure.PLAYS:
        condition = begun_in(scope, Kind.PLAY)
        return f"SELECT * FROM {FINAL} WHERE {condition.text}", condition.parameters
    condition = touching(scope, Kind.SEGMENT)
    start, end = clipped(scope)
    columns = "client_id, person_id, viewer_kind, country, region, device_type, on_site"
    cut = f"SELECT {columns}, {start} AS start_ms, {end} AS end_ms FROM {FINAL} WHERE {condition.text}"
    if by_hour is None:
        return cut, condition.parameters
    shift_ms, hour_ms = by_hour.shift_s * 1000, HOUR_S * 1000
    first = f"intDiv(start_ms + {shift_ms}, {hour_ms})"
    last = f"intDiv(greatest(start_ms, end_ms - 1) + {shift_ms}, {hour_ms})"
    hours = f"arrayMap(i -> {first} + i, range(toUInt64({last} - {first} + 1)))"
    sliced = f"SELECT *, arrayJoin({hours}) * {hour_ms} - {shift_ms} AS slice_ms FROM ({cut})"
    ends = f"greatest(start_ms, slice_ms) AS start_ms, least(end_ms, slice_ms + {hour_ms}) AS end_ms"
    return f"SELECT {columns}, {ends}, intDiv(slice_ms, 1000) AS slice_s FROM ({sliced})", condition.parameters
