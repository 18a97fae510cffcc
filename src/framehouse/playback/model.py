"""What deciding about a viewer takes and gives: who asks, the facts, the answer with its reason, grants, tickets.

The rules are in `policy`; nothing here reads the time or the database.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from framehouse.kernel import UNCHANGED, GrantId, LoginId, TenantId, Unchanged, VideoId
from framehouse.library import DownloadQuality, Video


class Place(StrEnum):
    """Where somebody wants to watch: privacy levels differ between the two."""

    EMBED = "embed"  # the player in anybody's page
    PAGE = "page"  # the video's own watch page


class DenialReason(StrEnum):
    """Why not, exactly: for the log and for the owner. `explanations` has a sentence for each."""

    TENANT_INACTIVE = "tenant_inactive"
    EXPIRED = "expired"
    OWNER_ONLY = "owner_only"
    PROJECT_PRIVATE = "project_private"
    NETWORK_NOT_ALLOWED = "network_not_allowed"
    DOMAIN_UNKNOWN = "domain_unknown"
    DOMAIN_NOT_ALLOWED = "domain_not_allowed"
    SIGNATURE_MISSING = "signature_missing"
    SIGNATURE_WRONG = "signature_wrong"
    SIGNATURE_EXPIRED = "signature_expired"
    PROJECT_LOCKED = "project_locked"
    PASSWORD_REQUIRED = "password_required"  # noqa: S105  (a reason's name)
    PASSWORD_WRONG = "password_wrong"  # noqa: S105  (as above)
    LOGIN_REQUIRED = "login_required"
    LOGIN_WRONG = "login_wrong"
    GRANT_MISSING = "grant_missing"
    GRANT_NOT_STARTED = "grant_not_started"
    GRANT_ENDED = "grant_ended"
    PLAYS_USED_UP = "plays_used_up"
    TOO_MANY_TRIES = "too_many_tries"
    CONTACT_REQUIRED = "contact_required"
    CONTACT_INVALID = "contact_invalid"
    DOWNLOAD_NOT_ALLOWED = "download_not_allowed"
    TICKET_INVALID = "ticket_invalid"
    TICKET_EXPIRED = "ticket_expired"
    TICKET_REVOKED = "ticket_revoked"
    FAILED = "failed"
    NOT_PLAYABLE_YET = "not_playable_yet"


class SignatureState(StrEnum):
    """What an embed address' signature is worth."""

    VALID = "valid"
    MISSING = "missing"
    WRONG = "wrong"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Grant:
    """A login may watch a video. `allowed_plays` is 0 for as often as one likes; `ends_at` is the first moment without
    access. Plays do not change `updated_at`."""

    id: GrantId
    tenant_id: TenantId
    login_id: LoginId
    video_id: VideoId
    starts_at: datetime | None
    ends_at: datetime | None
    allowed_plays: int
    play_count: int
    downloads: tuple[DownloadQuality, ...]
    created_at: datetime
    updated_at: datetime

    def objection(self, now: datetime, *, play_continues: bool = False) -> DenialReason | None:
        """Why it does not allow a play now, or to continue one that was counted."""
        if self.starts_at is not None and now < self.starts_at:
            return DenialReason.GRANT_NOT_STARTED
        if self.ends_at is not None and now >= self.ends_at:
            return DenialReason.GRANT_ENDED
        if self.allowed_plays and self.play_count >= self.allowed_plays and not play_continues:
            return DenialReason.PLAYS_USED_UP
        return None


@dataclass(frozen=True)
class NewGrant:
    login_id: LoginId
    video_id: VideoId
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    allowed_plays: int = 0
    downloads: tuple[DownloadQuality, ...] = ()


@dataclass(frozen=True)
class GrantChanges:
    """Fields of a grant to change; None clears a date."""

    starts_at: datetime | Unchanged | None = UNCHANGED
    ends_at: datetime | Unchanged | None = UNCHANGED
    allowed_plays: int | Unchanged = UNCHANGED
    downloads: tuple[DownloadQuality, ...] | Unchanged = UNCHANGED


@dataclass(frozen=True)
class Play:
    """A counted play of a grant. Its id is the session in its tickets; they are renewed until `continues_until`."""

    id: int
    tenant_id: TenantId
    grant_id: GrantId
    started_at: datetime
    continues_until: datetime


@dataclass(frozen=True)
class SignedIn:
    """A login as it was when its password was entered."""

    login_id: LoginId
    generation: int


@dataclass(frozen=True)
class Proofs:
    """What a viewer has shown so far. It travels from request to request in a pass and in cookies (see `passes`).

    `host` is the site that embeds the player; `from_page`: our own page of the video or of a playlist does; `project`:
    the password of the video's project was. `impression` is a random number of the page load, by which it is counted.
    """

    host: str | None = None
    from_page: bool = False
    signed: bool = False
    password: bool = False
    contact: bool = False
    login: SignedIn | None = None
    session: int | None = None
    project: bool = False
    contact_id: int | None = None
    impression: int | None = None


@dataclass(frozen=True)
class EmbedAddress:
    """What the signature of a signed embed covers: the path below the installation, the query, hosts it may name."""

    path: str
    parameters: tuple[tuple[str, str], ...]
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class Viewer:
    """Who sends a request. `owner` is the tenant whose console session it carries, `pass_ends_at` the end of the pass
    it came with."""

    address: str
    owner: TenantId | None = None
    proofs: Proofs = field(default=Proofs())
    embed: EmbedAddress | None = None
    pass_ends_at: datetime | None = None

    def having(self, **shown: object) -> "Viewer":
        """The same viewer with further proofs."""
        return replace(self, proofs=replace(self.proofs, **shown))  # type: ignore[arg-type]  # names are the dataclass'


@dataclass(frozen=True)
class AccessFacts:
    """Everything the rules may look at. `has_presentation`: there is something that may be streamed to viewers.

    `grants` are those of the viewer's login for the video, None where nobody is signed in; `play` is one that was
    counted and may go on.
    """

    video: Video
    place: Place
    now: datetime
    has_presentation: bool
    tenant_active: bool = True
    is_owner: bool = False
    address: str = ""
    host: str | None = None
    from_page: bool = False
    signature: SignatureState = SignatureState.MISSING
    password_proven: bool = False
    project_password_proven: bool = False
    grants: tuple[Grant, ...] | None = None
    play: Play | None = None
    contact_given: bool = False


@dataclass(frozen=True)
class Allowed:
    """May watch now."""


@dataclass(frozen=True)
class Denied:
    """May not, with the exact reason; the message is shown to the viewer."""

    reason: DenialReason
    message: str
    retry_after_s: int | None = None


Decision = Allowed | Denied


@dataclass(frozen=True)
class Ticket:
    """What a ticket says once its signature is verified. `session` is 12 hexadecimal digits."""

    video_id: VideoId
    generation: int
    expires_at: datetime
    session: str
    flags: int
