"""The durable side of an encode: a job per video and preset, in pieces that any worker takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from framehouse.kernel import SourceId, TenantId, VideoId

SOUND = -1  # number of the piece that encodes all the sound


class JobState(StrEnum):
    WAITING = "waiting"
    ENCODING = "encoding"
    FINISHING = "finishing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class PieceState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True)
class Job:
    id: int
    tenant_id: TenantId
    video_id: VideoId
    source_id: SourceId
    preset: str
    state: JobState
    reason: str | None
    plan: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Piece:
    job_id: int
    number: int
    state: PieceState
    progress_percent: int
    attempts: int
    executor_id: str | None
    started_at: datetime | None
    ended_at: datetime | None
    cpu_s: float | None
    frames: dict[str, int] | None
