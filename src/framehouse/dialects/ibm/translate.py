"""Between IBM's words and the audience room's: periods and their time zone, points of series, segments, pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from framehouse.audience import Bucket, ContentType, Peak, Property, Scope, SeenViewer, ViewSegment, Zone
from framehouse.dialects.ibm import schemas
from framehouse.kernel import InvalidInput, TenantId, VideoId

HOME = "America/Los_Angeles"  # of times without an offset: the document's convention on dates
UNKNOWN = "Unknown"
_BUCKETS = {"month": Bucket.MONTH, "day": Bucket.DAY, "hour": Bucket.HOUR}
_PROPERTIES = {
    "location": Property.COUNTRY,
    "country": Property.COUNTRY,
    "region": Property.REGION,
    "device": Property.DEVICE,
    "view-source": Property.SOURCE,
}
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?)?\s*(Z|z|[+ -]\d{2}(:?\d{2})?)?")
_SHORT_OFFSET = re.compile(r"([+-]\d{2})(\d{2})?$")


@dataclass(frozen=True)
class Period:
    """Half open. Points are shown in the zone of the start: the caller's offset, else that of Los Angeles."""

    from_ms: int | None
    to_ms: int | None
    shown_in: tzinfo
    zone: Zone

    def point(self, at_ms: int) -> str:
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self.shown_in).isoformat(timespec="seconds")


def period(given: schemas.PeriodQuery, *, required: bool) -> Period:
    """Raises InvalidInput for a missing or unreadable time and for an end that is not after the start."""
    start = _moment("date_time_from", given.date_time_from, required=required)
    end = _moment("date_time_to", given.date_time_to, required=required)
    if start is not None and end is not None and end <= start:
        raise InvalidInput("the period is empty", fields={"date_time_to": "must be after date_time_from"})
    shown_in = next((moment.tzinfo for moment in (start, end) if moment is not None), None) or ZoneInfo(HOME)
    if isinstance(shown_in, ZoneInfo):
        zone = Zone(HOME)
    else:
        offset = shown_in.utcoffset(None) or timedelta()
        zone = Zone("UTC", round(offset.total_seconds()))
    return Period(_ms(start), _ms(end), shown_in, zone)


def scope(
    tenant_id: TenantId, wanted: Period, given: schemas.ContentQuery, content: schemas.ContentWord | None
) -> Scope:
    videos = tuple(VideoId(id_) for id_ in given.content_id) if given.content_id else None
    content_type = ContentType(content.value) if content is not None else None
    return Scope(tenant_id, wanted.from_ms, wanted.to_ms, videos, content_type)


def bucket(dimension: schemas.DimensionWord) -> Bucket | None:
    """None for what is no bucket of time."""
    return _BUCKETS.get(dimension.value)


def label(dimension: schemas.DimensionWord) -> Property:
    return _PROPERTIES[dimension.value]


def series(dimension: str, points: Sequence[tuple[str, int]]) -> list[schemas.SeriesObject]:
    return [
        schemas.SeriesObject(
            attributes=schemas.SeriesAttributes(dimension_type=dimension, point=point or UNKNOWN, value=value)
        )
        for point, value in points
    ]


def peak(found: Peak, wanted: Period) -> schemas.PeakSeriesObject:
    return schemas.PeakSeriesObject(
        attributes=schemas.PeakSeriesAttributes(
            content_type=schemas.ContentWord(found.content_type.value) if found.content_type else None,
            content_id=found.video_id,
            time=wanted.point(found.start_s * 1000),
            value=found.viewers,
        )
    )


def view(found: ViewSegment, wanted: Period) -> schemas.View:
    named = {"view_id": str(found.id), "viewer_identifier": found.identifier}
    return schemas.View(attributes=schemas.ViewAttributes.model_validate({**named, **_segment(found, wanted)}))


