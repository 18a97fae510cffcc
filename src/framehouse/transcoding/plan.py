"""From an inspected source to encode jobs: which jobs, which pieces, and the plan that every attempt recomputes.

A plan is not stored whole: the probe's answer and the preset are, and `ladder_of` computes the ladder from them
again. The stored fingerprint notices when a newer version of the code would plan differently.
"""

import hashlib
import json
from dataclasses import replace
from typing import Any

from framehouse import library
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, new_content_id
from framehouse.media.probe import MediaInfo, is_browser_playable, parse_probe
from framehouse.transcoding import works
from framehouse.transcoding.chunks import plan_chunks
from framehouse.transcoding.context import TranscodingContext
from framehouse.transcoding.job import SOUND, Job, JobState
from framehouse.transcoding.ladder import plan_ladder
from framehouse.transcoding.model import Chunk, Ladder, Preset
from framehouse.transcoding.presets import find_preset
from framehouse.transcoding.store import jobs

FIRST = "first"  # the lowest useful rung alone, for sources that cannot be published as they are
WHOLE = "ladder"
FIRST_RUNG_HEIGHT = 360
FIRST_WORTH_FROM_S = 60  # below this the whole ladder is soon done and an extra pass only delays it


async def start_jobs(
    context: TranscodingContext,
    tx: Transaction,
    video: library.Video,
    source: library.Source,
    raw: dict[str, Any],
    info: MediaInfo,
    preset: Preset,
) -> None:
    """Insert the jobs of a video and enqueue their first work, in the caller's transaction.

    Raises UnsupportedMedia when the preset cannot be applied to the source.
    """
    wanted = video.protected if source.protected is None else source.protected
    if wanted and not preset.is_protected:
        preset = find_preset(f"{preset.name}_drm")
    ladder = plan_ladder(info, preset)
    published_first = context.settings.publish_first and is_browser_playable(info)[0] and not preset.is_protected
    replaces = library.role_of(video, source.id) is library.SourceRole.REPLACEMENT  # shown when it is complete
    if not replaces and not published_first and len(ladder.rungs) > 1 and ladder.duration_s > FIRST_WORTH_FROM_S:
        await _start(context, tx, video, source, raw, info, preset, FIRST)
    await _start(context, tx, video, source, raw, info, preset, WHOLE)


async def _start(
    context: TranscodingContext,
    tx: Transaction,
    video: library.Video,
    source: library.Source,
    raw: dict[str, Any],
    info: MediaInfo,
    preset: Preset,
    part: str,
) -> None:
    plan: dict[str, Any] = {"part": part, "probe": raw, "chunk_s": context.settings.chunk_s}
    job = Job(
        id=new_content_id(),
        tenant_id=video.tenant_id,
        video_id=video.id,
        source_id=source.id,
        preset=preset.name,
        state=JobState.WAITING,
        reason=None,
        plan=plan,
        created_at=context.clock.now(),
        started_at=None,
        ended_at=None,
    )
    if info.has_reliable_index:
        plan["fingerprint"] = fingerprint(ladder_of(job))
        await jobs.insert(tx, job, piece_numbers(job))
        await enqueue_pieces(tx, job)
        return
    await jobs.insert(tx, job, [])
    await tx.enqueue(works.preparation(job.id))


def ladder_of(job: Job) -> Ladder:
    """The job's ladder, computed from what was stored with it."""
    assert job.plan is not None  # every job is inserted with one
    info = parse_probe(json.dumps(job.plan["probe"]))
    ladder = plan_ladder(info, find_preset(job.preset))
    return _lowest_useful(ladder) if job.plan["part"] == FIRST else ladder


def checked_ladder(job: Job) -> Ladder:
    """As `ladder_of`; Conflict when this version plans otherwise than the one that began the job."""
    ladder = ladder_of(job)
    assert job.plan is not None  # as above
    if job.plan.get("fingerprint") != fingerprint(ladder):
        raise Conflict("The software was updated while this video was encoded: run it again.")
    return ladder


def chunks_of(job: Job, ladder: Ladder) -> tuple[Chunk, ...]:
    assert job.plan is not None  # as above
    return plan_chunks(ladder, chunk_s=job.plan["chunk_s"])


def piece_numbers(job: Job) -> list[int]:
    ladder = ladder_of(job)
    sound = [SOUND] if ladder.audio else []
    return [*sound, *(chunk.number for chunk in chunks_of(job, ladder))]


async def enqueue_pieces(tx: Transaction, job: Job) -> None:
    assert job.plan is not None  # as above
    priority = works.FIRST_PRIORITY if job.plan["part"] == FIRST else works.LADDER_PRIORITY
    for number in piece_numbers(job):
        await tx.enqueue(works.piece(job.id, number, priority))


def fingerprint(ladder: Ladder) -> str:
    return hashlib.sha256(repr(ladder).encode()).hexdigest()[:16]


def _lowest_useful(ladder: Ladder) -> Ladder:
    """Only the rung nearest to 360p; sound as in the whole ladder."""
    rung = min(ladder.rungs, key=lambda rung: abs(min(rung.content_width, rung.content_height) - FIRST_RUNG_HEIGHT))
    return replace(ladder, rungs=(rung,))
