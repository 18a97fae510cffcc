"""Unfinished uploads expire, abandoned bytes go, deleted videos end: run now and then by a worker.

Each step is idempotent: bytes first, then the row, so that a crash in between repeats the step.
"""

import structlog

from framehouse.kernel import from_hex
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.store import media, videos
from framehouse.library.upload import abort_upload

BATCH = 100
log = structlog.get_logger(__name__)


async def expire_uploads(context: LibraryContext) -> int:
    """Abort the open uploads whose time is over; returns how many."""
    async with context.database.read() as tx:
        expired = await media.expired_uploads(tx, context.clock.now(), BATCH)
    for upload in expired:
        await abort_upload(context, Owner(upload.tenant_id), upload.id)
        log.info("upload expired", upload=upload.id)
    return len(expired)


async def collect_garbage(context: LibraryContext) -> int:
    """Remove the bytes of deleted videos and of writes that nobody claimed; returns how many prefixes."""
    async with context.database.read() as tx:
        due = await media.due_garbage(tx, context.clock.now(), BATCH)
    for prefix in due:
        removed = await context.storage.delete_prefix(prefix)
        async with context.database.write() as tx:
            await media.forget_outputs_under(tx, prefix)
            await media.claim_from_garbage(tx, prefix)
            video_id = from_hex(prefix.split("/")[1]) if prefix.count("/") == 2 else None  # videos/ID/
            if video_id is not None:
                await videos.remove(tx, videos.VideoId(video_id))
        log.info("removed bytes without an owner", prefix=prefix, objects=removed)
    return len(due)
