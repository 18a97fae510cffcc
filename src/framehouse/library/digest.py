"""The MD5 of a video's source, for clients that compare it with their own file. A worker reads the bytes for it."""

import asyncio
import hashlib

from framehouse.kernel import SourceId, TenantId, VideoId
from framehouse.library.context import LibraryContext
from framehouse.library.store import media, videos


async def digest_source(context: LibraryContext, tenant_id: TenantId, video_id: VideoId, source_id: SourceId) -> None:
    """Record 32 hexadecimal digits, unless the video plays another source by then. Idempotent."""
    async with context.database.read() as tx:
        source = await media.get_source(tx, tenant_id, source_id)
    if source is None:
        return
    digest = hashlib.md5(usedforsecurity=False)
    async for block in context.storage.read(source.object_key):
        await asyncio.to_thread(digest.update, block)
    async with context.database.write() as tx:
        video = await videos.get(tx, tenant_id, video_id, lock=True)
        if video is not None and video.source_id == source_id:
            await videos.update(tx, tenant_id, video_id, {"source_md5": digest.hexdigest()})
