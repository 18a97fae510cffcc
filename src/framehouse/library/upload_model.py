"""Multipart uploads that are under way. What they become is in `model`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from framehouse.kernel import TenantId, UploadId, VideoId


class UploadState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    ABORTED = "aborted"


@dataclass(frozen=True)
class Upload:
    """A multipart upload that is under way; unfinished it expires and its bytes are removed."""

    id: UploadId
    tenant_id: TenantId
    object_key: str
    multipart_id: str
    size_bytes: int | None
    mime_type: str | None
    state: UploadState
    new_video: dict[str, Any]
    video_id: VideoId | None
    created_at: datetime
    expires_at: datetime
