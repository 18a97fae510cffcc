"""What happens in the library, told upwards in the transaction in which it happens."""

from dataclasses import dataclass

from framehouse.kernel import SourceId, TenantId, VideoId


@dataclass(frozen=True)
class SourceReceived:
    """All bytes of a source are durable; the video waits for inspection."""

    tenant_id: TenantId
    video_id: VideoId
    source_id: SourceId


@dataclass(frozen=True)
class VideoBecamePlayable:
    tenant_id: TenantId
    video_id: VideoId


@dataclass(frozen=True)
class VideoCompleted:
    tenant_id: TenantId
    video_id: VideoId


@dataclass(frozen=True)
class VideoFailed:
    tenant_id: TenantId
    video_id: VideoId
    reason: str


@dataclass(frozen=True)
class VideoDeleted:
    tenant_id: TenantId
    video_id: VideoId
