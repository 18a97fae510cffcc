"""Between SproutVideo's words and the library's. No decisions: what may be changed, the library says."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Links, Window
from framehouse.dialects.sproutvideo import schemas
from framehouse.identity import Tenant
from framehouse.kernel import FolderId, NotFound, VideoId, from_hex, to_hex
from framehouse.library import (
    UNCHANGED,
    NewVideo,
    Output,
    Privacy,
    TagId,
    Video,
    VideoChanges,
    VideoQuery,
    VideoState,
)
from framehouse.playback import AssetKind, asset_path, embed_path, embed_token

PRIVACY_LEVELS = (Privacy.PRIVATE, Privacy.PASSWORD, Privacy.PUBLIC, Privacy.LOGIN)
STATES: dict[VideoState, schemas.State] = {
    VideoState.RECEIVED: "inspecting",
    VideoState.PROCESSING: "processing",
    VideoState.COMPLETE: "deployed",
    VideoState.FAILED: "failed",
}
FRAMES = 4  # poster frames and thumbnails of every video; their URLs answer a placeholder until the pictures exist
QUALITIES = {
    "240p": "by_240p", "360p": "by_360p", "480p": "by_480p", "720p": "by_720p", "1080p": "by_1080p",
    "1440p": "by_2k", "2160p": "by_4k", "4320p": "by_8k",
}  # fmt: skip
SD_MAX_HEIGHT = 480
HD_MIN_HEIGHT = 720
EMBED_WIDTH, EMBED_HEIGHT = 630, 354  # as in the document's examples


def video_id(text: str) -> VideoId:
    """NotFound for what is no id, as for an id that is unknown."""
    found = from_hex(text)
    if found is None:
        raise NotFound("there is no such video")
    return VideoId(found)


def query(given: schemas.VideoListQuery, window: Window) -> VideoQuery:
    """An id that cannot be one matches nothing; nor does a playlist, as there are none yet."""
    tag = from_hex(given.tag_id) if given.tag_id else None
    folder = from_hex(given.folder_id) if given.folder_id else None
    impossible = (given.tag_id and tag is None) or (given.folder_id and folder is None) or given.playlist_id
    return VideoQuery(
        tag_id=TagId(tag) if tag is not None else None,
        tag_name=given.tag_name or None,
        privacy=PRIVACY_LEVELS[given.privacy] if given.privacy is not None else None,
        states=[state for state, name in STATES.items() if name == given.state] if given.state else None,
        folder_id=FolderId(folder) if folder is not None else None,
        ids=[] if impossible else None,
        order_by=given.order_by,
        descending=given.order_dir == "desc",
        offset=window.offset,
        limit=window.limit,
    )


def tag_ids(texts: Sequence[str]) -> tuple[TagId, ...]:
    found = (from_hex(text) for text in texts)
    return tuple(TagId(tag) for tag in found if tag is not None)


def new_video(context: DialectContext, tenant: Tenant, given: schemas.VideoUpload, file_name: str) -> NewVideo:
    """NotFound for a folder that cannot be one."""
    folder = from_hex(given.folder_id) if given.folder_id else None
    if given.folder_id and folder is None:
        raise NotFound("there is no such folder")
    return NewVideo(
        title=(given.title or "").strip() or file_name,
        file_name=file_name,
        description=given.description or None,
        privacy=PRIVACY_LEVELS[given.privacy] if given.privacy is not None else Privacy(tenant.default_privacy),
        password=given.password or None,
        prefers_embed_password=bool(given.prefers_embed_password),
        folder_id=FolderId(folder) if folder is not None else None,
        preset=context.settings.default_preset,
        wants_download=context.settings.default_downloads,
        notification_url=given.notification_url or None,
        tag_ids=tag_ids(given.tags or []),
    )


def changes(given: schemas.VideoEdit) -> VideoChanges:
    """Only what was sent; null and blank clear a description or password and leave everything else as it is."""
    sent = given.model_fields_set
    return VideoChanges(
        title=given.title if given.title is not None else UNCHANGED,
        description=(given.description or None) if "description" in sent else UNCHANGED,
        privacy=PRIVACY_LEVELS[given.privacy] if given.privacy is not None else UNCHANGED,
        password=(given.password or None) if "password" in sent else UNCHANGED,
        prefers_embed_password=given.prefers_embed_password if given.prefers_embed_password is not None else UNCHANGED,
        poster_number=given.posterframe_number if given.posterframe_number is not None else UNCHANGED,
        tag_ids=tag_ids(given.tags) if given.tags is not None else UNCHANGED,
    )


def video(context: DialectContext, links: Links, video: Video, downloads: Sequence[Output]) -> schemas.Video:
    """`downloads` are the video's outputs of that kind."""
    sd, hd = _sd(downloads), _hd(downloads)
    return schemas.Video(
        id=to_hex(video.id),
        title=video.title,
        description=video.description or None,
        width=video.width,
        height=video.height,
        duration=round(video.duration_ms / 1000) if video.duration_ms is not None else None,
        privacy=PRIVACY_LEVELS.index(video.privacy),
        password=context.library.secrets.decrypt(video.password_sealed) if video.password_sealed else None,
        prefers_embed_password=video.prefers_embed_password,
        security_token=embed_token(video),
        state=STATES[video.state],
        state_reason=video.state_reason,
        progress=video.progress_percent,
        plays=0,  # nothing counts plays yet
        tags=[to_hex(tag) for tag in video.tag_ids],
        folder_id=to_hex(video.folder_id) if video.folder_id is not None else None,
        embed_code=embed_code(links, video, "hd" if hd else "sd"),
        requires_signed_embeds=False,
        selected_poster_frame_number=video.poster_number,
        source_video_file_size=video.source_size_bytes,
        sd_video_file_size=sd.size_bytes if sd else 0,
        hd_video_file_size=hd.size_bytes if hd else 0,
        created_at=timestamp(video.created_at),
        updated_at=timestamp(video.updated_at),
        assets=_assets(context, links, video, downloads),
    )


