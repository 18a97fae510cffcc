"""Sources without a usable index (MPEG-TS and the like) are copied into Matroska once, before they are cut."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from framehouse import library
from framehouse.infra.process import ProcessFailed, run
from framehouse.kernel import to_hex
from framehouse.media.encode import remux_to_matroska_argv
from framehouse.media.probe import MediaInfo, parse_probe
from framehouse.transcoding.context import TranscodingContext, work_prefix
from framehouse.transcoding.encode import WORK_LIFE
from framehouse.transcoding.finish import fail_job
from framehouse.transcoding.inspect import probe
from framehouse.transcoding.job import ENDED, Job, JobState
from framehouse.transcoding.locking import lock_job
from framehouse.transcoding.plan import enqueue_pieces, fingerprint, ladder_of, piece_numbers
from framehouse.transcoding.store import jobs

log = structlog.get_logger(__name__)


async def prepare_source(context: TranscodingContext, job_id: int) -> None:
    """Copy, probe the copy, and enqueue the pieces. A source that cannot be copied is encoded in one piece."""
    async with context.library.database.read() as tx:
        job = await jobs.get(tx, job_id)
        source = await library.source_for_work(tx, job.tenant_id, job.source_id) if job else None
    if job is None or source is None or job.plan is None or job.state is not JobState.WAITING:
        return
    plan = dict(job.plan)
    with context.workspace("prepare") as folder:
        async with context.library.storage.localize(source.object_key, folder) as path:
            info = parse_probe(json.dumps(plan["probe"]), size_bytes=source.size_bytes)
            copy = folder / "source.mkv"
            argv = remux_to_matroska_argv(context.tools.ffmpeg, path, _tracks(info), copy)
            try:
                await run(argv, limits=context.limits(context.settings.encode_timeout_s))
                raw, reason = await probe(context, str(copy), copy.stat().st_size)
            except ProcessFailed as error:
                raw, reason = {}, str(error)
        if reason is None:
            plan |= {"probe": raw, "source_key": await _keep(context, job, copy)}
        elif not info.duration_ms:
            await fail_job(context, job_id, "The file has no length of its own and could not be read through.")
            return
        else:
            log.info("source is encoded in one piece", video=to_hex(job.video_id), why=reason)
    await _enqueue(context, job, plan)


async def _keep(context: TranscodingContext, job: Job, copy: Path) -> str:
    prefix = work_prefix(job.video_id, job.id)
    async with context.library.database.write() as tx:
        await library.promise_output(tx, context.clock, prefix, WORK_LIFE)
    return (await context.library.storage.put_file(f"{prefix}source.mkv", copy)).key


async def _enqueue(context: TranscodingContext, job: Job, plan: dict[str, Any]) -> None:
    planned = replace(job, plan=plan)
    plan["fingerprint"] = fingerprint(ladder_of(planned))
    async with context.library.database.write() as tx:
        locked = await lock_job(tx, job)
        if locked is None or locked.state in ENDED:
            await library.discard(tx, context.clock, work_prefix(job.video_id, job.id))
            return
        if await jobs.pieces_of(tx, job.id):
            return  # done by an attempt that died after its commit
        await jobs.set_plan(tx, job.id, plan, piece_numbers(planned))
        length = parse_probe(json.dumps(plan["probe"])).duration_ms
        await library.record_duration(tx, job.tenant_id, job.video_id, job.source_id, length)
        await enqueue_pieces(tx, planned)


def _tracks(info: MediaInfo) -> list[int]:
    return [*([info.video.index] if info.video else []), *(track.index for track in info.audio)]
