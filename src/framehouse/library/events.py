"""What happens in the library, told upwards in the transaction in which it happens."""

from dataclasses import dataclass
from datetime import datetime

from framehouse.kernel import ProjectId, SourceId, TenantId, VideoId
from framehouse.library.model import OutputId


@dataclass(frozen=True)
class SourceReceived:
    """All bytes of a source are durable; the video waits for inspection."""

    tenant_id: TenantId
    video_id: VideoId
    source_id: SourceId


@dataclass(frozen=True)
class ReplacementReceived:
    """All bytes of a source are durable that is to replace the one a video has; it waits for inspection.

    `keeps_statistics` is the owner's wish: whether what was watched before is to count for the new media.
    """

    tenant_id: TenantId
    video_id: VideoId
    source_id: SourceId
    keeps_statistics: bool


@dataclass(frozen=True)
class ReplacementFailed:
    """The video keeps the media it has."""

    tenant_id: TenantId
    video_id: VideoId
    reason: str


@dataclass(frozen=True)
class MediaReplaced:
    """The video plays what was made from this source from now on."""

    tenant_id: TenantId
    video_id: VideoId
    source_id: SourceId


@dataclass(frozen=True)
class StatisticsBegunAnew:
    """What was watched of the video before counts no more."""

    tenant_id: TenantId
    video_id: VideoId
    since: datetime


@dataclass(frozen=True)
class SourceWithdrawn:
    """A video has given a source up: work on it is in vain."""

    tenant_id: TenantId
    video_id: VideoId
    source_id: SourceId


@dataclass(frozen=True)
class ProtectionDue:
    """A project protects its videos, and has or gets some that are not: they are to be encrypted."""

    tenant_id: TenantId
    project_id: ProjectId


@dataclass(frozen=True)
class PosterReceived:
    """The bytes of a custom poster frame are durable; the poster is to be made from them."""

    tenant_id: TenantId
    video_id: VideoId
    output_id: OutputId


@dataclass(frozen=True)
class FetchScheduled:
    """A source is to be fetched from its URL after a pause; `attempt` counts the tries before."""

    tenant_id: TenantId
    video_id: VideoId
    fetch_id: int
    attempt: int
    pause_s: float


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
