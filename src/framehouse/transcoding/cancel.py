"""Ends the work on a video by its owner's wish, and runs it again."""

from framehouse import library
from framehouse.infra.transaction import Transaction
from framehouse.infra.workflows import WorkClient
from framehouse.kernel import Conflict, VideoId
from framehouse.transcoding import works
from framehouse.transcoding.context import work_prefix
from framehouse.transcoding.job import ENDED, Job, JobState
from framehouse.transcoding.store import jobs

CANCELLED = "The encode was cancelled by its owner."


async def cancel_encode(
    context: library.LibraryContext, work: WorkClient, owner: library.Owner, video: library.Video
) -> int:
    """Stop all unfinished jobs of a video, the running ffmpeg included; returns how many jobs that were."""
    async with context.database.write() as tx:
        running = await _end_jobs(context, tx, owner, video.id)
        if running:
            await library.mark_failed(tx, context.clock, owner.tenant_id, video.id, CANCELLED)
    await _interrupt(work, running)
    return len(running)


async def stop_jobs(context: library.LibraryContext, work: WorkClient, owner: library.Owner, video_id: VideoId) -> int:
    """End the jobs and their durable work, whatever becomes of the video."""
    async with context.database.write() as tx:
        running = await _end_jobs(context, tx, owner, video_id)
    await _interrupt(work, running)
    return len(running)


async def _end_jobs(
    context: library.LibraryContext, tx: Transaction, owner: library.Owner, video_id: VideoId
) -> list[Job]:
    running = [job for job in await jobs.of_video(tx, owner.tenant_id, video_id) if job.state not in ENDED]
    for job in running:
        await jobs.set_state(tx, job.id, JobState.CANCELLED, context.clock.now(), CANCELLED)
        await library.discard(tx, context.clock, work_prefix(video_id, job.id))
    return running


async def _interrupt(work: WorkClient, ended: list[Job]) -> None:
    """After the commit: a step that is interrupted finds its job ended and leaves it so."""
    for job in ended:
        await work.cancel(works.prefixes_of(job.id))


async def rerun_encode(context: library.LibraryContext, owner: library.Owner, video: library.Video) -> None:
    """Begin again with the inspection; for a failed or cancelled video. What is published stays until replaced."""
    async with context.database.write() as tx:
        locked = await library.video_for_work(tx, owner.tenant_id, video.id)
        if locked is None or locked.source_id is None:
            raise Conflict("the video has no source to encode")
        if locked.state is not library.VideoState.FAILED:
            raise Conflict(f"only a failed video can be run again; this one is {locked.state}")
        await library.mark_received(tx, context.clock, owner.tenant_id, video.id)
        generation = len(await jobs.of_video(tx, owner.tenant_id, video.id)) + 1
        await _enqueue(tx, locked, generation)


async def _enqueue(tx: Transaction, video: library.Video, generation: int) -> None:
    assert video.source_id is not None  # checked by the caller
    await tx.enqueue(works.inspection(video.tenant_id, video.id, video.source_id, generation))
