"""Multipart uploads: start, sign a part, list parts, complete, abort, expire.

The bytes of a part are written by the storage when the client PUTs them to its signed URL; rows here only know
that an upload is open. Completing twice gives the same video, so that a client may repeat a lost request.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from framehouse.infra.storage import ObjectInfo, PartInfo
from framehouse.infra.transaction import Transaction
from framehouse.kernel import (
    Conflict,
    FolderId,
    InvalidInput,
    NotFound,
    PayloadTooLarge,
    ProjectId,
    SourceId,
    UploadId,
    VideoId,
    new_content_id,
)
from framehouse.library.context import (
    ABANDONED_AFTER,
    LibraryContext,
    Owner,
    source_key,
    source_prefix,
    video_prefix,
)
from framehouse.library.errors import no_such
from framehouse.library.model import DownloadQuality, NewVideo, Privacy, TagId, Video
from framehouse.library.receive import admit_video, check_free_space, check_new_video, check_room
from framehouse.library.replace import admit_replacement, replaceable_video
from framehouse.library.store import media, shelves, videos
from framehouse.library.upload_model import Upload, UploadState

PART_NUMBER_MAX = 10_000
PART_URL_LIFE_S = 24 * 3600


async def start_upload(
    context: LibraryContext,
    owner: Owner,
    new: NewVideo,
    *,
    size_bytes: int | None,
    mime_type: str | None = None,
    part_size_bytes: int | None = None,
) -> Upload:
    """Open an upload. The declared size is a promise that the parts are held to."""
    async with context.database.read() as tx:
        await check_new_video(tx, owner, new)
        await check_room(context, tx, owner, size_bytes or 0)
    video_id, source_id = VideoId(new_content_id()), SourceId(new_content_id())
    promised = _to_json(new) | {"video_id": video_id, "source_id": source_id}
    return await _open(context, owner, video_prefix(video_id), promised, size_bytes, mime_type, part_size_bytes)


async def start_replacement(
    context: LibraryContext,
    owner: Owner,
    video_id: VideoId,
    file_name: str,
    *,
    size_bytes: int | None,
    mime_type: str | None = None,
    part_size_bytes: int | None = None,
    keeps_statistics: bool = True,
    protected: bool | None = None,
) -> Upload:
    """Open an upload of new media for a video; completing it answers that video. See `replace`."""
    async with context.database.read() as tx:
        video = await replaceable_video(tx, owner, video_id)
        await check_room(context, tx, owner, size_bytes or 0)
    source_id = SourceId(new_content_id())
    promised = {
        "video_id": video_id,
        "source_id": source_id,
        "project_id": video.project_id,
        "file_name": file_name,
        "replaces": True,
        "keeps_statistics": keeps_statistics,
        "protected": protected,
    }
    prefix = source_prefix(video_id, source_id)
    return await _open(context, owner, prefix, promised, size_bytes, mime_type, part_size_bytes)


async def _open(
    context: LibraryContext,
    owner: Owner,
    prefix: str,
    promised: dict[str, Any],
    size_bytes: int | None,
    mime_type: str | None,
    part_size_bytes: int | None,
) -> Upload:
    check_free_space(context, size_bytes or 0)  # last: what would never fit is not told as a full disk
    now = context.clock.now()
    key = source_key(promised["video_id"], promised["source_id"])
    multipart_id = await context.storage.start_multipart(key, part_size_bytes=part_size_bytes)
    expires_at = now + timedelta(seconds=context.upload_expires_s)
    upload = Upload(
        UploadId(new_content_id()),
        owner.tenant_id,
        key,
        multipart_id,
        size_bytes,
        mime_type,
        UploadState.OPEN,
        promised,
        promised["video_id"] if promised.get("replaces") else None,
        now,
        expires_at,
    )
    async with context.database.write() as tx:
        await media.add_garbage(tx, prefix, expires_at + ABANDONED_AFTER)
        await media.insert_upload(tx, upload)
    return upload


async def get_upload(context: LibraryContext, owner: Owner, upload_id: UploadId) -> Upload:
    """An upload of the tenant; NotFound otherwise."""
    async with context.database.read() as tx:
        upload = await media.get_upload(tx, owner.tenant_id, upload_id)
    if upload is None:
        raise no_such("upload")
    return upload


async def sign_upload_part(context: LibraryContext, owner: Owner, upload_id: UploadId, number: int) -> str:
    """A URL to PUT one part to; it lives as long as the upload, a day at the most."""
    if not 1 <= number <= PART_NUMBER_MAX:
        raise InvalidInput(
            f"a part number is between 1 and {PART_NUMBER_MAX}", fields={"part_number": "is out of range"}
        )
    upload = await _open_upload(context, owner, upload_id)
    left_s = int((upload.expires_at - context.clock.now()).total_seconds())
    return await context.storage.sign_part_url(
        upload.object_key,
        upload.multipart_id,
        number,
        expires_s=max(1, min(left_s, PART_URL_LIFE_S)),
        size_limit_bytes=upload.size_bytes or context.upload_max_bytes,
    )


async def list_upload_parts(context: LibraryContext, owner: Owner, upload_id: UploadId) -> list[PartInfo]:
    """The parts that are durable, to resume from."""
    upload = await _open_upload(context, owner, upload_id)
    return await context.storage.list_parts(upload.object_key, upload.multipart_id)


async def complete_upload(
    context: LibraryContext, owner: Owner, upload_id: UploadId, parts: Sequence[tuple[int, str]]
) -> Video:
    """Join the parts into a video's source. Nothing is lost by a wrong list: correct it and call again."""
    upload = await get_upload(context, owner, upload_id)
    if upload.state is UploadState.COMPLETED:
        return await _completed_video(context, owner, upload)
    upload = await _open_upload(context, owner, upload_id)
    await _check_place(context, owner, upload)
    await _check_parts(context, upload, parts)
    stored = await context.storage.complete_multipart(upload.object_key, upload.multipart_id, parts)
    async with context.database.write() as tx:
        locked = await media.get_upload(tx, owner.tenant_id, upload_id, lock=True)
        if locked is None or locked.state is UploadState.ABORTED:
            raise no_such("upload")
        if locked.state is UploadState.OPEN:
            video = await _admit(context, tx, owner, locked, stored)
            await media.end_upload(tx, upload_id, UploadState.COMPLETED, video.id)
            return video
    return await _completed_video(context, owner, locked)


