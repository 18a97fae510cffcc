"""A video as the console's pages know it. Addresses are paths of the page's own origin, so that any name works."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from starlette.requests import Request

from framehouse import library
from framehouse.console.context import ConsoleContext
from framehouse.kernel import to_hex
from framehouse.library import Output, OutputKind, Video
from framehouse.playback import AssetKind, AssetSigner, asset_path, embed_path, watch_path

MOUNT = "/console"


def installation_prefix(request: Request) -> str:
    """The path under which the whole installation is mounted, without a final slash."""
    return console_prefix(request).removesuffix(MOUNT)


def console_prefix(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")


async def videos_json(context: ConsoleContext, request: Request, videos: Sequence[Video]) -> list[dict[str, Any]]:
    """All of them with one query for their posters."""
    found = await library.outputs_of(context.library, [video.id for video in videos], [OutputKind.POSTER])
    return [_video(context, request, video, found[video.id]) for video in videos]


async def video_json(context: ConsoleContext, request: Request, video: Video) -> dict[str, Any]:
    """One video with its downloads."""
    kinds = [OutputKind.POSTER, OutputKind.DOWNLOAD]
    outputs = (await library.outputs_of(context.library, [video.id], kinds))[video.id]
    downloads = [_download(context, request, video, output) for output in outputs if output.kind is OutputKind.DOWNLOAD]
    return _video(context, request, video, outputs) | {"downloads": downloads}


def _video(context: ConsoleContext, request: Request, video: Video, outputs: Sequence[Output]) -> dict[str, Any]:
    prefix = installation_prefix(request)
    has_poster = any(output.kind is OutputKind.POSTER for output in outputs)
    poster = asset_path(AssetSigner(context.library.secrets), video, AssetKind.POSTER, f"{video.poster_number}.jpg")
    return {
        "id": to_hex(video.id),
        "title": video.title,
        "description": video.description,
        "state": video.state.value,
        "reason": video.state_reason,
        "progressPercent": video.progress_percent,
        "playable": video.playable,
        "privacy": video.privacy.value,
        "hasPassword": video.password_sealed is not None,
        "fileName": video.original_file_name,
        "sizeBytes": video.source_size_bytes,
        "durationMs": video.duration_ms,
        "width": video.width,
        "height": video.height,
        "preset": video.preset,
        "createdAt": _time(video.created_at),
        "receivedAt": _time(video.received_at),
        "playableAt": _time(video.playable_at),
        "completeAt": _time(video.complete_at),
        "posterUrl": prefix + poster if has_poster else None,
        "embedPath": prefix + embed_path(video),
        "watchPath": prefix + watch_path(video.id),
    }


def _download(context: ConsoleContext, request: Request, video: Video, output: Output) -> dict[str, Any]:
    suffix = PurePosixPath(output.object_key).suffix
    name = output.name.removesuffix(suffix) + suffix
    path = asset_path(AssetSigner(context.library.secrets), video, AssetKind.DOWNLOAD, name)
    return {"name": name, "url": installation_prefix(request) + path, "sizeBytes": output.size_bytes}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
