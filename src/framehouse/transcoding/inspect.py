"""Inspection of a received source: is it media, what is in it, and what is to be made of it."""

import json
from typing import Any
from uuid import UUID

import structlog

from framehouse import library
from framehouse.infra.process import ProcessFailed, ProcessTimedOut, run
from framehouse.infra.transaction import Transaction
from framehouse.kernel import SourceId, TenantId, UnsupportedMedia, VideoId, to_hex
from framehouse.media.probe import MediaInfo, is_browser_playable, parse_probe, probe_argv, reason_unplayable
from framehouse.transcoding import works
from framehouse.transcoding.context import TranscodingContext
from framehouse.transcoding.events import SourceInspected
from framehouse.transcoding.plan import start_jobs
from framehouse.transcoding.presets import find_preset
from framehouse.transcoding.store import jobs

TOO_SLOW = "The file could not be read in time: it is damaged or not a video."
NOT_MEDIA = "The file is not a video or audio file that can be read."
log = structlog.get_logger(__name__)


async def inspect_source(context: TranscodingContext, tenant: str, video_number: int, source_number: int) -> None:
    """Probe the source and start its encode, or fail the video with a reason. Idempotent."""
    tenant_id, video_id = TenantId(UUID(tenant)), VideoId(video_number)
    storage = context.library.storage
    async with context.library.database.read() as tx:
        source = await library.source_for_work(tx, tenant_id, SourceId(source_number))
    if source is None:
        return  # deleted meanwhile
    await storage.join(source.object_key)
    with context.workspace("inspect") as folder:
        async with storage.localize(source.object_key, folder) as path:
            raw, reason = await probe(context, str(path), source.size_bytes)
    info = parse_probe(json.dumps(raw), size_bytes=source.size_bytes)
    reason = reason or reason_unplayable(info)
    async with context.library.database.write() as tx:
        if reason is None:
            reason = await _begin(context, tx, source, raw, info)
        if reason is not None:
            await library.source_failed(tx, context.clock, tenant_id, video_id, source.id, reason)
            log.info("source refused", video=to_hex(video_id), reason=reason)


async def probe(context: TranscodingContext, path: str, size_bytes: int) -> tuple[dict[str, Any], str | None]:
    """ffprobe's answer, or why there is none. `probe_timeout_s` bounds it."""
    if not size_bytes:
        return {}, "The file is empty."
    limits = context.limits(context.settings.probe_timeout_s, nice=False)
    try:
        completed = await run(probe_argv(context.tools.ffprobe, path), limits=limits, check=False)
    except ProcessTimedOut:
        return {}, TOO_SLOW
    except ProcessFailed as error:
        return {}, f"The file could not be inspected ({error})."
    try:
        answer: dict[str, Any] = json.loads(completed.stdout or b"{}")
    except ValueError:
        answer = {}
    if completed.returncode != 0 and not answer.get("streams"):
        detail = completed.stderr_tail.strip().rpartition("\n")[2].rpartition(": ")[2][:200]
        return {}, f"{NOT_MEDIA} ({detail})" if detail else NOT_MEDIA
    return answer, None


async def _begin(
    context: TranscodingContext, tx: Transaction, source: library.Source, raw: dict[str, Any], info: MediaInfo
) -> str | None:
    """Record what was found and start the work; a reason when the preset and the source do not fit."""
    video = await library.video_for_work(tx, source.tenant_id, source.video_id)
    role = library.role_of(video, source.id) if video is not None else None
    if video is None or role is None or await _was_begun(tx, video, source, role):
        return None  # deleted, given up, or inspected by an attempt that died after its commit
    preset = find_preset(video.preset)
    try:
        await start_jobs(context, tx, video, source, raw, info, preset)
    except UnsupportedMedia as error:
        return error.message
    await library.record_media_info(tx, source, raw)
    if role is library.SourceRole.CURRENT:
        await _tell_inspected(context, tx, source, info, protected=video.protected or preset.is_protected)
    return None


async def _was_begun(tx: Transaction, video: library.Video, source: library.Source, role: library.SourceRole) -> bool:
    if role is library.SourceRole.CURRENT:
        return video.media_state is not library.VideoState.RECEIVED
    return any(job.source_id == source.id for job in await jobs.of_video(tx, video.tenant_id, video.id))


async def _tell_inspected(
    context: TranscodingContext, tx: Transaction, source: library.Source, info: MediaInfo, *, protected: bool
) -> None:
    """The video shows what it will be. Nothing of a replacement is shown before it is complete."""
    shown = info.video
    await library.mark_inspected(
        tx,
        context.clock,
        source.tenant_id,
        source.video_id,
        duration_ms=info.duration_ms,
        width=shown.display_width if shown else None,
        height=shown.display_height if shown else None,
        protected=protected,
    )
    if shown is not None:
        await tx.enqueue(works.images(source.tenant_id, source.video_id, source.id))
    playable, why_not = is_browser_playable(info)
    log.info("source inspected", video=to_hex(source.video_id), browser_playable=playable, why_not=why_not)
    await tx.emit(SourceInspected(source.tenant_id, source.video_id, source.id, playable, protected))
