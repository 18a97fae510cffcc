"""Counts of plays and impressions, in total and by day. Days are UTC."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from framehouse.audience.context import AudienceContext
from framehouse.audience.model import Counts, Scope
from framehouse.audience.store import plays
from framehouse.audience.store.plays import Label
from framehouse.kernel import VideoId

DAYS_MAX = 3660
Value = TypeVar("Value")


def day_ms(day: date) -> int:
    """Its first millisecond."""
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


async def counts(context: AudienceContext, scope: Scope) -> Counts:
    return await plays.counts(context.engine, scope)


async def counts_by_day(context: AudienceContext, scope: Scope) -> list[tuple[date, Counts]]:
    """Every day of the period in order, also those without a fact. A period without a beginning begins with the first
    day that has one; without an end it ends today."""
    found = await plays.counts_by_day(context.engine, scope)
    return [(day, found.get(day, Counts())) for day in _days(context, scope, found)]


async def plays_by(
    context: AudienceContext, scope: Scope, label: Label, country: str | None = None
) -> list[tuple[str, int]]:
    """Numbers of plays by label, the most first; the label is empty where it is not known."""
    return await plays.plays_by(context.engine, scope, label, country)


async def plays_by_day(
    context: AudienceContext, scope: Scope, label: Label, country: str | None = None
) -> list[tuple[date, list[tuple[str, int]]]]:
    """As `plays_by`, for every day as in `counts_by_day`."""
    found = await plays.plays_by_day(context.engine, scope, label, country)
    return [(day, found.get(day, [])) for day in _days(context, scope, found)]


async def plays_of_videos(context: AudienceContext, scope: Scope) -> dict[VideoId, int]:
    """Numbers of plays; videos without one are not in it."""
    return await plays.plays_of_videos(context.engine, scope)


def _days(context: AudienceContext, scope: Scope, found: Iterable[date]) -> list[date]:
    known = sorted(found)
    today = context.clock.now().astimezone(UTC).date()
    first = _day_of(scope.from_ms) if scope.from_ms is not None else (known[0] if known else today)
    last = _day_of(scope.to_ms - 1) if scope.to_ms is not None else max([today, *known[-1:]])
    if scope.from_ms is None and not known:
        return []
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _day_of(at_ms: int) -> date:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date()
