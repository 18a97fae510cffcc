"""The durable side of speech: a job for each subtitle that is to be recognised or translated."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from framehouse.kernel import TenantId, VideoId


class SpeechKind(StrEnum):
    RECOGNITION = "recognition"
    TRANSLATION = "translation"


class SpeechState(StrEnum):
    WAITING = "waiting"  # for the video's file, or its inspection
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


ENDED = frozenset({SpeechState.DONE, SpeechState.FAILED})


@dataclass(frozen=True)
class SpeechJob:
    """`language` is the subtitle's that is made (BCP 47), `engine` what makes it, `caption_id` the subtitle once done.

    `reason` says what a waiting job waits for and why a failed one failed. `attempts` counts who took it up: a
    worker that was taken for dead finds its number outdated and leaves the job alone.
    """

    id: int
    tenant_id: TenantId
    video_id: VideoId
    kind: SpeechKind
    language: str
    source_caption_id: int | None
    engine: str
    state: SpeechState
    reason: str | None
    progress_percent: int
    attempts: int
    caption_id: int | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
