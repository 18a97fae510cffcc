"""One attempt at a job: taken up, reported on, ended. Which work is done in between is in `recognise`, `translate`.

Two workers may hold the same job, when one was taken for dead and was not. The number of the attempt tells them apart:
the older one finds it outdated at its next report, or before it publishes, and leaves.
"""

import time
from datetime import timedelta

import structlog

from framehouse import library
from framehouse.kernel import to_hex
from framehouse.library import CaptionOrigin, Owner
from framehouse.media import webvtt
from framehouse.speech.context import SpeechContext, work_prefix
from framehouse.speech.model import ENDED, SpeechJob, SpeechKind, SpeechState
from framehouse.speech.store import jobs

REPORT_EVERY_S = 1.0
WORK_LIFE = timedelta(days=30)  # longer than a job waits for its worker
ALMOST_PERCENT = 99
_ORIGINS = {
    SpeechKind.RECOGNITION: CaptionOrigin.GENERATED,
    SpeechKind.TRANSLATION: CaptionOrigin.TRANSLATED,
}
log = structlog.get_logger(__name__)


class Abandoned(Exception):
    """The job or its video is gone, or another attempt has taken it up."""


async def take_up(context: SpeechContext, job_id: int) -> SpeechJob | None:
    """The job, running from now on; None when there is nothing to do any more."""
    async with context.library.database.write() as tx:
        job = await jobs.get(tx, job_id, lock=True)
        if job is None or job.state in ENDED:
            return None
        await library.promise_output(tx, context.clock, work_prefix(job), WORK_LIFE)
        await jobs.set_state(tx, job_id, SpeechState.RUNNING, context.clock.now())
        return await jobs.get(tx, job_id)


class Reporter:
    """Writes a job's progress to the database, at most once a second; raises Abandoned when it is no longer ours."""

    def __init__(self, context: SpeechContext, job: SpeechJob) -> None:
        self._context, self._job = context, job
        self._written = time.monotonic()
        self._percent = job.progress_percent

    async def name_engine(self, name: str) -> None:
        """Say by which engine it is made, where another one has become available since it was asked for."""
        if name != self._job.engine:
            async with self._context.library.database.write() as tx:
                await jobs.set_engine(tx, self._job.id, name)

    async def progress(self, share: float) -> None:
        """Of the whole job, from 0 to 1; it never runs backwards."""
        self._percent = max(self._percent, min(ALMOST_PERCENT, int(share * 100)))
        if time.monotonic() - self._written >= REPORT_EVERY_S:
            await self.write()

    async def write(self) -> None:
        self._written = time.monotonic()
        async with self._context.library.database.write() as tx:
            mine = await jobs.set_progress(tx, self._job, self._percent)
            video = await library.video_for_work(tx, self._job.tenant_id, self._job.video_id, lock=False)
        if not mine or video is None:
            raise Abandoned


async def publish(context: SpeechContext, job: SpeechJob, cues: tuple[webvtt.Cue, ...]) -> None:
    """The cues as the one caption of this origin and language, and the job done.

    Crash procedure. (1) The new caption is added. (2) Older ones of its kind go. (3) The job is done. A crash before
    (3) repeats the publication, whose (2) removes what the crashed one added.
    """
    await Reporter(context, job).write()
    owner, origin = Owner(job.tenant_id), _ORIGINS[job.kind]
    caption = await library.add_caption(
        context.library, owner, job.video_id, language=job.language, content=webvtt.write(cues), origin=origin
    )
    for older in await library.list_captions(context.library, owner, job.video_id):
        if older.origin is origin and older.language == caption.language and older.id != caption.id:
            await library.delete_caption(context.library, owner, job.video_id, older.id)
    async with context.library.database.write() as tx:
        await jobs.set_done(tx, job.id, context.clock.now(), caption.id)
        await library.discard(tx, context.clock, work_prefix(job))
    log.info("caption made", kind=job.kind.value, video=to_hex(job.video_id), language=job.language, cues=len(cues))


async def fail(context: SpeechContext, job_id: int, reason: str) -> None:
    """End an unfinished job with a reason for its owner; what it had so far serves nobody."""
    async with context.library.database.write() as tx:
        job = await jobs.get(tx, job_id, lock=True)
        if job is not None and job.state not in ENDED:
            await jobs.set_state(tx, job_id, SpeechState.FAILED, context.clock.now(), reason=reason)
            await library.discard(tx, context.clock, work_prefix(job))
