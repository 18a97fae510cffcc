"""From received bytes to a video that waits for inspection: the one place where videos are born.

Crash procedure. (1) The key's prefix is noted as garbage, due in two days. (2) Bytes are written and fsynced by the
storage. (3) One transaction takes the prefix out of the garbage, inserts the video and its source and tells that the
source was received, which enqueues its inspection. A crash before (3) leaves bytes that housekeeping removes; a
crash after it leaves a complete video whose work continues.
"""

import secrets as random
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from pathlib import PurePosixPath
from typing import Any

from framehouse.infra.storage import ObjectInfo
from framehouse.infra.transaction import Transaction
from framehouse.kernel import (
    FolderId,
    FramehouseError,
    InvalidInput,
    ProjectId,
    QuotaExceeded,
    SourceId,
    StorageFull,
    VideoId,
    new_content_id,
)
from framehouse.library.access_lists import checked_domains, checked_networks
from framehouse.library.context import ABANDONED_AFTER, LibraryContext, Owner, source_key, video_prefix
from framehouse.library.errors import no_such
from framehouse.library.events import SourceReceived
from framehouse.library.model import Folder, NewVideo, Privacy, Source, Video, VideoKind, VideoState
from framehouse.library.store import folders, media, shelves, videos

TITLE_MAX = 1000


async def receive_video(
    context: LibraryContext,
    owner: Owner,
    new: NewVideo,
    data: AsyncIterable[bytes],
    *,
    settle: Callable[[], NewVideo] | None = None,
    admit: Callable[[Transaction], Awaitable[None]] | None = None,
) -> Video:
    """Store one source that arrives as a stream and start the work on it.

    `settle`, asked when the bytes have ended, says what the video is to be, where the client tells more after the
    file than before. `admit` has the last word, in the transaction that makes the video: what it raises undoes all.
    Raises PayloadTooLarge over the size limit, QuotaExceeded over the tenant's quota, StorageFull
    on a full disk, InvalidInput and NotFound for what is wrong with the video; in each case nothing is left behind.
    """
    check_free_space(context, 0)
    video_id, source_id = VideoId(new_content_id()), SourceId(new_content_id())
    key = source_key(video_id, source_id)
    async with context.database.write() as tx:
        await (check_shelf(tx, owner, new.project_id, new.folder_id) if settle else check_new_video(tx, owner, new))
        room = await check_room(context, tx, owner, 0)
        await media.add_garbage(tx, video_prefix(video_id), context.clock.now() + ABANDONED_AFTER)
    within_quota = within_room(room, owner, data)
    stored = await context.storage.put(key, within_quota, size_limit_bytes=context.upload_max_bytes)
    try:
        if not stored.size_bytes:
            raise InvalidInput("the file is empty", fields={"source_video": "is empty"})
        settled = settle() if settle else new
        async with context.database.write() as tx:
            if settle:
                await check_new_video(tx, owner, settled)
            if admit:
                await admit(tx)
            return await admit_video(context, tx, owner, settled, video_id, source_id, stored)
    except FramehouseError:
        await context.storage.delete(key)
        raise


