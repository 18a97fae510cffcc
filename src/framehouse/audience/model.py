"""What the audience room talks of: facts that a player reports, what the server knows of the page they come from, and
the answers to questions about them.

Positions in the film and points in time are integers in milliseconds; points in time count from 1970 in UTC.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from framehouse.kernel import TenantId, VideoId


class Kind(StrEnum):
    """Kinds of facts. The first four are long and come in versions, of which the last counts."""

    IMPRESSION = "impression"
    PRESENCE = "presence"
    PLAY = "play"
    SEGMENT = "segment"
    PAUSE = "pause"
    SEEK = "seek"
    BUFFER = "buffer"
    QUALITY = "quality"
    SPEED = "speed"
    ERROR = "error"
    CALL = "call"
    AD = "ad"


class ContentType(StrEnum):
    RECORDED = "recorded"
    LIVE = "live"


class ViewerKind(StrEnum):
    """How a viewer is known: by a claim of the embedding page (uid, email), by what they left at the gate (contact), or
    proven (login, subject of a signed token)."""

    ANONYMOUS = "anonymous"
    UID = "uid"
    EMAIL = "email"
    CONTACT = "contact"
    LOGIN = "login"
    SUBJECT = "subject"


AUTHENTICATED = (ViewerKind.LOGIN, ViewerKind.SUBJECT)


@dataclass(frozen=True)
class ViewerIdentity:
    """`identifier` is the best name there is, empty for anonymous viewers; `uid` and `email` are kept beside it."""

    kind: ViewerKind = ViewerKind.ANONYMOUS
    identifier: str = ""
    uid: str = ""
    email: str = ""
    name: str = ""


@dataclass(frozen=True)
class Watching:
    """What the server knew of one page load when it gave the report ticket.

    `impression` is a random 64-bit number of the page load, `host` the embedding site (empty: unknown), `on_site`: the
    player stands on a page of ours, `personal` False: without consent, so that nothing names or recognises the viewer.
    """

    tenant_id: TenantId
    video_id: VideoId
    title: str
    duration_ms: int | None
    impression: int
    issued_ms: int
    content_type: ContentType = ContentType.RECORDED
    viewer: ViewerIdentity = field(default=ViewerIdentity())
    host: str = ""
    on_site: bool = False
    owner: bool = False
    personal: bool = True


@dataclass(frozen=True)
class Device:
    """From the user agent. Versions are empty where unknown; `type` is desktop, mobile, tablet, tv, console or bot."""

    browser: tuple[str, str, str, str] = ("Other", "", "", "")
    os: tuple[str, str, str, str, str] = ("Other", "", "", "", "")
    device: tuple[str, str, str] = ("Other", "", "")
    type: str = "desktop"
    is_mobile: bool = False
    is_bot: bool = False


@dataclass(frozen=True)
class Location:
    """Country and region as ISO 3166 codes, the city's English name; empty without a database that knows."""

    country: str = ""
    region: str = ""
    city: str = ""


@dataclass(frozen=True)
class Sender:
    """What the request that brings a report says of who sends it."""

    address: str
    user_agent: str
    page: str = ""


@dataclass(frozen=True)
class Refused:
    """A fact that was not taken, and why; the player does not send it again."""

    n: int
    reason: str


@dataclass(frozen=True)
class Receipt:
    """The answer to a report: what it says is durable."""

    accepted: int
    refused: tuple[Refused, ...]
    now_ms: int


@dataclass(frozen=True)
class Scope:
    """Whose facts a question is about. `videos` None: all of the tenant's. The period is half open; None: without end.

    Facts of programs that say they are one (bots) are left out of every figure.
    """

    tenant_id: TenantId
    from_ms: int | None = None
    to_ms: int | None = None
    videos: tuple[VideoId, ...] | None = None
    content_type: ContentType | None = None


@dataclass(frozen=True)
class Counts:
    plays: int = 0
    impressions: int = 0
    unique_plays: int = 0
    unique_impressions: int = 0


@dataclass(frozen=True)
class Engagement:
    """Of one video; `watched` says for each second how many times it was watched, by all sessions together."""

    plays: int
    impressions: int
    visitors: int
    sessions: int
    watched_ms: int
    watched: tuple[int, ...]


@dataclass(frozen=True)
class PlaySession:
    """One playing of one video, from the wish to play until its end or the page's."""

    id: UUID
    video_id: VideoId
    started_ms: int
    person_id: UUID
    viewer: ViewerIdentity
    client_id: int
    domain: str
    page: str
    user_agent: str
    address: str
    playback_type: str
    location: Location
    is_bot: bool = False
    watched_ms: int = 0


@dataclass(frozen=True)
class ViewSegment:
    """A continuous stretch of watching; `finished_ms` is None while it goes on."""

    id: UUID
    session_id: UUID
    content_type: ContentType
    video_id: VideoId
    started_ms: int
    finished_ms: int | None
    from_ms: int
    to_ms: int
    identifier: str
    client_id: int
    on_site: bool
    location: Location
    device: Device
