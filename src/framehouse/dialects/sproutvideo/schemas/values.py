"""Kinds of values that SproutVideo's clients write in more than one way, and what every list shares."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BeforeValidator, Field

from framehouse.dialects.gateway import PAGE_MAX, Input, Output

PER_PAGE_DEFAULT = 25
PER_PAGE_MAX = 100
URL_LENGTH_MAX = 2000
DATE = re.compile(r"\s*\d{4}-\d{2}-\d{2}")
SECONDS_MAX = 10_000_000.0  # near four months: far past any film, near enough to be exact


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _as_lines(value: Any) -> Any:
    """One text with commas, blanks or new lines, as the vendor's own form takes it, or an array."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [part for part in cast("list[Any]", value) if part != ""] if isinstance(value, list) else value


def _utc(time: datetime) -> datetime:
    """A time without an offset is UTC. ValueError where UTC's calendar has no such day."""
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def _begins_with_date(value: object) -> object:
    """Bare numbers would be taken for seconds or milliseconds since 1970, depending on their size."""
    if isinstance(value, str) and DATE.match(value):
        return value.strip()
    raise ValueError("must be a time such as 2026-01-31T12:00:00Z")


Lower = BeforeValidator(_lower)
PrivacyLevel = Annotated[int, Field(ge=0, le=3)]
Hosts = Annotated[list[str], BeforeValidator(_as_lines)]
Moment = Annotated[datetime, BeforeValidator(_begins_with_date), AfterValidator(_utc)]
Url = Annotated[str, Field(max_length=URL_LENGTH_MAX, pattern=r"^https?://\S+$")]
UrlOrBlank = Annotated[str, Field(max_length=URL_LENGTH_MAX, pattern=r"^(https?://\S+)?$")]
Seconds = Annotated[float, Field(ge=0, le=SECONDS_MAX, allow_inf_nan=False)]


class Nothing(Input):
    """No fields besides the file."""


class ListQuery(Input):
    page: int = Field(1, ge=1, le=PAGE_MAX, description="Page, from 1.")
    per_page: int = Field(
        PER_PAGE_DEFAULT, ge=1, description=f"Items a page; more than {PER_PAGE_MAX} count as {PER_PAGE_MAX}."
    )


class Listed(Output):
    """What stands before the array of every list."""

    total: int
    next_page: str | None
    previous_page: str | None