def embed_code(links: Links, video: Video, kind: str) -> str:
    """Single quotes: clients cut the URL out between `src='` and the next one."""
    height = round(EMBED_WIDTH * video.height / video.width) if video.width and video.height else EMBED_HEIGHT
    url = links.viewer(f"{embed_path(video)}?type={kind}")
    return (
        f"<iframe class='sproutvideo-player' type='text/html' src='{url}' "
        f"width='{EMBED_WIDTH}' height='{height}' frameborder='0' allowfullscreen></iframe>"
    )


def timestamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _assets(context: DialectContext, links: Links, video: Video, downloads: Sequence[Output]) -> schemas.VideoAssets:
    def folder(kind: AssetKind) -> str:
        return links.viewer(asset_path(context.assets, video, kind, ""))

    def download(output: Output | None) -> str | None:
        return made + output.name + PurePosixPath(output.object_key).suffix if output is not None else None

    posters, thumbnails = folder(AssetKind.POSTER), folder(AssetKind.THUMBNAIL)  # signed once each: lists are long
    made = folder(AssetKind.DOWNLOAD) if downloads else ""
    source = f"{folder(AssetKind.SOURCE)}source{quote(PurePosixPath(video.original_file_name).suffix)}"
    by_quality: dict[str, Any] = dict.fromkeys(QUALITIES.values())
    by_quality |= {QUALITIES[each.name]: download(each) for each in downloads if each.name in QUALITIES}
    return schemas.VideoAssets(
        thumbnails=[f"{thumbnails}{number}.jpg" for number in range(FRAMES)],
        poster_frames=[f"{posters}{number}.jpg" for number in range(FRAMES)],
        videos=schemas.VideoAssetUrls(
            sd_video_url=download(_sd(downloads)),
            hd_video_url=download(_hd(downloads)),
            source_video_url=source,
            source=source,
            **by_quality,
        ),
    )


def _lines(output: Output) -> int:
    """What a quality is called by: the shorter side, so that portrait video counts alike."""
    return min(output.width or 0, output.height or 0)


def _sd(downloads: Sequence[Output]) -> Output | None:
    small = [each for each in downloads if _lines(each) <= SD_MAX_HEIGHT]
    return max(small, key=_lines) if small else min(downloads, key=_lines, default=None)


def _hd(downloads: Sequence[Output]) -> Output | None:
    return max((each for each in downloads if _lines(each) >= HD_MIN_HEIGHT), key=_lines, default=None)
