"""View segments as they are, viewers with theirs, play sessions, and the engagement of a film."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import accumulate
from uuid import UUID

from framehouse.audience.context import AudienceContext
from framehouse.audience.model import Engagement, Kind, PlaySession, Scope, ViewSegment
from framehouse.audience.store import plays, sessions, views
from framehouse.audience.store.facts import begun_in
from framehouse.kernel import VideoId

EXPORT_PAGE = 10_000


@dataclass(frozen=True)
class SeenViewer:
    """`identifier` is the device's id for who is anonymous."""

    person_id: UUID
    identifier: str
    videos: int
    last_ms: int
    segments: tuple[ViewSegment, ...]


@dataclass(frozen=True)
class WatchedSession:
    """`watched`: how many times each second of the film was watched; `other_videos`: of the tenant, by this person."""

    session: PlaySession
    watched: tuple[int, ...]
    other_videos: int


@dataclass(frozen=True)
class SessionFilter:
    """Play sessions of one person, by what the embedding page said of them or by what they signed in with."""

    email: str | None = None
    uid: str | None = None


async def view_segments(
    context: AudienceContext, scope: Scope, *, unfinished: bool, inclusive: bool, offset: int, limit: int
) -> tuple[list[ViewSegment], int]:
    """The oldest first, and how many there are. See `store.views.in_period` for the rule."""
    condition = views.in_period(scope, unfinished=unfinished, inclusive=inclusive)
    found = await views.segments(context.engine, condition, offset, limit)
    return found, await views.count(context.engine, condition)


async def viewers(
    context: AudienceContext, scope: Scope, *, name_part: str | None, unfinished: bool, offset: int, limit: int
) -> tuple[list[SeenViewer], int]:
    """Who was last seen first, with their segments of the period, and how many viewers there are."""
    condition = views.named(views.in_period(scope, unfinished=unfinished, inclusive=True), name_part)
    found = await views.viewers(context.engine, condition, offset, limit)
    segments = await views.segments_of(context.engine, condition, [person for person, *_ in found])
    seen = [
        SeenViewer(person, name, videos, last_ms, tuple(segments.get(person, ())))
        for person, name, videos, last_ms in found
    ]
    return seen, await views.count_viewers(context.engine, condition)


async def every_segment(
    context: AudienceContext, scope: Scope, *, name_part: str | None = None
) -> AsyncIterator[ViewSegment]:
    """All that began in the scope's period, the oldest first, however many: read in pages by their place."""
    condition = views.named(begun_in(scope, Kind.SEGMENT, with_bots=True), name_part)
    after: tuple[int, UUID] | None = None
    while page := await views.segments_after(context.engine, condition, after, EXPORT_PAGE):
        for segment in page:
            yield segment
        after = (page[-1].started_ms, page[-1].id)


async def watched_ms(context: AudienceContext, scope: Scope) -> int:
    """How much of films was watched, in their own time."""
    return await sessions.watched_ms(context.engine, scope)


async def engagement(context: AudienceContext, tenant: Scope, video_id: VideoId, duration_ms: int | None) -> Engagement:
    """Of all sessions in the scope's period. `duration_ms` None: as far as anybody watched."""
    scope = Scope(tenant.tenant_id, tenant.from_ms, tenant.to_ms, (video_id,))
    counted = await plays.counts(context.engine, scope)
    watched = await sessions.watched(context.engine, scope, duration_ms)
    seconds = -(-(duration_ms or watched.longest_ms) // 1000)
    return Engagement(
        plays=counted.plays,
        impressions=counted.impressions,
        visitors=counted.unique_impressions,
        sessions=watched.sessions,
        watched_ms=watched.watched_ms,
        watched=_levels(watched.changes, seconds),
    )


async def play_sessions(
    context: AudienceContext, scope: Scope, wanted: SessionFilter, offset: int, limit: int
) -> tuple[list[PlaySession], int]:
    """Sessions in which something was watched, the newest first, and how many there are."""
    condition = sessions.with_segments(scope)
    if wanted.email is not None:
        condition = condition.and_("lower(email) = lower({email:String})", email=wanted.email)
    if wanted.uid is not None:
        condition = condition.and_("uid = {uid:String}", uid=wanted.uid)
    found = await sessions.sessions(context.engine, condition, offset, limit)
    return found, await views.count(context.engine, condition)


async def watched_sessions(
    context: AudienceContext, scope: Scope, found: list[PlaySession], durations_ms: dict[VideoId, int]
) -> list[WatchedSession]:
    """Each with its seconds; a film without a known duration as far as the session watched."""
    segments = await views.segments_of_sessions(context.engine, scope, [session.id for session in found])
    people = list({session.person_id for session in found})
    videos = await sessions.videos_of(context.engine, scope, people)
    return [
        WatchedSession(
            session,
            watched_seconds(segments.get(session.id, []), durations_ms.get(session.video_id)),
            max(0, videos.get(session.person_id, 1) - 1),
        )
        for session in found
    ]


def watched_seconds(stretches: list[tuple[int, int]], duration_ms: int | None) -> tuple[int, ...]:
    """How many times the middle of each second lies in a stretch (see `store.sessions.watched`)."""
    length_ms = duration_ms or max((to_ms for _, to_ms in stretches), default=0)
    count = -(-length_ms // 1000)
    if count == 0:
        return ()
    last_middle_ms = ((count - 1) * 1000 + length_ms) // 2

    def second(position_ms: int) -> int:
        return count if position_ms > last_middle_ms else min(count, (position_ms + 499) // 1000)

    changes = [0] * (count + 1)
    for from_ms, to_ms in stretches:
        changes[second(from_ms)] += 1
        changes[second(to_ms)] -= 1
    return tuple(accumulate(changes[:count]))


def _levels(changes: tuple[tuple[int, int], ...], count: int) -> tuple[int, ...]:
    steps = [0] * (count + 1)
    for second, step in changes:
        steps[min(second, count)] += step
    return tuple(accumulate(steps[:count]))
