"""The last step of a job: join, package, verify, publish, and say that the video is complete.

Crash procedure. (1) The output's prefix is noted as garbage. (2) Segments and downloads are put, each atomically.
(3) One transaction claims the prefix, records the outputs and moves the video on. A crash before (3) leaves bytes
that housekeeping removes, and the repeated step writes under a prefix of its own.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from framehouse import library
from framehouse.infra.process import ProcessFailed, run
from framehouse.infra.transaction import Transaction
from framehouse.kernel import to_hex
from framehouse.media.package import ContentKey, DownloadTrack, download_argv
from framehouse.media.probe import parse_probe
from framehouse.transcoding.assemble import Assembled, BrokenSource, assemble
from framehouse.transcoding.captions import Caption, extract_captions
from framehouse.transcoding.context import TranscodingContext, work_prefix
from framehouse.transcoding.images import Picture, make_storyboard
from framehouse.transcoding.job import ENDED, Job, JobState, Piece
from framehouse.transcoding.ladder import plan_ladder
from framehouse.transcoding.locking import lock_job
from framehouse.transcoding.model import Ladder
from framehouse.transcoding.package import NotPublishable, Package, package
from framehouse.transcoding.plan import FIRST, checked_ladder, chunks_of
from framehouse.transcoding.presets import find_preset
from framehouse.transcoding.sample import decode_samples
from framehouse.transcoding.store import jobs
from framehouse.transcoding.switch import switch_to, ticket_life

PROMISE_KEPT_WITHIN = timedelta(days=2)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Made:
    """What a job made, before anything of it is stored."""

    package: Package
    downloads: list[tuple[str, Path, int, int]]
    storyboard: list[Picture]
    captions: list[tuple[str, str, Path]]
    key: ContentKey | None


async def finish_job(context: TranscodingContext, job_id: int) -> None:
    """Publish a job whose pieces are done, or fail its video with the reason. Idempotent."""
    async with context.library.database.read() as tx:
        job = await jobs.get(tx, job_id)
        pieces = await jobs.pieces_of(tx, job_id)
    if job is None or job.state is not JobState.FINISHING:
        return
    with context.workspace("finish") as folder:
        try:
            made = await _make(context, job, pieces, folder)
        except (BrokenSource, NotPublishable, ProcessFailed) as error:
            await fail_job(context, job.id, f"The encoded video did not pass its check: {error}")
            return
        await _publish(context, job, made)


async def _make(context: TranscodingContext, job: Job, pieces: list[Piece], folder: Path) -> Made:
    ladder = checked_ladder(job)
    assembled = await assemble(context, job, ladder, chunks_of(job, ladder), pieces, folder)
    captions = await _captions(context, job, folder)
    key = ContentKey(secrets.token_bytes(16), secrets.token_bytes(16)) if find_preset(job.preset).is_protected else None
    packaged = await package(
        context, ladder, assembled, [caption.track for caption in captions], key, folder / "package"
    )
    for caption in captions:
        caption.file.rename(packaged.folder / caption.track.url)
    await decode_samples(context, packaged, key, folder)
    whole = job.plan is not None and job.plan["part"] != FIRST
    return Made(
        packaged,
        await _downloads(context, job, ladder, assembled, folder) if whole and key is None else [],
        await make_storyboard(context, ladder, assembled, folder) if whole and ladder.rungs else [],
        [(caption.track.id, caption.track.language, packaged.folder / caption.track.url) for caption in captions],
        key,
    )


async def _captions(context: TranscodingContext, job: Job, folder: Path) -> list[Caption]:
    async with context.library.database.read() as tx:
        source = await library.source_for_work(tx, job.tenant_id, job.source_id)
    if source is None or source.media_info is None:
        return []
    info = parse_probe(json.dumps(source.media_info))
    # always from the source itself: a copy in Matroska was made of picture and sound only, and has its own zero
    timeline = plan_ladder(info, find_preset(job.preset)).timeline
    async with context.library.storage.localize(source.object_key, folder) as path:
        return await extract_captions(context, info, timeline, path, folder)


async def _downloads(
    context: TranscodingContext, job: Job, ladder: Ladder, assembled: Assembled, folder: Path
) -> list[tuple[str, Path, int, int]]:
    """One MP4 per rung (or one of the sound), copied from the encoded files."""
    async with context.library.database.read() as tx:
        video = await library.video_for_work(tx, job.tenant_id, job.video_id, lock=False)
    if video is None or not (video.wants_download or find_preset(job.preset).creates_download):
        return []
    sound = [DownloadTrack(assembled.audio[r.name], r.language, r.title, r.is_default) for r in ladder.audio]
    wanted = [(rung.name, assembled.video[rung.name], rung.width, rung.height) for rung in ladder.rungs]
    made: list[tuple[str, Path, int, int]] = []
    for name, picture, width, height in wanted or [("audio", None, 0, 0)]:
        file = folder / f"download-{name}.mp4"
        argv = download_argv(context.tools.ffmpeg, picture, sound, file, title=video.title)
        await run(argv, limits=context.limits(context.settings.encode_timeout_s))
        made.append((name, file, width, height))
    return made


async def _publish(context: TranscodingContext, job: Job, made: Made) -> None:
    storage = context.library.storage
    output_id = library.new_output_id()
    prefix = library.output_prefix(job.video_id, output_id)
    async with context.library.database.write() as tx:
        await library.promise_output(tx, context.clock, prefix, PROMISE_KEPT_WITHIN)
    stored = await _store(context, prefix, made)
    await storage.put_tree(f"{prefix}segments", made.package.folder)
    async with context.library.database.write() as tx:
        locked = await lock_job(tx, job)
        if locked is None or locked.state is not JobState.FINISHING:
            return  # cancelled, given up or deleted meanwhile; the promise is not claimed, so the bytes go
        await jobs.set_state(tx, job.id, JobState.DONE, context.clock.now())
        await library.discard(tx, context.clock, work_prefix(job.video_id, job.id))
        replaced = await switch_to(context, tx, job, made.package.presentation.duration_ms)
        await _record(context, tx, job, made, output_id, prefix, stored)
        if not replaced:
            await _move_on(context, tx, job, made)
    log.info("job published", video=to_hex(job.video_id), job=to_hex(job.id), part=job.plan["part"] if job.plan else "")


async def _store(context: TranscodingContext, prefix: str, made: Made) -> dict[str, int]:
    """Downloads, storyboard and captions under the prefix; their sizes by name."""
    stored: dict[str, int] = {}
    files = [(f"download/{name}.mp4", file) for name, file, _, _ in made.downloads]
    files += [(f"storyboard/{picture.name}", picture.file) for picture in made.storyboard]
    for name, file in files:
        stored[name] = (await context.library.storage.put_file(f"{prefix}{name}", file)).size_bytes
    for track, _language, file in made.captions:
        info = await context.library.storage.put(f"{prefix}caption/{track}.vtt", file.read_bytes())
        stored[f"caption/{track}.vtt"] = info.size_bytes
    return stored


async def _record(
    context: TranscodingContext,
    tx: Transaction,
    job: Job,
    made: Made,
    output_id: library.OutputId,
    prefix: str,
    stored: dict[str, int],
) -> None:
    assert job.plan is not None  # every job is inserted with one
    kinds = library.OutputKind

    async def record(kind: library.OutputKind, name: str, key: str, size: int, **more: Any) -> None:
        values: dict[str, Any] = {"width": None, "height": None, "language": None, "document": None, **more}
        id_ = output_id if kind is kinds.PRESENTATION else library.new_output_id()
        output = library.Output(id_, job.video_id, kind, name, key, size, created_at=context.clock.now(), **values)
        await library.record_output(tx, context.clock, job.tenant_id, output, prefix)

    document = made.package.document()
    if made.key is not None:
        document["sealed_key"] = context.library.secrets.encrypt(made.key.key.hex())
    await record(kinds.PRESENTATION, job.plan["part"], f"{prefix}segments/", made.package.size_bytes, document=document)
    for name, _file, width, height in made.downloads:
        path = f"download/{name}.mp4"
        await record(kinds.DOWNLOAD, name, f"{prefix}{path}", stored[path], width=width or None, height=height or None)
    for picture in made.storyboard:
        path = f"storyboard/{picture.name}"
        await record(kinds.STORYBOARD, picture.name, f"{prefix}{path}", stored[path])
    for track, language, _file in made.captions:
        path = f"caption/{track}.vtt"
        await record(kinds.CAPTION, track, f"{prefix}{path}", stored[path], language=language)


async def _move_on(context: TranscodingContext, tx: Transaction, job: Job, made: Made) -> None:
    """The video's own media are playable, and complete when this was the whole ladder."""
    duration_ms = made.package.presentation.duration_ms
    await library.record_duration(tx, job.tenant_id, job.video_id, job.source_id, duration_ms)
    await library.mark_playable(tx, context.clock, job.tenant_id, job.video_id)
    if job.plan is not None and job.plan["part"] != FIRST:
        life = ticket_life(context, duration_ms)
        await library.retire_presentations(tx, context.clock, job.video_id, (library.CUT, library.FIRST), life)
        await library.mark_complete(tx, context.clock, job.tenant_id, job.video_id)


async def fail_job(context: TranscodingContext, job_id: int, reason: str) -> None:
    """End a job with a reason, and its video or what was to replace its media; the failure of a preview costs only the
    preview."""
    async with context.library.database.write() as tx:
        found = await jobs.get(tx, job_id)
        job = await lock_job(tx, found) if found is not None else None
        if job is None or job.state in ENDED:
            return
        await jobs.set_state(tx, job_id, JobState.FAILED, context.clock.now(), reason)
        await library.discard(tx, context.clock, work_prefix(job.video_id, job_id))
        if job.plan is None or job.plan["part"] != FIRST:
            await library.source_failed(tx, context.clock, job.tenant_id, job.video_id, job.source_id, reason)
    log.warning("job failed", job=to_hex(job_id), reason=reason)
