"""How work moves a video through its states; called by the rooms that do the work, in their transactions.

The states here are those of the media a video has (`Video.media_state`); what becomes of media that are to replace
them is in `switch`.
"""

from typing import Any

from framehouse.infra.transaction import Transaction
from framehouse.kernel import Clock, Conflict, SourceId, TenantId, VideoId
from framehouse.library.events import VideoBecamePlayable, VideoCompleted, VideoFailed
from framehouse.library.model import TRANSITIONS, Video, VideoState
from framehouse.library.store import videos


async def _move(tx: Transaction, tenant_id: TenantId, video_id: VideoId, to: VideoState) -> Video | None:
    """The locked video if it may move to the state; None when it is gone or there already."""
    video = await videos.get(tx, tenant_id, video_id, lock=True)
    if video is None or video.media_state is to:
        return None
    if to not in TRANSITIONS[video.media_state]:
        raise Conflict(f"a video that is {video.media_state} cannot become {to}")
    return video


async def mark_inspected(
    tx: Transaction,
    clock: Clock,
    tenant_id: TenantId,
    video_id: VideoId,
    *,
    duration_ms: int,
    width: int | None,
    height: int | None,
    protected: bool | None = None,
) -> bool:
    """The source is playable media and work on it begins. False when the video is gone or was inspected before.

    `protected` is what its preset makes of it; None leaves it as it is.
    """
    if await _move(tx, tenant_id, video_id, VideoState.PROCESSING) is None:
        return False
    values: dict[str, Any] = {
        "state": VideoState.PROCESSING.value,
        "state_reason": None,
        "progress_percent": 0,
        "duration_ms": duration_ms,
        "width": width,
        "height": height,
        "updated_at": clock.now(),
    }
    if protected is not None:
        values["protected"] = protected
    return await videos.update(tx, tenant_id, video_id, values)


async def mark_progress(
    tx: Transaction, tenant_id: TenantId, video_id: VideoId, source_id: SourceId, percent: int
) -> None:
    """Progress of the encode of one of its sources, 0 to 99; it never runs backwards."""
    await videos.raise_progress(tx, tenant_id, video_id, source_id, min(percent, 99))


async def record_duration(
    tx: Transaction, tenant_id: TenantId, video_id: VideoId, source_id: SourceId, duration_ms: int
) -> None:
    """The length as it came out: some containers do not tell it, a truncated file promises more than it has.

    Without effect for a source that the video does not play.
    """
    video = await videos.get(tx, tenant_id, video_id, lock=True)
    if video is not None and video.source_id == source_id:
        await videos.update(tx, tenant_id, video_id, {"duration_ms": duration_ms})


async def mark_playable(tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId) -> bool:
    """A player can play it to the end from now on. True the first time."""
    video = await videos.get(tx, tenant_id, video_id, lock=True)
    if video is None or video.playable:
        return False
    now = clock.now()
    await videos.update(tx, tenant_id, video_id, {"playable_at": now, "updated_at": now})
    await tx.emit(VideoBecamePlayable(tenant_id, video_id))
    return True


async def mark_complete(tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId) -> bool:
    """Every rendition and download of its preset is verified and published."""
    if await _move(tx, tenant_id, video_id, VideoState.COMPLETE) is None:
        return False
    now = clock.now()
    values = {
        "state": VideoState.COMPLETE.value,
        "state_reason": None,
        "progress_percent": 100,
        "complete_at": now,
        "updated_at": now,
    }
    await videos.update(tx, tenant_id, video_id, values)
    await tx.emit(VideoCompleted(tenant_id, video_id))
    return True


async def mark_failed(tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId, reason: str) -> bool:
    """The work ended without success; the reason is for the owner to act on."""
    if await _move(tx, tenant_id, video_id, VideoState.FAILED) is None:
        return False
    values = {"state": VideoState.FAILED.value, "state_reason": reason, "updated_at": clock.now()}
    await videos.update(tx, tenant_id, video_id, values)
    await tx.emit(VideoFailed(tenant_id, video_id, reason))
    return True


async def mark_received(tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId) -> bool:
    """The work begins again with the inspection."""
    if await _move(tx, tenant_id, video_id, VideoState.RECEIVED) is None:
        return False
    values = {
        "state": VideoState.RECEIVED.value,
        "state_reason": None,
        "progress_percent": 0,
        "updated_at": clock.now(),
    }
    return await videos.update(tx, tenant_id, video_id, values)
