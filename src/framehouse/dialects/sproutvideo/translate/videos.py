"""From the library's video to SproutVideo's object."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Links
from framehouse.dialects.sproutvideo import schemas
from framehouse.dialects.sproutvideo.translate.values import PRIVACY_LEVELS, frame, timestamp
from framehouse.kernel import to_hex
from framehouse.library import DownloadQuality, Output, Video, VideoState
from framehouse.playback import AssetKind, asset_path, embed_path, embed_token, hd_download, sd_download

STATES: dict[VideoState, schemas.State] = {
    VideoState.RECEIVED: "inspecting",
    VideoState.PROCESSING: "processing",
    VideoState.COMPLETE: "deployed",
    VideoState.FAILED: "failed",
}
# Poster frames and thumbnails of every video; their URLs answer a placeholder until the pictures exist. A custom poster
# frame that is chosen is a fifth.
FRAMES = 4
QUALITIES = {
    "240p": "by_240p", "360p": "by_360p", "480p": "by_480p", "720p": "by_720p", "1080p": "by_1080p",
    "1440p": "by_2k", "2160p": "by_4k", "4320p": "by_8k",
}  # fmt: skip
EMBED_WIDTH, EMBED_HEIGHT = 630, 354  # as in the document's examples


def video(
    context: DialectContext, links: Links, video: Video, downloads: Sequence[Output], plays: int = 0
) -> schemas.Video:
    """`downloads` are the video's outputs of that kind, `plays` how often it was played. Says nothing that the video,
    its tags, these outputs and the links do not: list answers are kept by their fingerprint, with 0 plays."""
    sd, hd = sd_download(downloads), hd_download(downloads)
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
        plays=plays,
        tags=[to_hex(tag) for tag in video.tag_ids],
        folder_id=to_hex(video.folder_id) if video.folder_id is not None else None,
        embed_code=_embed_code(links, video, "hd" if hd else "sd"),
        selected_poster_frame_number=video.poster_number,
        source_video_file_size=video.source_size_bytes,
        sd_video_file_size=sd.size_bytes if sd else 0,
        hd_video_file_size=hd.size_bytes if hd else 0,
        checksum=video.source_md5,
        created_at=timestamp(video.created_at),
        updated_at=timestamp(video.updated_at),
        assets=_assets(context, links, video, downloads),
        **_restrictions(video),
    )


def _restrictions(video: Video) -> dict[str, Any]:
    """What limits viewers and what their player offers them."""
    downloads = video.viewer_downloads
    return {
        "embedded_url": video.page_url,
        "requires_signed_embeds": video.signed_embeds_only,
        "download_sd": DownloadQuality.SD in downloads if downloads is not None else None,
        "download_hd": DownloadQuality.HD in downloads if downloads is not None else None,
        "download_source": DownloadQuality.ORIGINAL in downloads if downloads is not None else None,
        "allowed_domains": ",".join(video.allowed_domains) or None,
        "allowed_ips": ",".join(video.allowed_networks) or None,
        "player_social_sharing": video.shows_sharing,
        "player_embed_sharing": video.shows_embed_code,
        "require_email": video.asks_email,
        "require_name": video.asks_name,
        "hide_on_site": video.unlisted,
    }


def _embed_code(links: Links, video: Video, kind: str) -> str:
    height = round(EMBED_WIDTH * video.height / video.width) if video.width and video.height else EMBED_HEIGHT
    return frame(links, "player", f"{embed_path(video)}?type={kind}", EMBED_WIDTH, height)


def suffix(name: str) -> str:
    """With its dot; empty when there is none. As pathlib has it, in a tenth of the time: lists are long."""
    stem, dot, end = name.rpartition("/")[2].rpartition(".")
    return dot + end if stem and end else ""


def _assets(context: DialectContext, links: Links, video: Video, downloads: Sequence[Output]) -> schemas.VideoAssets:
    def folder(kind: AssetKind) -> str:
        return links.viewer(asset_path(context.assets, video, kind, ""))

    def download(output: Output | None) -> str | None:
        return made + output.name + suffix(output.object_key) if output is not None else None

    posters, thumbnails = folder(AssetKind.POSTER), folder(AssetKind.THUMBNAIL)  # signed once each: lists are long
    made = folder(AssetKind.DOWNLOAD) if downloads else ""
    file_name = "source" + quote(suffix(video.original_file_name))
    source = folder(AssetKind.SOURCE) + file_name if video.source_id is not None else None
    by_quality: dict[str, Any] = dict.fromkeys(QUALITIES.values())
    by_quality |= {QUALITIES[each.name]: download(each) for each in downloads if each.name in QUALITIES}
    return schemas.VideoAssets(
        thumbnails=[f"{thumbnails}{number}.jpg" for number in range(FRAMES)],
        poster_frames=[f"{posters}{number}.jpg" for number in range(max(FRAMES, video.poster_number + 1))],
        videos=schemas.VideoAssetUrls(
            sd_video_url=download(sd_download(downloads)),
            hd_video_url=download(hd_download(downloads)),
            source_video_url=source,
            source=source,
            **by_quality,
        ),
    )
