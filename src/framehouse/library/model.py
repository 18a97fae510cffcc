"""What is kept and watched: videos, their sources and outputs, uploads, projects, folders, tags.

The state machine of a video is here; who may watch it is decided in `playback`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, NewType, TypeVar

from framehouse.kernel import (
    UNCHANGED,
    FolderId,
    ProjectId,
    SourceId,
    TenantId,
    Unchanged,
    VideoId,
)

# Keys of a video's `settings` that the player and its page look at.
THEME_COLOR = "theme_color"
SHOWS_SHARING = "shows_sharing"
SHOWS_EMBED_CODE = "shows_embed_code"
UNLISTED = "unlisted"
PAGE_URL = "page_url"

OutputId = NewType("OutputId", int)
TagId = NewType("TagId", int)
Item = TypeVar("Item")


class VideoKind(StrEnum):
    VOD = "vod"
    LIVE_CHANNEL = "live_channel"
    LIVE_EVENT = "live_event"
    RECORDING = "recording"


class VideoState(StrEnum):
    """Where the work on a video stands. Playable is apart from it: `playable_at` says since when a player can play."""

    RECEIVED = "received"
    PROCESSING = "processing"
    COMPLETE = "complete"
    FAILED = "failed"


TRANSITIONS: dict[VideoState, frozenset[VideoState]] = {
    VideoState.RECEIVED: frozenset({VideoState.PROCESSING, VideoState.FAILED}),
    VideoState.PROCESSING: frozenset({VideoState.COMPLETE, VideoState.FAILED}),
    VideoState.COMPLETE: frozenset({VideoState.RECEIVED, VideoState.PROCESSING}),  # a further output
    VideoState.FAILED: frozenset({VideoState.RECEIVED, VideoState.PROCESSING}),  # run again
}


class Privacy(StrEnum):
    PRIVATE = "private"  # embeds anywhere, but its page is for its owner only
    PASSWORD = "password"  # noqa: S105  (a privacy level)
    PUBLIC = "public"
    LOGIN = "login"


class DownloadQuality(StrEnum):
    """What a viewer may be allowed to download."""

    ORIGINAL = "original"
    HD = "hd"
    SD = "sd"


@dataclass(frozen=True)
class Video:
    """`viewer_downloads` is None where the tenant's default counts; empty access lists let everybody in.

    `state`, its reason and its progress are what the owner sees: while other media are made to replace those the video
    has, it is being processed, whatever `media_state` says of those it has. `statistics_since` is None where all that
    was watched counts. What its project asks of viewers is read with it.
    """

    id: VideoId
    tenant_id: TenantId
    kind: VideoKind
    title: str
    description: str | None
    state: VideoState
    media_state: VideoState
    state_reason: str | None
    progress_percent: int
    privacy: Privacy
    password_sealed: str | None
    prefers_embed_password: bool
    protected: bool
    embed_token: str
    ticket_generation: int
    expires_at: datetime | None
    signed_embeds_only: bool
    allowed_domains: tuple[str, ...]
    allowed_networks: tuple[str, ...]
    viewer_downloads: tuple[DownloadQuality, ...] | None
    asks_email: bool
    asks_name: bool
    project_id: ProjectId | None
    folder_id: FolderId | None
    source_id: SourceId | None
    replacement_source_id: SourceId | None
    source_md5: str | None
    original_file_name: str
    source_size_bytes: int
    preset: str
    wants_download: bool
    duration_ms: int | None
    width: int | None
    height: int | None
    poster_number: int
    notification_url: str | None
    settings: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    received_at: datetime | None
    playable_at: datetime | None
    complete_at: datetime | None
    statistics_since: datetime | None = None
    project_private: bool = False
    project_protected: bool = False
    project_locked: bool = False
    project_password_sealed: str | None = None
    tag_ids: tuple[TagId, ...] = ()

    @property
    def playable(self) -> bool:
        return self.playable_at is not None

    @property
    def shows_sharing(self) -> bool:
        """Whether the player offers links to its page for sharing."""
        return bool(self.settings.get(SHOWS_SHARING, False))

    @property
    def page_url(self) -> str | None:
        """The page of its owner's own site that shows it; what is shared leads there instead of to its watch page."""
        return self.settings.get(PAGE_URL) or None

    @property
    def shows_embed_code(self) -> bool:
        """Whether the player offers its embed code."""
        return bool(self.settings.get(SHOWS_EMBED_CODE, False))

    @property
    def unlisted(self) -> bool:
        """Whether search engines are asked to leave its page out."""
        return bool(self.settings.get(UNLISTED, False))


