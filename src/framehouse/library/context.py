"""What the library's use cases work with."""

from dataclasses import dataclass
from datetime import timedelta

from framehouse.infra.database import Database
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.storage import ObjectStorage
from framehouse.kernel import Clock, TenantId, VideoId, to_hex

ABANDONED_AFTER = timedelta(days=2)  # bytes that were written for a row that never came


@dataclass(frozen=True)
class LibraryContext:
    database: Database
    storage: ObjectStorage
    secrets: SecretBox
    clock: Clock
    upload_max_bytes: int
    upload_expires_s: int
    free_space_min_bytes: int = 0


@dataclass(frozen=True)
class Owner:
    """For whom a use case acts, with the limits that count for it."""

    tenant_id: TenantId
    storage_quota_bytes: int | None = None


def video_prefix(video_id: VideoId) -> str:
    """The folder of everything that belongs to a video."""
    return f"videos/{to_hex(video_id)}/"


def source_prefix(video_id: VideoId, source_id: int) -> str:
    return f"{video_prefix(video_id)}sources/{to_hex(source_id)}/"


def source_key(video_id: VideoId, source_id: int) -> str:
    return f"{source_prefix(video_id, source_id)}media"


def output_prefix(video_id: VideoId, output_id: int) -> str:
    return f"{video_prefix(video_id)}outputs/{to_hex(output_id)}/"
