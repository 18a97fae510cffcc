"""What deciding about a viewer takes and gives: facts, the answer with its reason, the ticket.

The rules are in `policy`; nothing here reads the time or the database.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from framehouse.kernel import VideoId
from framehouse.library import Video


class Place(StrEnum):
    """Where somebody wants to watch: privacy levels differ between the two."""

    EMBED = "embed"  # the player in anybody's page
    PAGE = "page"  # the video's own watch page


class DenialReason(StrEnum):
    EXPIRED = "expired"
    OWNER_ONLY = "owner_only"
    LOGIN_REQUIRED = "login_required"
    PASSWORD_REQUIRED = "password_required"  # noqa: S105  (a reason's name)
    FAILED = "failed"
    NOT_PLAYABLE_YET = "not_playable_yet"


@dataclass(frozen=True)
class AccessFacts:
    """Everything the rules may look at. `has_presentation`: there is something that may be streamed to viewers."""

    video: Video
    place: Place
    now: datetime
    has_presentation: bool
    is_owner: bool = False
    password_proven: bool = False


@dataclass(frozen=True)
class Allowed:
    """May watch now."""


@dataclass(frozen=True)
class Denied:
    """May not, with the exact reason; the message is shown to the viewer."""

    reason: DenialReason
    message: str


Decision = Allowed | Denied


@dataclass(frozen=True)
class Ticket:
    """What a ticket says once its signature is verified. `session` is 12 hexadecimal digits."""

    video_id: VideoId
    generation: int
    expires_at: datetime
    session: str
    flags: int
