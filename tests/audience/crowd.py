"""A deterministic crowd: what 500 people do with three films, as plain data that figures can be counted from by hand,
and as the reports their players would send.

They watch in pieces, jump, watch again, have two devices, watch at double speed, over midnight and over the change of
the clocks in Los Angeles, and some never finish. Bots are among them, which no figure may count.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import msgspec

from framehouse.audience import AudienceContext, Location, Places, Sender, ViewerIdentity, Watching, receive_report
from framehouse.audience.model import ViewerKind
from framehouse.kernel import TenantId, VideoId

# The clocks of Los Angeles went back at 2026-11-01T09:00Z.
BEGIN = datetime(2026, 10, 31, 4, tzinfo=UTC)
END = datetime(2026, 11, 3, tzinfo=UTC)
DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Mobile/15E148 Safari/604.1"
)
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
NOWHERE = Location()
PLACES = {
    "203.0.113.7": Location("US", "CA", "Pinole"),
    "198.51.100.7": Location("HU", "BU", "Budapest"),
    "203.0.113.99": Location("US", "NY", "Brooklyn"),
    "192.0.2.1": NOWHERE,
}


class KnownPlaces(Places):
    """A database of four addresses."""

    def __init__(self) -> None:
        super().__init__(None)

    def find(self, address: str) -> Location:
        return PLACES.get(address, NOWHERE)


@dataclass(frozen=True)
class Stretch:
    """Watched without a break. Milliseconds; `finished` False: the player went away in it."""

    from_ms: int
    to_ms: int
    start_ms: int
    end_ms: int
    finished: bool = True
    speed: float = 1.0


@dataclass
class Play:
    start_ms: int
    stretches: list[Stretch] = field(default_factory=list)


@dataclass
class Visit:
    """One page load. `who` is empty for anonymous people."""

    video: int
    client: int
    who: str
    signed_in: bool
    user_agent: str
    address: str
    host: str
    on_site: bool
    height_px: int
    start_ms: int
    plays: list[Play] = field(default_factory=list)

    @property
    def person(self) -> str:
        return self.who or f"client {self.client}"

    @property
    def is_bot(self) -> bool:
        return self.user_agent == BOT

    @property
    def place(self) -> Location:
        return PLACES[self.address]


@dataclass(frozen=True)
class Crowd:
    durations_ms: tuple[int, ...]
    visits: tuple[Visit, ...]

    def counted(self, video: int | None = None) -> list[Visit]:
        return [visit for visit in self.visits if not visit.is_bot and video in (None, visit.video)]

    def plays(self, video: int | None = None) -> Iterator[tuple[Visit, Play]]:
        yield from ((visit, play) for visit in self.counted(video) for play in visit.plays)

    def stretches(self, video: int | None = None) -> Iterator[tuple[Visit, Play, Stretch]]:
        yield from ((visit, play, one) for visit, play in self.plays(video) for one in play.stretches)


def make_crowd(people: int = 500, seed: int = 7, durations_ms: tuple[int, ...] = (62_600, 600_000, 7_200_000)) -> Crowd:
    chance = random.Random(seed)
    visits: list[Visit] = []
    for number in range(people):
        who = f"viewer{number}@example.com" if chance.random() < 0.4 else ""
        devices = [chance.getrandbits(64) for _ in range(2 if who and chance.random() < 0.5 else 1)]
        bot = number % 50 == 49
        signed_in = bool(who) and chance.random() < 0.5
        for _ in range(chance.choice((1, 1, 2, 3))):
            visit = Visit(
                video=chance.randrange(len(durations_ms)),
                client=chance.choice(devices),
                who=who,
                signed_in=signed_in,
                user_agent=BOT if bot else chance.choice((DESKTOP, PHONE)),
                address=chance.choice(tuple(PLACES)),
                host=chance.choice(("example.com", "films.example", "news.example")),
                on_site=chance.random() < 0.3,
                height_px=chance.choice((360, 720, 1080)),
                start_ms=_moment(chance),
            )
            visit.plays = list(_plays(chance, visit, durations_ms[visit.video]))
            visits.append(visit)
    return Crowd(durations_ms, tuple(visits))


def _moment(chance: random.Random) -> int:
    """Anywhere in the three days; a third of them around midnight UTC or the change of the clocks."""
    special = (
        datetime(2026, 11, 1, tzinfo=UTC),
        datetime(2026, 11, 1, 9, tzinfo=UTC),
        datetime(2026, 11, 2, tzinfo=UTC),
    )
    if chance.random() < 0.33:
        moment = chance.choice(special) - timedelta(
            seconds=chance.randrange(1, 900), milliseconds=chance.randrange(1000)
        )
    else:
        moment = BEGIN + timedelta(seconds=chance.randrange(60 * 3600), milliseconds=chance.randrange(1000))
    return round(moment.timestamp() * 1000)


def _plays(chance: random.Random, visit: Visit, duration_ms: int) -> Iterator[Play]:
    now_ms = visit.start_ms + chance.randrange(500, 20_000)
    for _ in range(chance.choice((0, 1, 1, 1, 1, 2))):
        play = Play(now_ms)
        now_ms += chance.randrange(100, 900)  # until the first frame
        position_ms = 0
        for _ in range(chance.choice((0, 1, 2, 3, 5))):
            speed = chance.choice((1.0, 1.0, 1.0, 2.0))
            length_ms = min(duration_ms - position_ms, chance.choice((700, 5_300, 31_000, 200_000, 5_000_000)))
            wall_ms = round(length_ms / speed)
            if length_ms <= 0:
                break
            finished = chance.random() > 0.1
            play.stretches.append(
                Stretch(position_ms, position_ms + length_ms, now_ms, now_ms + wall_ms, finished, speed)
            )
            now_ms += wall_ms
            if not finished:
                break
            position_ms = chance.choice((position_ms + length_ms, chance.randrange(duration_ms), 0))
            now_ms += chance.choice((0, 0, 700, 30_000))  # a jump, or a pause
        yield play
        if play.stretches and not play.stretches[-1].finished:
            return
        now_ms += 5_000


class Collecting:
    """Takes rows and keeps them in pieces: two, so that there is something for the engine to merge."""

    def __init__(self) -> None:
        self._rows: list[tuple[bytes, int]] = []

    async def take(self, rows: bytes, count: int) -> None:
        self._rows.append((rows, count))

    async def flush(self, *, erased: bool = False) -> None: ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...

    def pieces(self) -> Iterator[tuple[bytes, int]]:
        for part in (self._rows[::2], self._rows[1::2]):
            yield b"".join(rows for rows, _ in part), sum(count for _, count in part)


async def send(
    context: AudienceContext, tenant_id: TenantId, videos: Sequence[VideoId], crowd: Crowd, titles: Sequence[str]
) -> None:
    """As players do: each visit in two reports, the first with unfinished versions; the second comes twice."""
    intake, collected = context.intake, Collecting()
    context = replace(context, intake=collected)
    for number, visit in enumerate(crowd.visits):
        kind = ViewerKind.LOGIN if visit.signed_in else ViewerKind.EMAIL
        viewer = ViewerIdentity(kind, visit.who, "", visit.who) if visit.who else ViewerIdentity()
        watching = Watching(
            tenant_id=tenant_id, video_id=videos[visit.video], title=titles[visit.video],
            duration_ms=crowd.durations_ms[visit.video], impression=number + 1, issued_ms=visit.start_ms, viewer=viewer,
            host=visit.host, on_site=visit.on_site,
        )  # fmt: skip
        ticket = context.tickets.issue(watching)
        early, late = _facts(visit)
        for facts in (early, late, late):
            report = {"ticket": ticket, "client": str(visit.client), "facts": facts, "page": f"https://{visit.host}/p"}
            sender = Sender(visit.address, visit.user_agent)
            receipt = await receive_report(context, msgspec.json.encode(report), sender)
            assert not receipt.refused, receipt.refused
    for piece in collected.pieces():
        await intake.take(*piece)


def _facts(visit: Visit) -> tuple[list[dict], list[dict]]:
    early: list[dict] = [{"n": 0, "kind": "impression", "startedAtMs": visit.start_ms, "pageLoadMs": 800}]
    late: list[dict] = []
    n = 1
    for play in visit.plays:
        play_n, n = n, n + 1
        about = {"n": play_n, "kind": "play", "startedAtMs": play.start_ms}
        early.append(about | {"startupMs": None})
        late.append(about | {"version": 2, "startupMs": 300, "heightPx": visit.height_px, "streamFormat": "dash"})
        for stretch in play.stretches:
            fact = {
                "n": n, "kind": "segment", "play": play_n, "startedAtMs": stretch.start_ms, "fromMs": stretch.from_ms,
                "speed": stretch.speed,
            }  # fmt: skip
            n += 1
            half = (stretch.end_ms - stretch.start_ms) // 2
            middle = stretch.from_ms + int(half * stretch.speed)
            early.append(fact | {"finishedAtMs": stretch.start_ms + half, "toMs": middle, "finished": False})
            end = {"version": 2, "finishedAtMs": stretch.end_ms, "toMs": stretch.to_ms, "finished": stretch.finished}
            late.append(fact | end)
    return early, late
