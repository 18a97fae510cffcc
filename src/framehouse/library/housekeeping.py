"""Unfinished uploads expire, abandoned bytes go, deleted videos end: run now and then by a worker.

Each step is idempotent: bytes first, then the row, so that a crash in between repeats the step.
"""

import structlog

from framehouse.infra.transaction import Transaction
from framehouse.kernel import from_hex
from framehouse.library.context import ABANDONED_AFTER, LibraryContext, Owner, video_prefix
from framehouse.library.events import VideoDeleted
from framehouse.library.store import media, tombstones, upload_tokens, videos
from framehouse.library.upload import abort_upload

BATCH = 100
log = structlog.get_logger(__name__)


async def expire_uploads(context: LibraryContext) -> int:
    """Abort the open uploads whose time is over, and forget the upload tokens that ended long ago; returns how many
    uploads."""
    now = context.clock.now()
    async with context.database.write() as tx:
        await upload_tokens.delete_expired(tx, now - ABANDONED_AFTER)  # who began in time may end late
    async with context.database.read() as tx:
        expired = await media.expired_uploads(tx, now, BATCH)
    for upload in expired:
        await abort_upload(context, Owner(upload.tenant_id), upload.id)
        log.info("upload expired", upload=upload.id)
    return len(expired)


async def announce_deletions(context: LibraryContext) -> None:
    """Tell of the videos that were deleted many at once, as of each that is deleted alone."""
    async with context.database.read() as tx:  # nearly always there are none, and a write would wait for others
        left = await tombstones.are_there(tx)
    while left:
        async with context.database.write() as tx:
            left = await announce_some_deletions(context, tx) == BATCH


async def announce_some_deletions(context: LibraryContext, tx: Transaction) -> int:
    """One batch; it leads to the others, since what follows a deletion collects garbage. Returns how many."""
    taken = await tombstones.take(tx, BATCH)
    for tenant_id, video_id in taken:
        await media.add_garbage(tx, video_prefix(video_id), context.clock.now())
        await tx.emit(VideoDeleted(tenant_id, video_id))
    return len(taken)


async def collect_garbage(context: LibraryContext) -> int:
    """Remove the bytes of deleted videos and of writes that nobody claimed; returns how many prefixes."""
    await announce_deletions(context)
    async with context.database.read() as tx:
        due = await media.due_garbage(tx, context.clock.now(), BATCH)
    for prefix in due:
        removed = await context.storage.delete_prefix(prefix)
        async with context.database.write() as tx:
            await media.forget_under(tx, prefix)
            await media.claim_from_garbage(tx, prefix)
            video_id = from_hex(prefix.split("/")[1]) if prefix.count("/") == 2 else None  # videos/ID/
            if video_id is not None:
                await videos.remove(tx, videos.VideoId(video_id))
        log.info("removed bytes without an owner", prefix=prefix, objects=removed)
    return len(due)
