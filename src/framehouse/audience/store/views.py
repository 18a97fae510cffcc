"""Questions that answer with view segments and viewers themselves."""

from collections.abc import Sequence
from uuid import UUID

from framehouse.audience.model import ContentType, Device, Kind, Location, Scope, ViewSegment
from framehouse.audience.store.facts import FINAL, Condition, begun_in, of_scope
from framehouse.infra.analytics import AnalyticsEngine, Row
from framehouse.kernel import VideoId

# Anonymous viewers go by their device.
NAME = "if(identifier = '', toString(client_id), identifier)"
_COLUMNS = (
    f"toString(fact_id), toString(play_id), toString(content_type), video_id, started_ms, finished_ms, finished, "
    f"from_ms, to_ms, {NAME}, client_id, on_site, country, region, city, browser, browser_major, browser_minor, "
    "browser_patch, os, os_major, os_minor, os_patch, os_patch_minor, device, device_brand, device_model, device_type, "
    "is_mobile, is_bot"
)


def in_period(scope: Scope, *, unfinished: bool, inclusive: bool) -> Condition:
    """IBM's rule (Raw view export): segments that begin or end in the period, those that go on when they began in it;
    not `unfinished`: only those that ended; not `inclusive`: only those that began and ended in it."""
    condition = of_scope(scope, Kind.SEGMENT)
    since = "{from:Int64}" if scope.from_ms is not None else "-9223372036854775807"
    until = "{to:Int64}" if scope.to_ms is not None else "9223372036854775807"
    began = f"(started_ms >= {since} AND started_ms < {until})"
    ended = f"(finished = 1 AND finished_ms >= {since} AND finished_ms < {until})"
    condition = condition.and_(f"({began} {'OR' if inclusive else 'AND'} {ended})")
    if not unfinished:
        condition = condition.and_("finished = 1")
    given = {name: value for name, value in (("from", scope.from_ms), ("to", scope.to_ms)) if value is not None}
    return Condition(condition.text, {**condition.parameters, **given})


async def segments(engine: AnalyticsEngine, condition: Condition, offset: int, limit: int) -> list[ViewSegment]:
    """The oldest first."""
    rows = await engine.query(
        f"SELECT {_COLUMNS} FROM {FINAL} WHERE {condition.text} ORDER BY started_ms, fact_id "
        f"LIMIT {int(limit)} OFFSET {int(offset)}",
        condition.parameters,
    )
    return [_segment(row) for row in rows]


async def segments_after(
    engine: AnalyticsEngine, condition: Condition, after: tuple[int, UUID] | None, limit: int
) -> list[ViewSegment]:
    """The next of them in the order of `segments`, after the one that began then and has this id."""
    if after is not None:
        later = "(started_ms > {after:Int64} OR (started_ms = {after:Int64} AND fact_id > {last:UUID}))"
        condition = condition.and_(later, after=after[0], last=after[1])
    return await segments(engine, condition, 0, limit)


async def count(engine: AnalyticsEngine, condition: Condition) -> int:
    return int((await engine.query(f"SELECT count() FROM {FINAL} WHERE {condition.text}", condition.parameters))[0][0])


def named(condition: Condition, part: str | None) -> Condition:
    """Only viewers whose identifier has this in it, in whatever case."""
    if not part:
        return condition
    return condition.and_(f"positionCaseInsensitiveUTF8({NAME}, {{part:String}}) > 0", part=part)


async def viewers(
    engine: AnalyticsEngine, condition: Condition, offset: int, limit: int
) -> list[tuple[UUID, str, int, int]]:
    """Person's id, identifier, number of videos, last moment; the last seen first."""
    rows = await engine.query(
        f"SELECT toString(person_id), any({NAME}), uniqExact(video_id), max(finished_ms) AS last_ms "
        f"FROM {FINAL} WHERE {condition.text} GROUP BY person_id ORDER BY last_ms DESC, person_id "
        f"LIMIT {int(limit)} OFFSET {int(offset)}",
        condition.parameters,
    )
    return [(UUID(person), name, videos, last_ms) for person, name, videos, last_ms in rows]


async def count_viewers(engine: AnalyticsEngine, condition: Condition) -> int:
    rows = await engine.query(f"SELECT uniqExact(person_id) FROM {FINAL} WHERE {condition.text}", condition.parameters)
    return int(rows[0][0])


async def segments_of(
    engine: AnalyticsEngine, condition: Condition, people: Sequence[UUID]
) -> dict[UUID, list[ViewSegment]]:
    """By person, the oldest first."""
    if not people:
        return {}
    condition = condition.and_("person_id IN {people:Array(UUID)}", people=people)
    rows = await engine.query(
        f"SELECT toString(person_id), {_COLUMNS} FROM {FINAL} WHERE {condition.text} ORDER BY started_ms, fact_id",
        condition.parameters,
    )
    found: dict[UUID, list[ViewSegment]] = {}
    for person, *row in rows:
        found.setdefault(UUID(person), []).append(_segment(row))
    return found


async def segments_of_sessions(
    engine: AnalyticsEngine, scope: Scope, sessions: Sequence[UUID]
) -> dict[UUID, list[tuple[int, int]]]:
    """Positions from and to, by play session, in the order they were watched."""
    if not sessions:
        return {}
    condition = begun_in(Scope(scope.tenant_id, videos=scope.videos), Kind.SEGMENT, with_bots=True)
    condition = condition.and_("play_id IN {sessions:Array(UUID)}", sessions=sessions)
    rows = await engine.query(
        f"SELECT toString(play_id), from_ms, to_ms FROM {FINAL} WHERE {condition.text} ORDER BY started_ms",
        condition.parameters,
    )
    found: dict[UUID, list[tuple[int, int]]] = {}
    for session, from_ms, to_ms in rows:
        found.setdefault(UUID(session), []).append((from_ms, to_ms))
    return found


def _segment(row: Row) -> ViewSegment:
    (id_, session, content_type, video, started_ms, finished_ms, finished, from_ms, to_ms, name, client) = row[:11]
    on_site, country, region, city = row[11:15]
    *parsed, device_type, is_mobile, is_bot = row[15:]
    return ViewSegment(
        id=UUID(id_),
        session_id=UUID(session),
        content_type=ContentType(content_type),
        video_id=VideoId(video),
        started_ms=started_ms,
        finished_ms=finished_ms if finished else None,
        from_ms=from_ms,
        to_ms=to_ms,
        identifier=name,
        client_id=client,
        on_site=bool(on_site),
        location=Location(country, region, city),
        device=Device(
            (parsed[0], parsed[1], parsed[2], parsed[3]),
            (parsed[4], parsed[5], parsed[6], parsed[7], parsed[8]),
            (parsed[9], parsed[10], parsed[11]),
            device_type,
            bool(is_mobile),
            bool(is_bot),
        ),
    )