@dataclass(frozen=True)
class NewVideo:
    """What a client says of a video when it sends the media."""

    title: str
    file_name: str
    description: str | None = None
    privacy: Privacy = Privacy.PUBLIC
    password: str | None = None
    prefers_embed_password: bool = False
    protected: bool = False
    project_id: ProjectId | None = None
    folder_id: FolderId | None = None
    preset: str = "dash_hls_1080p"
    wants_download: bool = True
    notification_url: str | None = None
    signed_embeds_only: bool = False
    allowed_domains: tuple[str, ...] = ()
    allowed_networks: tuple[str, ...] = ()
    viewer_downloads: tuple[DownloadQuality, ...] | None = None
    asks_email: bool = False
    asks_name: bool = False
    tag_ids: tuple[TagId, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class VideoChanges:
    """Fields to change; `UNCHANGED` leaves a field as it is, so that None can clear one.

    `settings` are merged into those that are there; None removes a key.
    """

    title: str | Unchanged = UNCHANGED
    description: str | Unchanged | None = UNCHANGED
    privacy: Privacy | Unchanged = UNCHANGED
    password: str | Unchanged | None = UNCHANGED
    prefers_embed_password: bool | Unchanged = UNCHANGED
    poster_number: int | Unchanged = UNCHANGED
    expires_at: datetime | Unchanged | None = UNCHANGED
    notification_url: str | Unchanged | None = UNCHANGED
    signed_embeds_only: bool | Unchanged = UNCHANGED
    allowed_domains: tuple[str, ...] | Unchanged = UNCHANGED
    allowed_networks: tuple[str, ...] | Unchanged = UNCHANGED
    viewer_downloads: tuple[DownloadQuality, ...] | Unchanged | None = UNCHANGED
    asks_email: bool | Unchanged = UNCHANGED
    asks_name: bool | Unchanged = UNCHANGED
    project_id: ProjectId | Unchanged | None = UNCHANGED
    folder_id: FolderId | Unchanged | None = UNCHANGED
    tag_ids: tuple[TagId, ...] | Unchanged = UNCHANGED
    settings: dict[str, Any] | Unchanged = UNCHANGED


@dataclass(frozen=True)
class Source:
    """An uploaded file with its tracks; `media_info` is the probe's answer once it was inspected.

    The last two are wishes for media that replace others: whether they are encrypted, None for as the video is; and
    whether what was watched before is to count for them.
    """

    id: SourceId
    tenant_id: TenantId
    video_id: VideoId
    object_key: str
    size_bytes: int
    etag: str
    file_name: str
    media_info: dict[str, Any] | None
    created_at: datetime
    protected: bool | None = None
    keeps_statistics: bool = True


class OutputKind(StrEnum):
    PRESENTATION = "presentation"  # what players stream; `document` is its description, the key a folder
    DOWNLOAD = "download"
    POSTER = "poster"
    POSTER_SOURCE = "poster_source"  # an uploaded picture, until the poster is made from it
    THUMBNAIL = "thumbnail"
    STORYBOARD = "storyboard"
    CAPTION = "caption"


@dataclass(frozen=True)
class Output:
    """A packaged or downloadable result. `name` is unique per video and kind."""

    id: OutputId
    video_id: VideoId
    kind: OutputKind
    name: str
    object_key: str
    size_bytes: int
    width: int | None
    height: int | None
    language: str | None
    document: dict[str, Any] | None
    created_at: datetime


@dataclass(frozen=True)
class Project:
    id: ProjectId
    tenant_id: TenantId
    title: str
    description: str | None
    locked: bool
    password_sealed: str | None
    protected: bool
    private: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Folder:
    id: FolderId
    tenant_id: TenantId
    project_id: ProjectId | None
    parent_id: FolderId | None
    name: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Tag:
    id: TagId
    tenant_id: TenantId
    name: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Page(Generic[Item]):
    items: tuple[Item, ...]
    total: int
