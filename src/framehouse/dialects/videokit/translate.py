"""Between Cloud Video Kit's dimensions and the audience room's properties of page loads and ads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from framehouse.audience import Bucket, Scope
from framehouse.audience.metrics import AD, PAGE, Filter, Operator, Property
from framehouse.dialects.videokit import schemas
from framehouse.infra.analytics import Parameter
from framehouse.kernel import Clock, InvalidInput, TenantId, VideoId, from_uuid, to_uuid

TIMESTAMP = "TIMESTAMP"
VIDEO_ID = "VIDEO_ID"
_ABOUT_PAGE = {
    "COUNTRY": "country", "REGION": "region", "CITY": "city", "BROWSER": "browser",
    "BROWSER_VERSION_MAJOR": "browser_major", "OPERATINGSYSTEM": "os", "OPERATINGSYSTEM_VERSION_MAJOR": "os_major",
    "DEVICE_TYPE": "device_type", "PLATFORM": "device", "DOMAIN": "domain", "PATH": "page", VIDEO_ID: "video",
    "VIDEO_TITLE": "video_title", "USER_ID": "client", "CUSTOM_USER_ID": "viewer", "IS_LIVE": "is_live",
    "IMPRESSION_ID": "impression", "IMPRESSIONS": "impression",
}  # fmt: skip
PAGE_NAMES = {
    "PLAYED": "played_ms", "PAUSED": "paused_ms", "SEEKED": "sought_ms", "BUFFERED": "buffered_ms",
    "VIEWTIME": "viewed_ms", "PLAY_ATTEMPTS": "plays", "STARTUPTIME": "startup_ms",
    "PLAYER_STARTUPTIME": "player_startup_ms", "VIDEO_STARTUPTIME": "video_startup_ms",
    "PAGE_LOAD_TIME": "page_load_ms", "PAGE_LOAD_TYPE": "page_load_type", "REBUFFER_PERCENTAGE": "rebuffer_share",
    "ERROR_CODE": "error_code", "VIDEO_DURATION": "duration_ms", "VIDEO_PLAYBACK_HEIGHT": "height_px",
    "STREAM_FORMAT": "stream_format", **_ABOUT_PAGE,
}  # fmt: skip
AD_NAMES = {
    "AD_IMPRESSION_ID": "ad_impression", "AD_ID": "ad", "STARTED": "started", "CLICKED": "clicked",
    "SKIPPED": "skipped", "QUARTILE_1": "quartile_1", "MIDPOINT": "midpoint", "QUARTILE_3": "quartile_3",
    "COMPLETED": "completed", "ERROR": "failed", **_ABOUT_PAGE,
}  # fmt: skip
_MILLISECONDS = frozenset(name for name, inner in PAGE_NAMES.items() if inner.endswith("_ms"))
_BUCKETS = {interval: Bucket(interval.value.lower()) for interval in schemas.Interval}
_DAY = timedelta(days=1)
PERIOD_MAX = timedelta(days=3660)


@dataclass(frozen=True)
class Dimensions:
    """One family of queries: the vendor's names, and the properties they mean."""

    names: Mapping[str, str]
    properties: dict[str, Property]

    def inner(self, name: str, field: str) -> str:
        """Raises InvalidInput, which lists what there is, for a dimension that the log does not have."""
        found = self.names.get(name)
        if found is None:
            known = ", ".join(sorted(self.names))
            raise InvalidInput(f"there is no dimension {name!r}", fields={field: f"is none of {known}"})
        return found


OF_PAGES = Dimensions(PAGE_NAMES, PAGE)
OF_ADS = Dimensions(AD_NAMES, AD)


