"""Which stored object an asset URL means. Signatures are in `signatures`, the bytes are the edge's business.

Outputs are named without a suffix (`0`, `en`, `720p`) or with one (`storyboard.vtt`); asset URLs always have one.
"""

import mimetypes
from dataclasses import dataclass
from pathlib import PurePosixPath

from framehouse import library
from framehouse.kernel import AccessDenied, VideoId
from framehouse.library import Output, OutputKind, Owner, PublishedVideo
from framehouse.playback.context import PlaybackContext
from framehouse.playback.signatures import AssetKind

_KINDS = {
    AssetKind.POSTER: OutputKind.POSTER,
    AssetKind.THUMBNAIL: OutputKind.THUMBNAIL,
    AssetKind.STORYBOARD: OutputKind.STORYBOARD,
    AssetKind.CAPTION: OutputKind.CAPTION,
    AssetKind.DOWNLOAD: OutputKind.DOWNLOAD,
}
_TYPES = {".jpg": "image/jpeg", ".vtt": "text/vtt; charset=utf-8", ".mp4": "video/mp4", ".m4a": "audio/mp4"}
FRAME_KINDS = frozenset({AssetKind.POSTER, AssetKind.THUMBNAIL})


@dataclass(frozen=True)
class Asset:
    """`download_name` is what a browser saves it as; None for what pages show."""

    key: str
    content_type: str
    download_name: str | None


async def published_with_signature(
    context: PlaybackContext, video_id: VideoId, kind: AssetKind, signature: str
) -> PublishedVideo | None:
    """None for an unknown video and for a wrong signature alike. AccessDenied for the download of an expired video."""
    published = await library.published_video(context.library, video_id)
    if published is None or not context.assets.verify(published.video, kind, signature):
        return None
    expires_at = published.video.expires_at
    if kind is AssetKind.DOWNLOAD and expires_at is not None and context.library.clock.now() >= expires_at:
        raise AccessDenied("This video is no longer available.")
    return published


async def find_asset(context: PlaybackContext, published: PublishedVideo, kind: AssetKind, name: str) -> Asset | None:
    if kind is AssetKind.SOURCE:
        return await _source(context, published)
    output = next((each for each in published.of_kind(_KINDS[kind]) if _is_named(each, name)), None)
    if output is None:
        return None
    suffix = PurePosixPath(output.object_key).suffix
    download_name = None
    if kind is AssetKind.DOWNLOAD:
        download_name = f"{published.video.title or 'video'} {PurePosixPath(name).stem}{suffix}"
    return Asset(output.object_key, _TYPES.get(suffix, "application/octet-stream"), download_name)


async def _source(context: PlaybackContext, published: PublishedVideo) -> Asset | None:
    """The uploaded file under its own name, as media or as plain bytes: never as something a browser runs."""
    video = published.video
    source = await library.source_of(context.library, Owner(video.tenant_id), video)
    if source is None:
        return None
    guessed = mimetypes.guess_type(source.file_name)[0] or ""
    content_type = guessed if guessed.startswith(("video/", "audio/")) else "application/octet-stream"
    return Asset(source.object_key, content_type, source.file_name)


def _is_named(output: Output, name: str) -> bool:
    return name in (output.name, output.name + PurePosixPath(output.object_key).suffix)
