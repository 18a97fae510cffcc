"""Ends the work on a video that is deleted."""

from framehouse.infra.workflows import WorkClient
from framehouse.kernel import TenantId, VideoId
from framehouse.library import LibraryContext
from framehouse.speech.model import ENDED
from framehouse.speech.store import jobs
from framehouse.speech.works import work_id


async def stop_speech(context: LibraryContext, work: WorkClient, tenant_id: TenantId, video_id: VideoId) -> None:
    """Interrupt what runs, engine included. The jobs go with the video, their files with its folder."""
    async with context.database.read() as tx:
        unfinished = [job for job in await jobs.of_video(tx, tenant_id, video_id) if job.state not in ENDED]
    if unfinished:
        await work.cancel([work_id(job.id) for job in unfinished])