def scope(tenant_id: TenantId, given: schemas.PeriodBody, clock: Clock) -> Scope:
    """The last day by default. Raises InvalidInput for an end that is not after the start."""
    end = given.end or clock.now()
    start = given.start or end - _DAY
    if end <= start:
        raise InvalidInput("the period is empty", fields={"end": "must be after start"})
    if end - start > PERIOD_MAX:
        raise InvalidInput("the period is too long", fields={"start": "must be at most ten years before end"})
    return Scope(tenant_id, round(start.timestamp() * 1000), round(end.timestamp() * 1000))


def bucket(interval: schemas.Interval | None) -> Bucket | None:
    return _BUCKETS[interval] if interval is not None else None


def filters(dimensions: Dimensions, given: Sequence[schemas.QueryFilter]) -> list[Filter]:
    return [_filter(dimensions, one, f"filters.{index}") for index, one in enumerate(given)]


def order(given: Sequence[schemas.QueryOrder], columns: Sequence[str]) -> list[tuple[int, bool]]:
    """Indexes of the answer's columns. Raises InvalidInput for what is no column of it."""
    found: list[tuple[int, bool]] = []
    for index, one in enumerate(given):
        if one.name not in columns:
            problem = f"must be a column of the answer: {', '.join(columns)}"
            raise InvalidInput("it is not in the answer", fields={f"orderBy.{index}.name": problem})
        found.append((columns.index(one.name), one.order is schemas.Direction.DESC))
    return found


def shown(name: str, value: Any) -> Any:
    """A group's value as the vendor writes it; null where it is not known."""
    if name == VIDEO_ID:
        return str(to_uuid(VideoId(int(value))))
    return None if value == "" else value


def label(name: str) -> str:
    words = name.replace("_", " ").capitalize()
    return f"{words} (ms)" if name in _MILLISECONDS else words


def result(columns: Sequence[str], rows: list[list[Any]], what: str) -> schemas.AnalyticsResult:
    labels = [schemas.ColumnLabel(key=name, label=label(name)) for name in columns]
    context = schemas.ContextDescription(label=label(columns[-1]), description=what)
    return schemas.AnalyticsResult(rowCount=len(rows), rows=rows, columnLabels=labels, contextDescription=[context])


def video_of(value: object) -> VideoId:
    """An id in this API's spelling; one that nothing has for what is none."""
    return VideoId(from_uuid(str(value)) or 0)


def _filter(dimensions: Dimensions, given: schemas.QueryFilter, place: str) -> Filter:
    name = dimensions.inner(given.name, f"{place}.name")
    is_number = dimensions.properties[name].is_number
    operator = Operator[given.operator.value]
    if is_number and operator in (Operator.CONTAINS, Operator.NOTCONTAINS):
        raise InvalidInput("a number contains nothing", fields={f"{place}.operator": "is for texts"})
    if not is_number and operator in (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE):
        raise InvalidInput("a text is not less or more", fields={f"{place}.operator": "is for numbers"})
    if operator is not Operator.IN:
        return Filter(name, operator, _value(given.name, given.value, place, is_number=is_number))
    values = given.value if isinstance(given.value, list) else [given.value]
    if len(values) > schemas.VALUES_MAX:
        problem = f"has more than {schemas.VALUES_MAX} values"
        raise InvalidInput("there are too many values", fields={f"{place}.value": problem})
    found = [_value(given.name, value, place, is_number=is_number) for value in values]
    return Filter(name, operator, cast("Parameter", found))


def _value(name: str, value: Any, place: str, *, is_number: bool) -> str | float:
    if is_number:
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if number != number or abs(number) == float("inf"):
            raise InvalidInput("a number is needed", fields={f"{place}.value": "must be a number"})
        return number
    if isinstance(value, bool):
        value = str(int(value))
    if not isinstance(value, str | int | float):
        raise InvalidInput("a text is needed", fields={f"{place}.value": "must be a text or a number"})
    if name == VIDEO_ID:
        return str(video_of(value))
    text = str(value)
    return {"true": "1", "false": "0"}.get(text.lower(), text) if name == "IS_LIVE" else text
