"""One piece of a job: a chunk of the picture in every rung from one decode, or all of the sound.

Crash procedure. (1) Files are made in the attempt's own scratch folder. (2) Each is put under the job's work prefix,
atomically, under the same key whichever attempt made it. (3) One transaction marks the piece done and, if it was the
last, enqueues the finish. A crash before (3) repeats the piece and no other; scratch goes at the worker's next start.
The work prefix is noted as garbage, due long after any piece, before a byte is put there: no byte is without an owner
when the video is deleted meanwhile.
"""

import asyncio
import mmap
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import cast

from framehouse import library
from framehouse.infra.process import Completed, run
from framehouse.media.boxes import InitFacts, SegmentFacts, parse_init, parse_segment
from framehouse.media.encode import AUDIO_RATE_HZ, audio_argv, video_chunk_argv
from framehouse.media.ffmpeg_progress import Progress, parse_progress_line
from framehouse.transcoding import works
from framehouse.transcoding.context import TranscodingContext, work_prefix
from framehouse.transcoding.job import ENDED, SOUND, Job, JobState, Piece, PieceState
from framehouse.transcoding.locking import lock_job
from framehouse.transcoding.model import Chunk, Ladder
from framehouse.transcoding.plan import FIRST, checked_ladder, chunks_of
from framehouse.transcoding.store import jobs

PROGRESS_EVERY_S = 1.0
INIT_BYTES = 64 * 1024
SOUND_WEIGHT = 0.05  # the share of a job's progress that its sound stands for
WORK_LIFE = timedelta(days=30)  # longer than the pieces of a job wait for each other


class _Abandoned(Exception):
    """The job was deleted or cancelled, or its source given up, while its encoder ran."""


async def encode_piece(context: TranscodingContext, job_id: int, number: int) -> None:
    """Encode one piece and put its files where the finish finds them. Idempotent."""
    job = await _claim(context, job_id, number)
    if job is None:
        return
    try:
        await _encode(context, job, number)
    except _Abandoned:
        await discard_work(context, job)


async def _encode(context: TranscodingContext, job: Job, number: int) -> None:
    with context.workspace(f"piece{number}") as folder:
        ladder = checked_ladder(job)
        key = await source_key(context, job)
        async with context.library.storage.localize(key, folder) as source:
            if number == SOUND:
                files = {rendition.name: folder / f"{rendition.name}.mp4" for rendition in ladder.audio}
                completed = await _encode_sound(context, job, ladder, source, files)
                frames = {name: await asyncio.to_thread(count_ticks, file) for name, file in files.items()}
            else:
                chunk = chunks_of(job, ladder)[number]
                files = {rung.name: folder / f"{rung.name}.mp4" for rung in ladder.rungs}
                completed = await _encode_chunk(context, job, ladder, chunk, source, files)
                frames = {name: await asyncio.to_thread(count_frames, file) for name, file in files.items()}
        for name, file in files.items():
            await context.library.storage.put_file(piece_key(job, number, name), file)
    await _record(context, job, number, completed.cpu_s, frames)


def piece_key(job: Job, number: int, name: str) -> str:
    piece = "sound" if number == SOUND else f"chunk{number:05d}"
    return f"{work_prefix(job.video_id, job.id)}{piece}/{name}.mp4"


async def _claim(context: TranscodingContext, job_id: int, number: int) -> Job | None:
    async with context.library.database.write() as tx:
        job = await jobs.get(tx, job_id, lock=True)
        piece = next((p for p in await jobs.pieces_of(tx, job_id) if p.number == number), None)
        if job is not None and job.state in ENDED:  # an attempt that was killed may have left something
            await library.discard(tx, context.clock, work_prefix(job.video_id, job_id))
        if job is None or piece is None or job.state in ENDED or piece.state is PieceState.DONE:
            return None
        await library.promise_output(tx, context.clock, work_prefix(job.video_id, job_id), WORK_LIFE)
        await jobs.start_piece(tx, job_id, number, context.executor_id, context.clock.now())
        if job.state is JobState.WAITING:
            await jobs.set_state(tx, job_id, JobState.ENCODING, context.clock.now())
    return job


async def source_key(context: TranscodingContext, job: Job) -> str:
    assert job.plan is not None  # every job is inserted with one
    if "source_key" in job.plan:
        return job.plan["source_key"]
    async with context.library.database.read() as tx:
        source = await library.source_for_work(tx, job.tenant_id, job.source_id)
    if source is None:
        raise _Abandoned
    return source.object_key


async def _encode_chunk(
    context: TranscodingContext, job: Job, ladder: Ladder, chunk: Chunk, source: Path, files: Mapping[str, Path]
) -> Completed:
    argv = video_chunk_argv(
        context.tools.ffmpeg,
        source,
        ladder.video_index,
        ladder.timeline,
        chunk.span,
        ladder.conversion,
        ladder.rungs,
        files,
    )
    reporter = _Reporter(context, job, chunk.number, frames=chunk.span.count)
    return await reporter.run(argv)


