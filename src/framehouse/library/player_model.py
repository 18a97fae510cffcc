"""What stands around a video in the player: calls to action, chapters, captions; and who left an address there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from framehouse.kernel import UNCHANGED, TenantId, Unchanged, VideoId

CallToActionId = NewType("CallToActionId", int)
CaptionId = NewType("CaptionId", int)
ContactId = NewType("ContactId", int)


@dataclass(frozen=True)
class CallToAction:
    """A link that is shown from a moment on, until another one or to the end."""

    id: CallToActionId
    video_id: VideoId
    text: str
    url: str
    start_ms: int
    end_ms: int | None
    skippable: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class NewCallToAction:
    text: str
    url: str
    start_ms: int
    end_ms: int | None = None
    skippable: bool = True


@dataclass(frozen=True)
class CallToActionChanges:
    text: str | Unchanged = UNCHANGED
    url: str | Unchanged = UNCHANGED
    start_ms: int | Unchanged = UNCHANGED
    end_ms: int | Unchanged | None = UNCHANGED
    skippable: bool | Unchanged = UNCHANGED


@dataclass(frozen=True)
class Chapter:
    """Without an end it lasts to the next one, or to the end of the video."""

    start_ms: int
    title: str
    end_ms: int | None = None


@dataclass(frozen=True)
class PlayerExtras:
    """What the player shows over a video. The ends of chapters are filled in where they are known."""

    calls_to_action: tuple[CallToAction, ...]
    chapters: tuple[Chapter, ...]


class CaptionOrigin(StrEnum):
    UPLOADED = "uploaded"
    EMBEDDED = "embedded"  # a text track of the source
    GENERATED = "generated"  # recognised from the sound
    TRANSLATED = "translated"  # from another caption


@dataclass(frozen=True)
class Caption:
    """`language` is BCP 47, `name` that of its file without the suffix."""

    id: CaptionId
    video_id: VideoId
    language: str
    label: str
    origin: CaptionOrigin
    name: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Contact:
    """Who left an address at a video's gate. `video_id` is None when that video is gone."""

    id: ContactId
    tenant_id: TenantId
    video_id: VideoId | None
    email: str
    name: str | None
    consent: bool
    created_at: datetime