def viewer(found: SeenViewer, wanted: Period) -> schemas.Viewer:
    segments = [schemas.Segment.model_validate({"id": str(one.id), **_segment(one, wanted)}) for one in found.segments]
    return schemas.Viewer(
        attributes=schemas.ViewerAttributes(
            viewer_identifier=found.identifier,
            videos_watched=found.videos,
            last_activity=wanted.point(found.last_ms),
            segments=segments,
        )
    )


def pagination(path: str, query: Sequence[tuple[str, str]], page: int, limit: int, count: int) -> schemas.Pagination:
    """Links are relative, without the version, and carry the caller's own filters."""
    kept = [(name, value) for name, value in query if name not in ("_page", "_limit")]
    last = max(1, -(-count // limit))

    def link(number: int) -> schemas.Link:
        return schemas.Link(href=f"{path}?{urlencode([*kept, ('_page', str(number)), ('_limit', str(limit))])}")

    return schemas.Pagination(
        count=count,
        self=link(page),
        first=link(1),
        prev=link(min(page - 1, last)) if page > 1 else None,
        next=link(page + 1) if page < last else None,
        last=link(last),
    )


def _segment(found: ViewSegment, wanted: Period) -> dict[str, Any]:
    browser, system, device = found.device.browser, found.device.os, found.device.device
    return {
        "content_type": found.content_type.value,
        "content_id": found.video_id,
        "started_at": wanted.point(found.started_ms),
        "finished_at": wanted.point(found.finished_ms) if found.finished_ms is not None else None,
        "from": found.from_ms // 1000,
        "to": found.to_ms // 1000,
        "client_id": str(found.client_id),
        "view_session_id": str(found.session_id),
        "country": found.location.country or None,
        "city": found.location.city or None,
        "is_mobile_view": found.device.is_mobile,
        "view_type": "onsite" if found.on_site else "offsite",
        "device_info": {
            "browser": dict(zip(("family", "major", "minor", "patch"), _parts(browser), strict=True)),
            "os": dict(zip(("family", "major", "minor", "patch", "patch_minor"), _parts(system), strict=True)),
            "device": dict(zip(("family", "brand", "model"), _parts(device), strict=True)),
        },
    }


def _parts(found: Sequence[str]) -> list[str | None]:
    """What is not known is null; the family always says something."""
    return [found[0] or "Other", *(part or None for part in found[1:])]


def _ms(moment: datetime | None) -> int | None:
    return round(moment.timestamp() * 1000) if moment is not None else None


def _moment(name: str, text: str | None, *, required: bool) -> datetime | None:
    """An offset's plus may have arrived as a blank. A local time that a change of clocks leaves out is taken as the one
    that the clock shows instead, and one that comes twice as the first."""
    if text is None or not text.strip():
        if required:
            raise InvalidInput("a period is needed", fields={name: "is required"})
        return None
    tidy = text.strip()
    if not _DATE_TIME.fullmatch(tidy):
        raise InvalidInput("a time is wrong", fields={name: "must be ISO 8601, such as 2018-07-16T19:20:30+01:00"})
    tidy = re.sub(r"\s(\d{2}(:?\d{2})?)$", r"+\1", tidy) if re.search(r":\d{2}\S* \d{2}(:?\d{2})?$", tidy) else tidy
    tidy = tidy.replace(",", ".").replace("z", "Z").replace("Z", "+00:00")
    if "T" in tidy or " " in tidy:
        tidy = _SHORT_OFFSET.sub(lambda found: f"{found[1]}:{found[2] or '00'}", tidy)
    tidy = re.sub(r"\.(\d{6})\d+", r".\1", tidy)
    try:
        moment = datetime.fromisoformat(tidy)
        if moment.tzinfo is None:
            local = moment.replace(tzinfo=ZoneInfo(HOME))
            return local.astimezone(UTC).astimezone(ZoneInfo(HOME))
        moment.astimezone(UTC)
        return moment.astimezone(timezone(moment.utcoffset() or timedelta()))
    except (ValueError, OverflowError):
        raise InvalidInput("a time is wrong", fields={name: "is not in the calendar"}) from None
