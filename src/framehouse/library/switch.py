"""A video's two sources: the one whose media it plays, and the one whose media are made to replace them.

Work on a source is told to the video here, which knows what it means: a failed encode fails a video whose only media
it is, and only ends a replacement. The old media play on until `switch_media` puts the new ones in their place.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from framehouse.infra.transaction import Transaction
from framehouse.kernel import Clock, SourceId, TenantId, VideoId, to_hex
from framehouse.library.context import source_prefix
from framehouse.library.events import (
    MediaReplaced,
    ReplacementFailed,
    SourceWithdrawn,
    StatisticsBegunAnew,
    VideoBecamePlayable,
    VideoCompleted,
)
from framehouse.library.model import OutputKind, Source, Video, VideoState
from framehouse.library.outputs import CUT, FIRST, LADDER, retire_presentations, withdraw_outputs
from framehouse.library.player_model import CaptionOrigin
from framehouse.library.posters import is_generated_frame
from framehouse.library.progress import mark_failed
from framehouse.library.store import media, videos

RETIRED = "retired-"  # presentations of media that were replaced


class SourceRole(StrEnum):
    CURRENT = "current"
    REPLACEMENT = "replacement"


@dataclass(frozen=True)
class MediaFacts:
    """What new media are; without a picture they have no size. `protected`: they are encrypted."""

    duration_ms: int
    width: int | None
    height: int | None
    protected: bool


def role_of(video: Video, source_id: SourceId) -> SourceRole | None:
    """None for a source that the video has given up: nobody waits for what is made of it."""
    if video.source_id == source_id:
        return SourceRole.CURRENT
    return SourceRole.REPLACEMENT if video.replacement_source_id == source_id else None


async def source_failed(
    tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId, source_id: SourceId, reason: str
) -> None:
    """The work on a source ended without success; the reason is for the owner to act on."""
    video = await videos.get(tx, tenant_id, video_id, lock=True)
    role = role_of(video, source_id) if video is not None else None
    if role is SourceRole.CURRENT:
        await mark_failed(tx, clock, tenant_id, video_id, reason)
    elif video is not None and role is SourceRole.REPLACEMENT:
        await drop_replacement(tx, clock, video)
        await videos.update(tx, tenant_id, video_id, {"state_reason": f"The replacement failed: {reason}"})
        await tx.emit(ReplacementFailed(tenant_id, video_id, reason))


async def drop_replacement(tx: Transaction, clock: Clock, video: Video) -> None:
    """The locked video keeps the media it has; the bytes that were to replace them go. Fine when there are none."""
    source_id = video.replacement_source_id
    if source_id is None:
        return
    now = clock.now()
    await media.remove_source(tx, video.tenant_id, source_id)
    await media.add_garbage(tx, source_prefix(video.id, source_id), now)
    values = {"replacement_source_id": None, "replacement_percent": None, "updated_at": now}
    await videos.update(tx, video.tenant_id, video.id, values)
    await tx.emit(SourceWithdrawn(video.tenant_id, video.id, source_id))


async def switch_media(
    tx: Transaction, clock: Clock, video: Video, source: Source, facts: MediaFacts, ticket_life: timedelta
) -> None:
    """The locked video plays what its replacement became, which the caller records in this transaction.

    Who watches the old media now keeps them, and the source they may be cut from, for `ticket_life`.
    """
    await _retire_media(tx, clock, video, facts, ticket_life)
    now = clock.now()
    values: dict[str, Any] = {
        "source_id": source.id,
        "source_size_bytes": source.size_bytes,
        "source_md5": None,
        "original_file_name": source.file_name,
        "replacement_source_id": None,
        "replacement_percent": None,
        "duration_ms": facts.duration_ms,
        "width": facts.width,
        "height": facts.height,
        "protected": facts.protected,
        "state": VideoState.COMPLETE.value,
        "state_reason": None,
        "progress_percent": 100,
        "playable_at": video.playable_at or now,
        "complete_at": video.complete_at or now,
        "updated_at": now,
    }
    if not source.keeps_statistics:
        values["statistics_since"] = now
    await videos.update(tx, video.tenant_id, video.id, values)
    if video.source_id is not None:
        await tx.emit(SourceWithdrawn(video.tenant_id, video.id, video.source_id))
    if not source.keeps_statistics:
        await tx.emit(StatisticsBegunAnew(video.tenant_id, video.id, now))
    await tx.emit(MediaReplaced(video.tenant_id, video.id, source.id))
    if not video.playable:
        await tx.emit(VideoBecamePlayable(video.tenant_id, video.id))
    await tx.emit(VideoCompleted(video.tenant_id, video.id))


async def _retire_media(tx: Transaction, clock: Clock, video: Video, facts: MediaFacts, ticket_life: timedelta) -> None:
    """Everything that was made from the old source makes room for what was made from the new one."""
    made = (await media.outputs_of(tx, [video.id], documents=False))[video.id]
    played = [each for each in made if each.kind is OutputKind.PRESENTATION and each.name in (CUT, FIRST, LADDER)]
    await retire_presentations(tx, clock, video.id, (CUT, FIRST, LADDER), ticket_life)
    for output in played:  # players know it by its id
        await media.rename_output(tx, video.tenant_id, output.id, f"{RETIRED}{to_hex(output.id)}")
    captions = (await media.outputs_of(tx, [video.id], [OutputKind.CAPTION]))[video.id]
    # What was read out of the old source, recognised in it, or translated by a machine can be made again.
    gone = [each for each in captions if (each.document or {}).get("origin") != CaptionOrigin.UPLOADED.value]
    gone += [each for each in made if each.kind in (OutputKind.DOWNLOAD, OutputKind.STORYBOARD)]
    if facts.width is None:  # otherwise they stay until those of the new source are made
        gone += [each for each in made if is_generated_frame(each)]
    await withdraw_outputs(tx, clock, video.tenant_id, gone)
    if video.source_id is not None:
        life = ticket_life if any(each.name == CUT for each in played) else timedelta(0)
        await media.add_garbage(tx, source_prefix(video.id, video.source_id), clock.now() + life)
