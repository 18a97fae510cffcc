"""The one order in which rows are locked here: the video, then its job. Replacing a video's media and work on its old
media meet in both, and on PostgreSQL two that lock in different orders end each other."""

from framehouse import library
from framehouse.infra.transaction import Transaction
from framehouse.transcoding.job import Job
from framehouse.transcoding.store import jobs


async def lock_job(tx: Transaction, job: Job) -> Job | None:
    """The job as it is now, locked after its video; None when the video was deleted."""
    if await library.video_for_work(tx, job.tenant_id, job.video_id) is None:
        return None
    return await jobs.get(tx, job.id, lock=True)
