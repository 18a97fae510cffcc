"""Uploads in parts, files, downloads."""

import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from framehouse.dialects.adilo import schemas
from framehouse.dialects.adilo.translate.ids import folder_id
from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Links, extension_of
from framehouse.identity import Tenant
from framehouse.kernel import NotFound, to_base64url
from framehouse.library import NewVideo, Output, Privacy, Project, Upload, Video
from framehouse.playback import AssetKind, asset_path, embed_path, watch_path

ORIGINAL = "original"


def new_video(context: DialectContext, tenant: Tenant, project: Project, given: schemas.UploadStart) -> NewVideo:
    """A project with DRM protects its files."""
    name = file_name(given.filename)
    return NewVideo(
        title=(given.title or "").strip() or name,
        file_name=name,
        privacy=Privacy(tenant.default_privacy),
        protected=given.drm_protection or project.protected,
        project_id=project.id,
        folder_id=folder_id(given.folder_id) if given.folder_id else None,
        preset=context.settings.default_preset,
        wants_download=context.settings.default_downloads,
    )


def file_name(text: str) -> str:
    """Without the folders that some browsers send with it."""
    return PurePosixPath(text.replace("\\", "/")).name or text


def upload_key(upload: Upload) -> str:
    """Looks like a storage path, as the vendor's does, and names the upload: project/file/file.extension."""
    promised: Mapping[str, Any] = upload.new_video
    file = to_base64url(promised["video_id"])
    extension = extension_of(promised["file_name"])
    name = f"{file}.{extension}" if extension.isascii() and extension.isalnum() else file
    return f"{to_base64url(promised['project_id'])}/{file}/{name}"


def check_key(upload: Upload, given: str) -> None:
    """NotFound for the key of another upload."""
    if given != upload_key(upload):
        raise NotFound("there is no such upload under this key")


def file(context: DialectContext, links: Links, video: Video) -> schemas.File:
    id_ = to_base64url(video.id)
    mime_type = mimetypes.guess_type(video.original_file_name)[0] or "application/octet-stream"
    poster = asset_path(context.assets, video, AssetKind.POSTER, f"{video.poster_number}.jpg")
    seconds = round(video.duration_ms / 1000) if video.duration_ms is not None else None
    return schemas.File(
        id=id_,
        file_id=id_,
        fileId=id_,
        name=video.title,
        title=video.title,
        description=video.description or None,
        type=_type(video, mime_type),
        mime_type=mime_type,
        filename=video.original_file_name,
        filesize=video.source_size_bytes,
        duration_seconds=seconds,
        duration_formatted=duration(seconds) if seconds is not None else None,
        width=video.width,
        height=video.height,
        project_id=to_base64url(video.project_id) if video.project_id is not None else None,
        folder_id=to_base64url(video.folder_id) if video.folder_id is not None else None,
        drm_protection=video.protected,
        private=video.project_private or video.privacy is Privacy.PRIVATE,
        status=video.state.value,
        status_reason=video.state_reason,
        progress=video.progress_percent,
        statistics_since=(video.statistics_since or video.created_at).strftime("%Y-%m-%d %H:%M:%S"),
        upload_date=video.created_at.strftime("%Y-%m-%d %H:%M:%S"),
        thumbnail=links.viewer(poster),
        embed_url=links.viewer(embed_path(video)),
        watch_url=links.viewer(watch_path(video.id)),
    )


def downloads(context: DialectContext, links: Links, video: Video, made: Sequence[Output]) -> list[schemas.Download]:
    """One URL per quality that exists, the best first, and the file as it was uploaded."""

    def url(kind: AssetKind, name: str) -> str:
        return links.viewer(asset_path(context.assets, video, kind, name))

    best_first = sorted(
        made, key=lambda output: ((output.width or 0) * (output.height or 0), output.name), reverse=True
    )
    qualities = [
        schemas.Download(
            quality=output.name,
            url=url(AssetKind.DOWNLOAD, output.name + PurePosixPath(output.object_key).suffix),
            size=output.size_bytes,
            width=output.width,
            height=output.height,
        )
        for output in best_first
    ]
    source = url(AssetKind.SOURCE, "source" + PurePosixPath(video.original_file_name).suffix)
    original = schemas.Download(
        quality=ORIGINAL, url=source, size=video.source_size_bytes, width=video.width, height=video.height
    )
    return [*qualities, original]


def duration(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _type(video: Video, mime_type: str) -> str:
    """What inspection found; before it, what the file's name says."""
    if video.duration_ms is not None:
        return "video" if video.width else "audio"
    return "audio" if mime_type.startswith("audio/") else "video"
