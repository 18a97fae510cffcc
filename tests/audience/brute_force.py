"""Figures counted from what the crowd did, without the log and without SQL. Definitions: docs/reference/metrics.md."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo

from tests.audience.crowd import Crowd, Play, Visit

Key = Callable[[datetime], datetime]


def utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def day(at_ms: int) -> str:
    return utc(at_ms).date().isoformat()


def counts(crowd: Crowd, video: int | None = None, on: str | None = None) -> dict[str, int]:
    shown = [visit for visit in crowd.counted(video) if on in (None, day(visit.start_ms))]
    played = [(visit, play) for visit, play in crowd.plays(video) if on in (None, day(play.start_ms))]
    return {
        "play_count": len(played),
        "impression_count": len(shown),
        "unique_play_count": len({visit.person for visit, _ in played}),
        "unique_impression_count": len({visit.person for visit in shown}),
    }


def plays_by(
    crowd: Crowd, label: Callable[[Visit], object], video: int | None = None, on: str | None = None
) -> Counter[object]:
    return Counter(label(visit) for visit, play in crowd.plays(video) if on in (None, day(play.start_ms)))


def seconds_of(stretches: Iterable[tuple[int, int]], duration_ms: int) -> list[int]:
    """How many stretches have the middle of each second in them."""
    count = -(-duration_ms // 1000)
    middles = [(second * 1000 + min(duration_ms, (second + 1) * 1000)) / 2 for second in range(count)]
    times = [0] * count
    for from_ms, to_ms in stretches:
        first = max(0, from_ms // 1000 - 1)
        for second in range(first, count):
            if middles[second] >= to_ms:
                break
            times[second] += from_ms <= middles[second]
    return times


def engagement(crowd: Crowd, video: int) -> dict[str, object]:
    sessions = [play for _, play in crowd.plays(video) if play.stretches]
    stretches = [(one.from_ms, one.to_ms) for _, _, one in crowd.stretches(video)]
    times = seconds_of(stretches, crowd.durations_ms[video])
    return {
        "plays": sum(1 for _ in crowd.plays(video)),
        "views": len(crowd.counted(video)),
        "visitors": len({visit.person for visit in crowd.counted(video)}),
        "seconds_watched": round(sum(to_ms - from_ms for from_ms, to_ms in stretches) / 1000),
        "sessions": len(sessions),
        "engagement": [number / len(sessions) for number in times],
    }


def bucket(at: datetime, size: str) -> datetime:
    at = at.replace(minute=0, second=0, microsecond=0)
    if size == "hour":
        return at
    at = at.replace(hour=0, fold=0)
    return at.replace(day=1) if size == "month" else at


def _slices(start_ms: int, end_ms: int) -> Iterable[tuple[int, int]]:
    """Cut at whole hours, where every zone of the tests changes its day."""
    hour = 3_600_000
    while start_ms < end_ms:
        until = min(end_ms, (start_ms // hour + 1) * hour)
        yield start_ms, until
        start_ms = until


def by_time(
    crowd: Crowd, measure: str, size: str, zone: tzinfo, from_ms: int, to_ms: int, video: int | None = None
) -> dict[str, int]:
    """What counts in each bucket: plays where they begin, the rest wherever it lasts. Sets count once."""
    found: dict[str, list[object]] = defaultdict(list)
    for at_ms, value in _happenings(crowd, measure, from_ms, to_ms, video):
        local = utc(at_ms).astimezone(zone)
        name = bucket(local, size).replace(tzinfo=None).isoformat() + local_offset(local, size, zone)
        found[name].append(value)
    if measure in ("devices", "authenticated"):
        return {name: len(set(values)) for name, values in found.items()}
    return {name: sum(values) for name, values in found.items()}  # type: ignore[arg-type]  # numbers here


def _happenings(
    crowd: Crowd, measure: str, from_ms: int, to_ms: int, video: int | None
) -> Iterable[tuple[int, object]]:
    if measure == "plays":
        yield from ((play.start_ms, 1) for _, play in crowd.plays(video) if from_ms <= play.start_ms < to_ms)
        return
    for visit, _, one in crowd.stretches(video):
        for start, end in _slices(max(from_ms, one.start_ms), min(to_ms, one.end_ms)):
            if measure == "devices":
                yield start, visit.client
            elif measure == "watched_ms":
                yield start, end - start
            elif visit.signed_in:
                yield start, visit.person


def local_offset(local: datetime, size: str, zone: tzinfo) -> str:
    start = bucket(local, size)
    if size != "hour":
        start = start.replace(tzinfo=zone)
    return start.isoformat()[-6:]


def concurrency(crowd: Crowd, size_s: int, from_ms: int, to_ms: int, video: int | None = None) -> dict[int, int]:
    """Once a second: who has begun and not stopped. The greatest number of each bucket, by its first second."""
    watching: Counter[int] = Counter()
    for _, _, one in crowd.stretches(video):
        start, end = max(one.start_ms, from_ms), min(one.end_ms, to_ms)
        if end > start:
            watching.update(range(-(-start // 1000), -(-end // 1000)))
    peaks: dict[int, int] = {}
    for second, number in watching.items():
        first = second // size_s * size_s
        peaks[first] = max(number, peaks.get(first, 0))
    return peaks


def in_range(crowd: Crowd, from_ms: int, to_ms: int, *, unfinished: bool, inclusive: bool) -> int:
    """IBM's rule for raw views."""
    number = 0
    for _, _, one in crowd.stretches():
        began = from_ms <= one.start_ms < to_ms
        ended = one.finished and from_ms <= one.end_ms < to_ms
        taken = (began or ended) if inclusive else (began and ended)
        number += taken and (unfinished or one.finished)
    return number


def watched(play: Play, duration_ms: int) -> list[int]:
    return seconds_of([(one.from_ms, one.to_ms) for one in play.stretches], duration_ms)
