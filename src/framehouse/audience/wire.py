"""The report as a player sends it: its shape, its bounds, and which of its facts can be true.

Documented for players in docs/reference/player.md. Unknown fields are ignored.
"""

from collections.abc import Callable, Iterator
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from framehouse.audience.errors import ReportInvalid
from framehouse.audience.model import ContentType, Kind, Refused, Watching

FACTS_MAX = 500
BODY_BYTES_MAX = 256 * 1024
AHEAD_MS = 10_000  # a player's clock is set by ours, and may be a little fast
BEFORE_MS = 60_000  # what began while the page was loading
LONGEST_MS = 24 * 3_600_000  # of one stretch
POSITION_SLACK_MS = 2_000  # durations of containers and of what is decoded differ a little
LIVE_POSITION_MAX_MS = 366 * 86_400_000
_SPEEDS = (0.0625, 16.0)

Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Moment = Annotated[int, Meta(ge=0, le=1 << 53)]
Length = Annotated[int, Meta(ge=0, le=86_400_000)]
Short = Annotated[str, Meta(max_length=200)]


class WireFact(Struct, rename="camel"):
    """One fact. Of the optional fields each kind uses its own; see the reference."""

    n: Count
    kind: Kind
    started_at_ms: Moment
    version: Annotated[int, Meta(ge=1, le=10_000_000)] = 1
    finished_at_ms: Moment | None = None
    finished: bool = True
    play: Count | None = None
    from_ms: Moment | None = None
    to_ms: Moment | None = None
    speed: Annotated[float, Meta(ge=_SPEEDS[0], le=_SPEEDS[1])] | None = None
    page_load_ms: Length | None = None
    player_startup_ms: Length | None = None
    startup_ms: Length | None = None
    hidden: bool = False
    autoplay: bool = False
    muted: bool = False
    auto: bool = False
    height_px: Annotated[int, Meta(ge=0, le=65535)] | None = None
    bitrate_bps: Annotated[int, Meta(ge=0, le=(1 << 32) - 1)] | None = None
    stream_format: Annotated[str, Meta(max_length=16)] = ""
    code: Short = ""
    label: Short = ""
    action: Annotated[str, Meta(max_length=40)] = ""
    ad_impression: Annotated[str, Meta(max_length=100)] = ""


class WireReport(Struct):
    ticket: str
    client: Annotated[str, Meta(pattern=r"^[0-9]{1,20}$")]
    facts: Annotated[list[msgspec.Raw], Meta(max_length=FACTS_MAX)]
    page: Annotated[str, Meta(max_length=2000)] = ""


_report = msgspec.json.Decoder(WireReport)
_fact = msgspec.json.Decoder(WireFact)


def decode(body: bytes) -> WireReport:
    """Raises ReportInvalid, naming the field, for what is no report."""
    try:
        report = _report.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ReportInvalid(f"This is not a report: {error}.") from error
    if int(report.client) >= 1 << 64:
        raise ReportInvalid("This is not a report: `client` is a 64-bit number as decimal text.")
    return report


def believable(report: WireReport, watching: Watching, now_ms: int) -> tuple[list[WireFact], list[Refused]]:
    """The facts that can be true of this page load, and the others with the reason."""
    taken: list[WireFact] = []
    refused: list[Refused] = []
    for index, raw in enumerate(report.facts):
        try:
            fact = _fact.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            refused.append(Refused(_number_of(raw, index), str(error)))
            continue
        reason = next(_objections(fact, watching, now_ms), None)
        if reason is None:
            taken.append(fact)
        else:
            refused.append(Refused(fact.n, reason))
    return taken, refused


def _objections(fact: WireFact, watching: Watching, now_ms: int) -> Iterator[str]:
    started_ms = fact.started_at_ms
    finished_ms = fact.finished_at_ms if fact.finished_at_ms is not None else started_ms
    if started_ms < watching.issued_ms - BEFORE_MS:
        yield "it began before the page was loaded"
    if max(started_ms, finished_ms) > now_ms + AHEAD_MS:
        yield "it is in the future"
    if finished_ms < started_ms:
        yield "it ends before it begins"
    if finished_ms - started_ms > LONGEST_MS and fact.kind is not Kind.PRESENCE:
        yield "it is longer than a day"
    check = _BY_KIND.get(fact.kind)
    if check is not None:
        yield from check(fact, finished_ms - started_ms)
    end_ms = LIVE_POSITION_MAX_MS
    if watching.content_type is ContentType.RECORDED and watching.duration_ms is not None:
        end_ms = watching.duration_ms + POSITION_SLACK_MS
    if max(fact.from_ms or 0, fact.to_ms or 0) > end_ms:
        yield "its position is beyond the end of the film"


def _segment(fact: WireFact, wall_ms: int) -> Iterator[str]:
    if fact.play is None or fact.from_ms is None or fact.to_ms is None or fact.finished_at_ms is None:
        yield "a segment needs play, fromMs, toMs and finishedAtMs"
        return
    if fact.to_ms < fact.from_ms:
        yield "toMs is before fromMs"
    fastest_ms = wall_ms * (fact.speed or 1.0) * 1.25 + POSITION_SLACK_MS
    if fact.to_ms - fact.from_ms > fastest_ms:
        yield "more was watched than there was time for"


def _stretch(fact: WireFact, _wall_ms: int) -> Iterator[str]:
    if fact.finished_at_ms is None:
        yield f"a {fact.kind.value} needs finishedAtMs"


def _named(fact: WireFact, _wall_ms: int) -> Iterator[str]:
    if not fact.action:
        yield f"a {fact.kind.value} needs action"


_BY_KIND: dict[Kind, Callable[[WireFact, int], Iterator[str]]] = {
    Kind.SEGMENT: _segment,
    Kind.PRESENCE: _stretch,
    Kind.PAUSE: _stretch,
    Kind.SEEK: _stretch,
    Kind.BUFFER: _stretch,
    Kind.CALL: _named,
    Kind.AD: _named,
}


def _number_of(raw: msgspec.Raw, index: int) -> int:
    """What a fact that cannot be read calls itself, else its place in the report."""
    try:
        number = msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).get("n")
        return msgspec.json.decode(number, type=int) if number is not None else index
    except msgspec.MsgspecError:
        return index
