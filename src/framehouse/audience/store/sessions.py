"""Questions about play sessions and about which seconds of a film are watched."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from framehouse.audience.model import Kind, Location, PlaySession, Scope, ViewerIdentity, ViewerKind
from framehouse.audience.store.facts import FINAL, Condition, begun_in
from framehouse.infra.analytics import AnalyticsEngine, Row
from framehouse.kernel import VideoId

_COLUMNS = (
    "toString(fact_id), video_id, started_ms, toString(person_id), toString(viewer_kind), identifier, uid, "
    "email, viewer_name, client_id, domain, page, user_agent, address, playback_type, country, region, city, is_bot"
)


@dataclass(frozen=True)
class Watched:
    """`changes`: second of the film, and how many more (or fewer) watch from it on."""

    sessions: int
    watched_ms: int
    longest_ms: int
    changes: tuple[tuple[int, int], ...]


async def watched_ms(engine: AnalyticsEngine, scope: Scope) -> int:
    """Of the films' own time, at whatever speed."""
    condition = begun_in(scope, Kind.SEGMENT)
    rows = await engine.query(f"SELECT sum(to_ms - from_ms) FROM {FINAL} WHERE {condition.text}", condition.parameters)
    return int(rows[0][0])


async def watched(engine: AnalyticsEngine, scope: Scope, duration_ms: int | None) -> Watched:
    """A second of the film counts as watched when its middle was played (of the last one, the middle of what there is):
    each once, however the stretches around it are cut."""
    condition = begun_in(scope, Kind.SEGMENT)
    totals = await engine.query(
        f"SELECT uniqExact(play_id), sum(to_ms - from_ms), max(to_ms) FROM {FINAL} WHERE {condition.text}",
        condition.parameters,
    )
    sessions, total_ms, longest_ms = map(int, totals[0])
    length_ms = duration_ms or longest_ms
    count = -(-length_ms // 1000)
    last_middle_ms = ((count - 1) * 1000 + length_ms) // 2
    second = f"if(position > {last_middle_ms}, {count}, least({count}, intDiv(position + 499, 1000)))"
    rows = await engine.query(
        f"""
        SELECT {second} AS second, sum(step) FROM (
            SELECT change.1 AS position, change.2 AS step FROM (
                SELECT arrayJoin([(from_ms, 1), (to_ms, -1)]) AS change FROM {FINAL} WHERE {condition.text}
            )
        ) GROUP BY second ORDER BY second
        """,
        condition.parameters,
    )
    return Watched(sessions, total_ms, longest_ms, tuple((int(at), int(step)) for at, step in rows))


def with_segments(scope: Scope, *, with_bots: bool = False) -> Condition:
    """Play sessions of the period in which something was watched."""
    played = begun_in(Scope(scope.tenant_id, videos=scope.videos), Kind.SEGMENT, with_bots=with_bots)
    condition = begun_in(scope, Kind.PLAY, with_bots=with_bots)
    return condition.and_(f"fact_id IN (SELECT play_id FROM {FINAL} WHERE {played.text})", **played.parameters)


async def sessions(engine: AnalyticsEngine, condition: Condition, offset: int, limit: int) -> list[PlaySession]:
    """The newest first."""
    rows = await engine.query(
        f"SELECT {_COLUMNS} FROM {FINAL} WHERE {condition.text} ORDER BY started_ms DESC, fact_id "
        f"LIMIT {int(limit)} OFFSET {int(offset)}",
        condition.parameters,
    )
    return [_session(row) for row in rows]


async def videos_of(engine: AnalyticsEngine, scope: Scope, people: Sequence[UUID]) -> dict[UUID, int]:
    """How many of the tenant's videos each of these people watched."""
    if not people:
        return {}
    condition = begun_in(Scope(scope.tenant_id), Kind.SEGMENT, with_bots=True)
    condition = condition.and_("person_id IN {people:Array(UUID)}", people=people)
    rows = await engine.query(
        f"SELECT toString(person_id), uniqExact(video_id) FROM {FINAL} WHERE {condition.text} GROUP BY person_id",
        condition.parameters,
    )
    return {UUID(person): videos for person, videos in rows}


def _session(row: Row) -> PlaySession:
    (id_, video, started_ms, person, kind, identifier, uid, email, name, client) = row[:10]
    domain, page, user_agent, address, playback_type, country, region, city, is_bot = row[10:]
    return PlaySession(
        id=UUID(id_),
        video_id=VideoId(video),
        started_ms=started_ms,
        person_id=UUID(person),
        viewer=ViewerIdentity(ViewerKind(kind), identifier, uid, email, name),
        client_id=client,
        domain=domain,
        page=page,
        user_agent=user_agent,
        address=address,
        playback_type=playback_type,
        location=Location(country, region, city),
        is_bot=bool(is_bot),
    )
