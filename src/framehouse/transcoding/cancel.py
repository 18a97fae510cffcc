"""Ends the work on a video by its owner's wish, and runs it again."""

from framehouse import library
from framehouse.infra.transaction import Transaction
from framehouse.infra.workflows import WorkClient
from framehouse.kernel import Clock, Conflict, TenantId, VideoId
from framehouse.transcoding import works
from framehouse.transcoding.context import work_prefix
from framehouse.transcoding.job import ENDED, Job, JobState
from framehouse.transcoding.store import jobs

CANCELLED = "The encode was cancelled by its owner."
GIVEN_UP = "Other media took the place of its source."


async def cancel_encode(
    context: library.LibraryContext, work: WorkClient, owner: library.Owner, video: library.Video
) -> int:
    """Stop what is under way, the running ffmpeg included: the replacement of a video's media if there is one, and
    otherwise all unfinished jobs of the media it has. Returns how many works that were."""
    async with context.database.write() as tx:
        locked = await library.video_for_work(tx, owner.tenant_id, video.id)
        if locked is None:
            return 0
        source_id = locked.replacement_source_id or locked.source_id
        unfinished = await _unfinished(tx, owner.tenant_id, video.id)
        running = [job for job in unfinished if job.source_id == source_id]
        await _end_jobs(tx, context.clock, running, CANCELLED)
        inspecting = locked.replacement_source_id is not None and not running
        if source_id is not None and (running or inspecting):
            await library.source_failed(tx, context.clock, owner.tenant_id, video.id, source_id, CANCELLED)
    await _interrupt(work, running)
    return len(running) or int(inspecting)


async def stop_jobs(context: library.LibraryContext, work: WorkClient, owner: library.Owner, video_id: VideoId) -> int:
    """End the jobs and their durable work, whatever becomes of the video."""
    async with context.database.write() as tx:
        running = await _unfinished(tx, owner.tenant_id, video_id)
        await _end_jobs(tx, context.clock, running, CANCELLED)
    await _interrupt(work, running)
    return len(running)


async def end_source_work(tx: Transaction, clock: Clock, event: library.SourceWithdrawn) -> None:
    """Nobody waits for what is made of a source. Its encoders look at their job once a second and end themselves."""
    unfinished = await _unfinished(tx, event.tenant_id, event.video_id)
    await _end_jobs(tx, clock, [job for job in unfinished if job.source_id == event.source_id], GIVEN_UP)


async def _unfinished(tx: Transaction, tenant_id: TenantId, video_id: VideoId) -> list[Job]:
    return [job for job in await jobs.of_video(tx, tenant_id, video_id) if job.state not in ENDED]


async def _end_jobs(tx: Transaction, clock: Clock, running: list[Job], reason: str) -> None:
    for job in running:
        await jobs.set_state(tx, job.id, JobState.CANCELLED, clock.now(), reason)
        await library.discard(tx, clock, work_prefix(job.video_id, job.id))


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
