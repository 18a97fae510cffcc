"""Between Adilo's words and the library's: projects, uploads in parts, files."""

import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from framehouse.dialects.adilo import schemas
from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Links, extension_of
from framehouse.identity import Permission, Role, Tenant, User, UserId
from framehouse.kernel import (
    FolderId,
    InvalidInput,
    NotFound,
    ProjectId,
    UploadId,
    VideoId,
    from_base64url,
    from_integer,
    to_base64url,
    to_integer,
)
from framehouse.library import NewVideo, Output, Privacy, Project, Upload, Video
from framehouse.playback import AssetKind, asset_path, embed_path, watch_path

ORIGINAL = "original"
# The document's spellings, in its order; ours are names of the same things.
_SPELLED_OTHERWISE = {
    Permission.REQUEST_SNAPS: "Request Snaps (Shared Snaps)",
    Permission.GLOBAL_VIDEO_SETTINGS: "Global video settings",
    Permission.VIEW_INTEGRATIONS: "View Intergrations",
    Permission.ADD_INTEGRATIONS: "Add Intergrations",
    Permission.DELETE_INTEGRATIONS: "Delete Intergrations",
}
PERMISSIONS = {each: _SPELLED_OTHERWISE.get(each, each.value.replace("_", " ").title()) for each in Permission}
_PERMISSION_OF = {name.casefold(): each for each, name in PERMISSIONS.items()}


def project_id(text: str) -> ProjectId:
    return ProjectId(_id(text, "project"))


def file_id(text: str) -> VideoId:
    return VideoId(_id(text, "file"))


def upload_id(text: str) -> UploadId:
    return UploadId(_id(text, "upload"))


def _id(text: str, what: str) -> int:
    """NotFound for what is no id, as for an id that is unknown."""
    found = from_base64url(text)
    if found is None:
        raise NotFound(f"there is no such {what}")
    return found


def new_video(context: DialectContext, tenant: Tenant, project: Project, given: schemas.UploadStart) -> NewVideo:
    """A file takes over its project's protection and privacy."""
    name = PurePosixPath(given.filename.replace("\\", "/")).name or given.filename
    return NewVideo(
        title=(given.title or "").strip() or name,
        file_name=name,
        privacy=Privacy.PRIVATE if project.private else Privacy(tenant.default_privacy),
        protected=given.drm_protection or project.protected,
        project_id=project.id,
        folder_id=FolderId(_id(given.folder_id, "folder")) if given.folder_id else None,
        preset=context.settings.default_preset,
        wants_download=context.settings.default_downloads,
    )


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


def project(found: Project) -> schemas.Project:
    return schemas.Project(
        id=to_base64url(found.id),
        title=found.title,
        name=found.title,
        description=found.description or None,
        locked=found.locked,
        drm=found.protected,
        private=found.private,
        created_at=found.created_at.strftime("%Y-%m-%d %H:%M:%S"),
    )


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
        private=video.privacy is Privacy.PRIVATE,
        status=video.state.value,
        status_reason=video.state_reason,
        progress=video.progress_percent,
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


def user_id(text: str) -> UserId:
    """NotFound for what is no id, as for an id that is unknown."""
    found = from_integer(text)
    if found is None:
        raise NotFound("there is no such user")
    return UserId(found)


def permissions(names: Sequence[str]) -> tuple[Permission, ...]:
    """In any case. InvalidInput that names the first one that is none."""
    found: list[Permission] = []
    for name in names:
        permission = _PERMISSION_OF.get(" ".join(name.split()).casefold())
        if permission is None:
            known = ", ".join(PERMISSIONS.values())
            raise InvalidInput(
                f"{name[:100]!r} is no permission; there are {known}", fields={"permissions": "is unknown"}
            )
        found.append(permission)
    return tuple(found)


def user(found: User) -> schemas.User:
    """Who has no list may do what an administrator or the role may: every permission is theirs."""
    held = found.permissions if found.permissions is not None and found.role is not Role.ADMIN else tuple(Permission)
    return schemas.User(
        id=to_integer(found.id),
        user_id=to_integer(found.id),
        name=found.name,
        email=found.email,
        permissions=[PERMISSIONS[permission] for permission in held],
        created_at=found.created_at.strftime("%Y-%m-%d %H:%M:%S"),
    )


def duration(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _type(video: Video, mime_type: str) -> str:
    """What inspection found; before it, what the file's name says."""
    if video.duration_ms is not None:
        return "video" if video.width else "audio"
    return "audio" if mime_type.startswith("audio/") else "video"
