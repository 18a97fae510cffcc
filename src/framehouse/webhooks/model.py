"""What is told, to whom, and how far that has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from framehouse.kernel import TenantId, VideoId

VIDEO_COMPLETED = "video.completed"
VIDEO_FAILED = "video.failed"
REPLACEMENT_FAILED = "video.replacement_failed"  # it keeps the media it has


class DeliveryState(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up


@dataclass(frozen=True)
class Delivery:
    """One event for one URL. `status_code` and `error` are of the last attempt."""

    id: int
    tenant_id: TenantId
    video_id: VideoId
    event: str
    url: str
    state: DeliveryState
    attempts: int
    status_code: int | None
    error: str | None
    created_at: datetime
    attempted_at: datetime | None
    next_attempt_at: datetime | None