async def within_room(room_bytes: int, owner: Owner, data: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes; QuotaExceeded as soon as they are more than the tenant's quota has room for."""
    received = 0
    async for block in data:
        received += len(block)
        if received > room_bytes and owner.storage_quota_bytes is not None:
            raise _over_quota(owner)
        yield block


async def admit_video(
    context: LibraryContext,
    tx: Transaction,
    owner: Owner,
    new: NewVideo,
    video_id: VideoId,
    source_id: SourceId,
    stored: ObjectInfo,
) -> Video:
    """Step (3): rows for bytes that are durable. QuotaExceeded when others filled the quota meanwhile."""
    await media.claim_from_garbage(tx, video_prefix(video_id))
    await insert_video(context, tx, owner, new, video_id)
    return await admit_source(context, tx, owner, video_id, source_id, stored, new.file_name)


async def insert_video(
    context: LibraryContext, tx: Transaction, owner: Owner, new: NewVideo, video_id: VideoId
) -> None:
    """A video whose source has not come yet."""
    now = context.clock.now()
    folder = await _folder_left(tx, owner, new)
    if new.project_id is not None and await shelves.get_project(tx, owner.tenant_id, new.project_id, keep=True) is None:
        raise no_such("project")  # it was deleted while the bytes came, and what was in it with it
    fresh = {
        "id": video_id,
        "tenant_id": owner.tenant_id,
        "source_size_bytes": 0,
        "password_sealed": context.secrets.encrypt(new.password) if new.password else None,
        "folder_id": folder.id if folder is not None else None,
        "project_id": folder.project_id if folder is not None else new.project_id,
        "created_at": now,
        "updated_at": now,
    }
    await videos.insert(tx, _described(new) | fresh, new.tag_ids)
    await shelves.index_for_search(tx, owner.tenant_id, "video", video_id, new.title, new.description)


async def admit_source(
    context: LibraryContext,
    tx: Transaction,
    owner: Owner,
    video_id: VideoId,
    source_id: SourceId,
    stored: ObjectInfo,
    file_name: str,
) -> Video:
    """The source of a video that has none: its row, and the event that enqueues its inspection. QuotaExceeded."""
    now = context.clock.now()
    await check_room(context, tx, owner, stored.size_bytes)
    values = {"source_id": source_id, "source_size_bytes": stored.size_bytes, "received_at": now, "updated_at": now}
    await videos.update(tx, owner.tenant_id, video_id, values)
    source = Source(
        source_id, owner.tenant_id, video_id, stored.key, stored.size_bytes, stored.etag, file_name, None, now
    )
    await media.insert_source(tx, source)
    await tx.emit(SourceReceived(owner.tenant_id, video_id, source_id))
    video = await videos.get(tx, owner.tenant_id, video_id)
    assert video is not None  # the caller inserted or locked it, in this transaction
    return video


async def _folder_left(tx: Transaction, owner: Owner, new: NewVideo) -> Folder | None:
    """Where the video lies, which is in its project then. The folder may have gone, or to another project, while the
    bytes came: they are worth keeping without it."""
    if new.folder_id is None:
        return None
    folder = await folders.get(tx, owner.tenant_id, new.folder_id, keep=True)
    fits = folder is not None and new.project_id in (None, folder.project_id)
    return folder if fits else None


def _described(new: NewVideo) -> dict[str, Any]:
    """The columns of a video that are known before it has an id."""
    return {
        "kind": VideoKind.VOD.value,
        "title": new.title[:TITLE_MAX],
        "description": new.description,
        "state": VideoState.RECEIVED.value,
        "progress_percent": 0,
        "privacy": new.privacy.value,
        "prefers_embed_password": new.prefers_embed_password,
        "protected": new.protected,
        "embed_token": random.token_hex(8),
        "ticket_generation": 1,
        "original_file_name": new.file_name[:TITLE_MAX],
        "preset": new.preset,
        "wants_download": new.wants_download,
        "poster_number": 0,
        "notification_url": new.notification_url,
        "signed_embeds_only": new.signed_embeds_only,
        "allowed_domains": list(checked_domains(new.allowed_domains)),
        "allowed_networks": list(checked_networks(new.allowed_networks)),
        "viewer_downloads": list(new.viewer_downloads) if new.viewer_downloads is not None else None,
        "asks_email": new.asks_email,
        "asks_name": new.asks_name,
        "settings": new.settings,
    }


async def check_new_video(tx: Transaction, owner: Owner, new: NewVideo) -> None:
    """Refuse before any byte is read what could not be stored afterwards."""
    if new.privacy is Privacy.PASSWORD and not new.password:
        raise InvalidInput("a password-protected video needs a password", fields={"password": "is missing"})
    await check_shelf(tx, owner, new.project_id, new.folder_id)


async def check_shelf(tx: Transaction, owner: Owner, project_id: ProjectId | None, folder_id: FolderId | None) -> None:
    """NotFound unless both are the tenant's, and the folder is in the project when both are given."""
    if project_id is not None and await shelves.get_project(tx, owner.tenant_id, project_id) is None:
        raise no_such("project")
    if folder_id is not None:
        folder = await folders.get(tx, owner.tenant_id, folder_id)
        if folder is None or (project_id is not None and folder.project_id != project_id):
            raise no_such("folder")


def check_free_space(context: LibraryContext, size_bytes: int) -> None:
    """StorageFull when a file of that size would leave less than the installation keeps free for everything else."""
    free = context.storage.free_bytes()
    if free is not None and free - size_bytes < context.free_space_min_bytes:
        raise StorageFull("the installation's disk is nearly full: its operator has to make room")


async def check_room(context: LibraryContext, tx: Transaction, owner: Owner, size_bytes: int) -> int:
    """How many bytes may be received; QuotaExceeded when the announced size is more, or nothing is left."""
    if size_bytes > context.upload_max_bytes:
        raise QuotaExceeded(f"the file is larger than the {context.upload_max_bytes} bytes this installation accepts")
    if owner.storage_quota_bytes is None:
        return context.upload_max_bytes
    left = owner.storage_quota_bytes - await videos.used_bytes(tx, owner.tenant_id)
    if left <= 0 or size_bytes > left:
        raise _over_quota(owner)
    return min(left, context.upload_max_bytes)


def _over_quota(owner: Owner) -> QuotaExceeded:
    return QuotaExceeded(f"the account's storage quota of {owner.storage_quota_bytes} bytes would be exceeded")


def title_from(file_name: str) -> str:
    """A file's name without its folder and extension, as a title."""
    return PurePosixPath(file_name.replace("\\", "/")).stem[:TITLE_MAX] or "Untitled"
