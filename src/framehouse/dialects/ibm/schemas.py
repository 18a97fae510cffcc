"""IBM's objects as its document names them, and the parameters of its requests."""

from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from pydantic import BeforeValidator, Field

from framehouse.dialects.gateway import Input, Output

PAGE_MAX = 1_000_000
LIMIT_MAX = 10_000
ID_MAX = 1 << 53
IDS_MAX = 1000
Item = TypeVar("Item")


def _ids(value: object) -> object:
    """A comma list, or several parameters."""
    parts = [str(value)] if isinstance(value, str | int) else value
    if not isinstance(parts, list):
        return value
    texts: list[str] = [str(part) for part in parts]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # JSON
    return [text.strip() for part in texts for text in part.split(",") if text.strip()]


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class _AnyCase(StrEnum):
    @classmethod
    def _missing_(cls, value: object) -> "_AnyCase | None":
        text = value.lower() if isinstance(value, str) else value
        return next((word for word in cls if word.value == text), None)


class ContentWord(_AnyCase):
    LIVE = "live"
    RECORDED = "recorded"


class DimensionWord(_AnyCase):
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    LOCATION = "location"
    COUNTRY = "country"
    REGION = "region"
    DEVICE = "device"
    VIEW_SOURCE = "view-source"


class Granularity(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"


Ids = Annotated[list[Annotated[int, Field(ge=0, le=ID_MAX)]], BeforeValidator(_ids), Field(max_length=IDS_MAX)]


class Paged(Input):
    page: int = Field(1, alias="_page", ge=1, le=PAGE_MAX, description="Page, from 1.")
    limit: int = Field(10, alias="_limit", ge=1, le=LIMIT_MAX, description="Resources a page.")


class PeriodQuery(Paged):
    date_time_from: str | None = Field(
        None, max_length=60, description="Start, ISO 8601. Without an offset it is the time of America/Los_Angeles."
    )
    date_time_to: str | None = Field(None, max_length=60, description="End, which is not included; as the start.")


class ContentQuery(Input):
    content_id: Ids | None = Field(None, description="Comma separated ids of videos or channels.")


class SeriesQuery(PeriodQuery, ContentQuery):
    """What only some requests document is taken by all."""


class PeakQuery(SeriesQuery):
    granularity: Annotated[Granularity, BeforeValidator(_lower)] = Field(
        Granularity.MINUTE, description="Of the points."
    )


class ViewsQuery(SeriesQuery):
    list_unfinished_segments: bool = Field(True, description="Also segments that are still going on.")
    inclusive_range: bool = Field(
        True, description="Also segments of which only the beginning or the end lies in the period."
    )


class ViewersQuery(SeriesQuery):
    viewer_identifier: str | None = Field(None, max_length=200, description="Part of an identifier.")
    list_unfinished_segments: bool = Field(True, description="Also segments that are still going on.")


class Link(Output):
    href: str


class Pagination(Output):
    count: int = Field(description="Of all pages' resources.")
    self: Link
    first: Link
    prev: Link | None
    next: Link | None
    last: Link


class DeviceInfoBrowser(Output):
    family: str
    major: str | None
    minor: str | None
    patch: str | None


class DeviceInfoOs(DeviceInfoBrowser):
    patch_minor: str | None


class DeviceInfoDevice(Output):
    family: str
    brand: str | None
    model: str | None


class DeviceInfo(Output):
    browser: DeviceInfoBrowser
    os: DeviceInfoOs
    device: DeviceInfoDevice


class SegmentFields(Output):
    content_type: ContentWord
    content_id: int
    started_at: str
    finished_at: str | None = Field(description="Null while it goes on.")
    from_: int = Field(alias="from", description="Second of the film.", serialization_alias="from")
    to: int
    client_id: str
    view_session_id: str
    country: str | None
    city: str | None
    is_mobile_view: bool
    view_type: str
    device_info: DeviceInfo


class Segment(SegmentFields):
    id: str


class ViewAttributes(SegmentFields):
    view_id: str
    viewer_identifier: str


class View(Output):
    type: str = "View"
    attributes: ViewAttributes


class ViewerAttributes(Output):
    viewer_identifier: str = Field(description="The device's id for an anonymous viewer.")
    videos_watched: int
    last_activity: str
    segments: list[Segment]


class Viewer(Output):
    type: str = "Viewer"
    attributes: ViewerAttributes


class SeriesAttributes(Output):
    dimension_type: str
    point: str
    value: int


class SeriesObject(Output):
    type: str = "Series"
    attributes: SeriesAttributes


class PeakSeriesAttributes(Output):
    content_type: ContentWord | None
    content_id: int | None
    time: str
    value: int


class PeakSeriesObject(Output):
    type: str = "PeakSeries"
    attributes: PeakSeriesAttributes


class Listed(Output, Generic[Item]):
    data: list[Item]
    pagination: Pagination


class Token(Output):
    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105  (the protocol's word)
    expires_in: int


class TokenError(Output):
    error: str
    error_description: str
