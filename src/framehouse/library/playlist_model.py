"""Playlists: videos in an order, with a privacy, a page and an embed of their own. Each video keeps its own policy."""

from dataclasses import dataclass, field
from datetime import datetime

from framehouse.kernel import UNCHANGED, PlaylistId, TenantId, Unchanged, VideoId
from framehouse.library.model import Privacy, Video


@dataclass(frozen=True)
class Playlist:
    """`generation` rises when access gets stricter, which ends what was proven before."""

    id: PlaylistId
    tenant_id: TenantId
    title: str
    privacy: Privacy
    password_sealed: str | None
    embed_token: str
    generation: int
    video_ids: tuple[VideoId, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class NewPlaylist:
    """Private, public or behind a password; a video may stand in it twice."""

    title: str
    privacy: Privacy = Privacy.PRIVATE
    password: str | None = field(default=None, repr=False)
    video_ids: tuple[VideoId, ...] = ()


@dataclass(frozen=True)
class PlaylistChanges:
    """Fields to change; `video_ids` replace all that were in it."""

    title: str | Unchanged = UNCHANGED
    privacy: Privacy | Unchanged = UNCHANGED
    password: str | Unchanged | None = field(default=UNCHANGED, repr=False)
    video_ids: tuple[VideoId, ...] | Unchanged = UNCHANGED


@dataclass(frozen=True)
class PublishedPlaylist:
    """What showing a playlist takes; for viewers, who have no tenant."""

    playlist: Playlist
    videos: tuple[Video, ...]
