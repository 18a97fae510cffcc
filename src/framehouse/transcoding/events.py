"""What happens in transcoding, told upwards."""

from dataclasses import dataclass

from framehouse.kernel import SourceId, TenantId, VideoId


@dataclass(frozen=True)
class SourceInspected:
    """The source is playable media; `browser_playable` means that its streams may be published as they are."""

    tenant_id: TenantId
    video_id: VideoId
    source_id: SourceId
    browser_playable: bool
    protected: bool
