"""Cloud Video Kit's analytics queries and results, as its document names them."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from framehouse.dialects.gateway import Input, Output

LIMIT_MAX = 200
FILTERS_MAX = 50
VALUES_MAX = 1000
_DATE = re.compile(r"\s*\d{4}-\d{2}-\d{2}")


def _is_time(value: object) -> object:
    """Fractions of a second may have more digits than a clock."""
    if isinstance(value, str) and _DATE.match(value):
        return re.sub(r"(\.\d{6})\d+", r"\1", value.strip())
    raise ValueError("must be a time such as 2026-01-31T12:00:00Z")


def _utc(time: datetime) -> datetime:
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


Name = Annotated[str, BeforeValidator(_upper), Field(max_length=60)]
Moment = Annotated[datetime, BeforeValidator(_is_time), AfterValidator(_utc)]


class Interval(StrEnum):
    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"
    MONTH = "MONTH"


class Direction(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


class FilterWord(StrEnum):
    IN = "IN"
    EQ = "EQ"
    NE = "NE"
    LT = "LT"
    LTE = "LTE"
    GT = "GT"
    GTE = "GTE"
    CONTAINS = "CONTAINS"
    NOTCONTAINS = "NOTCONTAINS"


class QueryFilter(Input):
    name: Name = Field(description="A dimension.")
    operator: Annotated[FilterWord, BeforeValidator(_upper)] = FilterWord.EQ
    value: str | int | float | list[str | int | float] | None = Field(
        None, description="A text or number; for IN an array of them."
    )


class QueryOrder(Input):
    name: Name = Field(description="A column of the answer.")
    order: Annotated[Direction, BeforeValidator(_upper)] = Direction.ASC


class PeriodBody(Input):
    start: Moment | None = Field(None, description="By default a day before the end.")
    end: Moment | None = Field(None, description="Not included; by default now.")
    filters: list[QueryFilter] = Field(default_factory=list[QueryFilter], max_length=FILTERS_MAX)
    limit: int = Field(LIMIT_MAX, ge=1, le=LIMIT_MAX)


class ConcurrencyBody(PeriodBody):
    orderBy: list[QueryOrder] = Field(default_factory=list[QueryOrder], max_length=10)  # noqa: N815  (the vendor's)
    interval: Annotated[Interval, BeforeValidator(_upper)] | None = None
    groupBy: list[Name] = Field(default_factory=list[str], max_length=10)  # noqa: N815  (as above)
    offset: int = Field(0, ge=0, le=1_000_000)


class QueryBody(ConcurrencyBody):
    dimension: Name
    includeContext: bool = False  # noqa: N815  (as above)


class PercentileBody(QueryBody):
    percentile: float = Field(50, ge=0, le=100)


class ColumnLabel(Output):
    key: str
    label: str


class ContextDescription(Output):
    label: str
    description: str


class AnalyticsResult(Output):
    rowCount: int  # noqa: N815  (as above)
    rows: list[list[Any]]
    columnLabels: list[ColumnLabel]  # noqa: N815  (as above)
    contextDescription: list[ContextDescription]  # noqa: N815  (as above)


class Impression(Output):
    impressionId: str  # noqa: N815  (as above)


class ImpressionList(Output):
    impressions: list[Impression]
