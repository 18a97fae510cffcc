"""The moment at which a video plays the media that were made to replace its own, in the transaction that publishes
them: what a job of its current source does then is in `finish`."""

import json
from datetime import timedelta

from framehouse import library
from framehouse.infra.transaction import Transaction
from framehouse.media.probe import parse_probe
from framehouse.transcoding import works
from framehouse.transcoding.context import TranscodingContext
from framehouse.transcoding.job import Job
from framehouse.transcoding.presets import find_preset


def ticket_life(context: TranscodingContext, duration_ms: int) -> timedelta:
    """How long who watches now may go on: the life of a playback ticket for media of that length."""
    return timedelta(seconds=max(context.settings.ticket_min_s, 2 * duration_ms // 1000))


async def switch_to(context: TranscodingContext, tx: Transaction, job: Job, duration_ms: int) -> bool:
    """Make room for what a job made of a replacement, if it was one; its caller holds the locks and records it."""
    video = await library.video_for_work(tx, job.tenant_id, job.video_id)
    source = await library.source_for_work(tx, job.tenant_id, job.source_id)
    if video is None or source is None or library.role_of(video, source.id) is not library.SourceRole.REPLACEMENT:
        return False
    picture = parse_probe(json.dumps(source.media_info)).video
    facts = library.MediaFacts(
        duration_ms=duration_ms,
        width=picture.display_width if picture else None,
        height=picture.display_height if picture else None,
        protected=find_preset(job.preset).is_protected,
    )
    life = ticket_life(context, video.duration_ms or 0)
    await library.switch_media(tx, context.clock, video, source, facts, life)
    if picture is not None:
        await tx.enqueue(works.images(job.tenant_id, job.video_id, source.id))
    return True