async def _admit(context: LibraryContext, tx: Transaction, owner: Owner, upload: Upload, stored: ObjectInfo) -> Video:
    promised = upload.new_video
    video_id, source_id = VideoId(promised["video_id"]), SourceId(promised["source_id"])
    if _is_replacement(upload):
        return await admit_replacement(
            context, tx, owner, video_id, source_id, stored, promised["file_name"],
            keeps_statistics=promised["keeps_statistics"], protected=promised.get("protected"),
        )  # fmt: skip
    return await admit_video(context, tx, owner, _from_json(promised), video_id, source_id, stored)


def _is_replacement(upload: Upload) -> bool:
    return bool(upload.new_video.get("replaces"))


async def _check_place(context: LibraryContext, owner: Owner, upload: Upload) -> None:
    """Give the upload up when its video, or the project it is for, was deleted meanwhile."""
    promised = upload.new_video
    async with context.database.read() as tx:
        if _is_replacement(upload):
            gone = None if await videos.get(tx, owner.tenant_id, VideoId(promised["video_id"])) else "video"
        elif promised.get("project_id") is not None:
            project_id = ProjectId(promised["project_id"])
            gone = None if await shelves.get_project(tx, owner.tenant_id, project_id) else "project"
        else:
            gone = None
    if gone is not None:
        await abort_upload(context, owner, upload.id)
        raise no_such(gone)


async def abort_upload(context: LibraryContext, owner: Owner, upload_id: UploadId) -> None:
    """Give up an upload and its bytes; repeating it is fine."""
    async with context.database.write() as tx:
        upload = await media.get_upload(tx, owner.tenant_id, upload_id, lock=True)
        if upload is None:
            raise no_such("upload")
        if upload.state is UploadState.COMPLETED:
            raise Conflict("the upload is complete already")
        await media.end_upload(tx, upload_id, UploadState.ABORTED)
    await context.storage.abort_multipart(upload.object_key, upload.multipart_id)


async def _check_parts(context: LibraryContext, upload: Upload, parts: Sequence[tuple[int, str]]) -> None:
    if not parts:
        raise InvalidInput("no parts were named", fields={"parts": "is empty"})
    sizes = await _part_sizes(context, upload)
    total = sum(sizes.get(number, 0) for number, _etag in parts)
    if sizes and total > (upload.size_bytes or context.upload_max_bytes):
        raise PayloadTooLarge(f"the parts hold {total} bytes, more than the {upload.size_bytes} that were declared")
    if sizes and upload.size_bytes is not None and total < upload.size_bytes and all(n in sizes for n, _ in parts):
        raise InvalidInput(
            f"the parts hold {total} bytes of the {upload.size_bytes} that were declared",
            fields={"parts": "are incomplete"},
        )


async def _part_sizes(context: LibraryContext, upload: Upload) -> dict[int, int]:
    """Empty when the storage joined the parts already: a completion died before its row, or is just under way."""
    try:
        parts = await context.storage.list_parts(upload.object_key, upload.multipart_id)
    except NotFound:
        return {}
    return {part.number: part.size_bytes for part in parts}


async def _open_upload(context: LibraryContext, owner: Owner, upload_id: UploadId) -> Upload:
    upload = await get_upload(context, owner, upload_id)
    if upload.state is UploadState.COMPLETED:
        raise Conflict("the upload is complete already")
    if upload.state is UploadState.ABORTED or upload.expires_at <= context.clock.now():
        raise Conflict("the upload has ended: start a new one")
    return upload


async def _completed_video(context: LibraryContext, owner: Owner, upload: Upload) -> Video:
    async with context.database.read() as tx:
        stored = await media.get_upload(tx, owner.tenant_id, upload.id)
        video_id = stored.video_id if stored else None
        video = await videos.get(tx, owner.tenant_id, video_id) if video_id else None
    if video is None:
        raise no_such("video")
    return video


def _to_json(new: NewVideo) -> dict[str, Any]:
    return asdict(new) | {"privacy": new.privacy.value, "tag_ids": list(new.tag_ids)}


def _from_json(stored: dict[str, Any]) -> NewVideo:
    values = {name: value for name, value in stored.items() if name not in ("video_id", "source_id")}
    values["privacy"] = Privacy(values["privacy"])
    values["tag_ids"] = tuple(TagId(tag) for tag in values["tag_ids"])
    for name in ("allowed_domains", "allowed_networks"):
        values[name] = tuple(values.get(name, ()))
    downloads = values.get("viewer_downloads")
    values["viewer_downloads"] = tuple(DownloadQuality(each) for each in downloads) if downloads is not None else None
    for name, kind in (("project_id", ProjectId), ("folder_id", FolderId)):
        values[name] = kind(values[name]) if values[name] is not None else None
    return NewVideo(**values)