async def _encode_sound(
    context: TranscodingContext, job: Job, ladder: Ladder, source: Path, files: Mapping[str, Path]
) -> Completed:
    duration_s = ladder.duration_s if ladder.rungs else None
    argv = audio_argv(context.tools.ffmpeg, source, ladder.timeline, ladder.audio, files, duration_s=duration_s)
    reporter = _Reporter(context, job, SOUND, duration_ms=round(ladder.duration_s * 1000))
    return await reporter.run(argv)


class _Reporter:
    """Runs ffmpeg and writes its progress to the database, at most once a second; ends it when the job has ended."""

    def __init__(
        self, context: TranscodingContext, job: Job, number: int, *, frames: int = 0, duration_ms: int = 0
    ) -> None:
        self._context, self._job, self._number = context, job, number
        self._frames, self._duration_ms = frames, duration_ms
        self._progress = Progress()
        self._written = time.monotonic()
        self._writing: asyncio.Task[None] | None = None
        self._abandoned = False

    async def run(self, argv: list[str]) -> Completed:
        limits = self._context.limits(self._context.settings.encode_timeout_s)
        try:
            return await run(argv, limits=limits, on_stdout_line=self._line)
        finally:
            if self._writing is not None:
                await asyncio.wait({self._writing})

    def _line(self, line: str) -> None:
        if self._abandoned:
            raise _Abandoned
        self._progress = parse_progress_line(line, self._progress)
        due = time.monotonic() - self._written >= PROGRESS_EVERY_S
        if due and (self._writing is None or self._writing.done()):
            self._written = time.monotonic()
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        share = self._progress.share_of(frames=self._frames, duration_ms=self._duration_ms)
        job = self._job
        async with self._context.library.database.write() as tx:
            current = await jobs.get(tx, job.id)
            self._abandoned = current is None or current.state in ENDED
            if self._abandoned:
                return
            await jobs.piece_progress(tx, job.id, self._number, round(share * 100))
            if job.plan is not None and job.plan["part"] != FIRST:
                percent = job_percent(await jobs.pieces_of(tx, job.id))
                await library.mark_progress(tx, job.tenant_id, job.video_id, job.source_id, percent)


def job_percent(pieces: list[Piece]) -> int:
    """Progress of the encode: chunks count alike, the sound for a twentieth; the finish is the last percent."""
    chunks = [piece.progress_percent for piece in pieces if piece.number != SOUND]
    sound = [piece.progress_percent for piece in pieces if piece.number == SOUND]
    if not chunks:
        return round(sum(sound) / len(sound)) if sound else 0
    picture = sum(chunks) / len(chunks)
    return round(picture if not sound else picture * (1 - SOUND_WEIGHT) + sound[0] * SOUND_WEIGHT)


async def _record(context: TranscodingContext, job: Job, number: int, cpu_s: float, frames: dict[str, int]) -> None:
    async with context.library.database.write() as tx:
        locked = await lock_job(tx, job)
        if locked is None or locked.state in ENDED:
            await library.discard(tx, context.clock, work_prefix(job.video_id, job.id))
            return
        await jobs.end_piece(tx, job.id, number, context.clock.now(), cpu_s, frames)
        pieces = await jobs.pieces_of(tx, job.id)
        if job.plan is not None and job.plan["part"] != FIRST:
            await library.mark_progress(tx, job.tenant_id, job.video_id, job.source_id, job_percent(pieces))
        if all(piece.state is PieceState.DONE for piece in pieces):
            await jobs.set_state(tx, job.id, JobState.FINISHING, context.clock.now())
            await tx.enqueue(works.finishing(job.id))


async def discard_work(context: TranscodingContext, job: Job) -> None:
    """What a job that was deleted or cancelled has in the storage serves nobody any more."""
    async with context.library.database.write() as tx:
        await library.discard(tx, context.clock, work_prefix(job.video_id, job.id))


def count_frames(file: Path) -> int:
    """Frames in a fragmented MP4 with one track; 0 for a file without any."""
    facts = _facts(file)
    return facts[1].samples if facts else 0


def count_ticks(file: Path) -> int:
    """Length of an encoded sound in samples of AUDIO_RATE_HZ; 0 for a file without any."""
    facts = _facts(file)
    return facts[1].duration * AUDIO_RATE_HZ // facts[0].timescale if facts else 0


def _facts(file: Path) -> tuple[InitFacts, SegmentFacts] | None:
    """What the `moof` boxes of a whole file say."""
    if not file.is_file() or not file.stat().st_size:
        return None
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        data = cast("bytes", mapped)  # reads like bytes, without loading the media
        if b"moof" not in data[:INIT_BYTES]:
            return None
        init = parse_init(data[:INIT_BYTES])
        return init, parse_segment(data, init)
