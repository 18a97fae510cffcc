"""Projects that protect: videos that lie in one and are not encrypted get encrypted media made from their own source.

It is a replacement with the same bytes: the video plays as it is until the encrypted media are ready, and its owner
sees it being processed. Work for a whole project is durable and takes up what is left when it is begun again.
"""

import structlog

from framehouse.infra.transaction import Transaction
from framehouse.kernel import FramehouseError, ProjectId, TenantId, VideoId, to_hex
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.events import ProtectionDue
from framehouse.library.model import Video, VideoState
from framehouse.library.replace import replace_media
from framehouse.library.store import media, shelves, videos

BATCH = 100
log = structlog.get_logger(__name__)


async def protect_if_due(tx: Transaction, tenant_id: TenantId, project_id: ProjectId | None) -> None:
    """After something was put into a project: have it protected where the project does that."""
    project = await shelves.get_project(tx, tenant_id, project_id) if project_id is not None else None
    if project is not None and project.protected:
        await tx.emit(ProtectionDue(tenant_id, project.id))


async def protect_completed(tx: Transaction, tenant_id: TenantId, video_id: VideoId) -> None:
    """A video that was being made when its project began to protect has its turn now."""
    video = await videos.get(tx, tenant_id, video_id)
    if video is not None and not video.protected:
        await protect_if_due(tx, tenant_id, video.project_id)


async def protect_project(context: LibraryContext, owner: Owner, project_id: ProjectId) -> None:
    """Begin the encryption of each video that is complete and not encrypted; the others have their turn later.

    One that cannot be is left as it is, and says why in its `state_reason`. Idempotent.
    """
    after = VideoId(0)
    while True:
        async with context.database.read() as tx:
            project = await shelves.get_project(tx, owner.tenant_id, project_id)
            if project is None or not project.protected:
                return
            clear = await videos.unprotected_in(tx, owner.tenant_id, project_id, after, BATCH)
        for video in clear:
            await _protect(context, owner, video)
            after = video.id
        if len(clear) < BATCH:
            return


async def _protect(context: LibraryContext, owner: Owner, video: Video) -> None:
    if video.state is not VideoState.COMPLETE:
        return  # it comes back when it is complete
    async with context.database.read() as tx:
        source = await media.get_source(tx, owner.tenant_id, video.source_id) if video.source_id is not None else None
    if source is None:
        return
    data = context.storage.read(source.object_key)
    try:
        await replace_media(
            context, owner, video.id, data, source.file_name, protected=True, expected_source_id=source.id
        )
    except FramehouseError as error:
        log.warning("a video could not be protected", video=to_hex(video.id), reason=error.message)
        async with context.database.write() as tx:
            reason = f"It could not be protected: {error.message}"
            await videos.update(tx, owner.tenant_id, video.id, {"state_reason": reason})
