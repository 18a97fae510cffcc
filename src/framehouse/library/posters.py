"""Poster frames: four are taken from the source, a fifth may be a picture that the owner uploads.

Crash procedure of an upload. (1) The picture's prefix is noted as garbage. (2) Its bytes are put. (3) One transaction
claims the prefix for an output that is the picture, chooses it as the video's poster, and tells so, which enqueues the
making of the poster. (4) A worker puts the poster's files under a promised prefix of their own. (5) One transaction
records them and gives the picture up. A crash before (3) leaves bytes that housekeeping removes; after it the work is
repeated until (5).
"""

from collections.abc import AsyncIterable, Sequence
from typing import Any

import structlog

from framehouse.infra.transaction import Transaction
from framehouse.kernel import (
    Clock,
    InvalidInput,
    PayloadTooLarge,
    SourceId,
    TenantId,
    UnsupportedMedia,
    VideoId,
    to_hex,
)
from framehouse.library.context import ABANDONED_AFTER, LibraryContext, Owner, output_prefix
from framehouse.library.errors import no_such
from framehouse.library.events import PosterReceived
from framehouse.library.model import Output, OutputId, OutputKind, Video, VideoState
from framehouse.library.outputs import discard, new_output_id, promise_output, record_output, withdraw_outputs
from framehouse.library.receive import check_free_space
from framehouse.library.store import media, videos
from framehouse.media.pictures import picture_format

GENERATED_POSTERS = 4  # numbers 0 to 3
CUSTOM_POSTER = 4
PICTURE_MAX_BYTES = 10 * 1024 * 1024
NOT_USED = "The uploaded poster frame could not be used"
FRAMES = (OutputKind.POSTER, OutputKind.THUMBNAIL)
log = structlog.get_logger(__name__)


def is_generated_frame(output: Output) -> bool:
    return output.kind in FRAMES and output.name != str(CUSTOM_POSTER)


async def add_poster(context: LibraryContext, owner: Owner, video_id: VideoId, data: AsyncIterable[bytes]) -> Video:
    """Make a picture the video's chosen poster frame; a worker makes the JPEG of it.

    A picture that turns out not to be one leaves the choice as it was. Raises UnsupportedMedia unless it begins as
    JPEG, PNG, WebP or GIF do, PayloadTooLarge over 10 MiB, StorageFull, NotFound; in each case nothing is left behind.
    """
    check_free_space(context, PICTURE_MAX_BYTES)
    picture = await _collected(data)
    output_id = new_output_id()
    prefix = output_prefix(video_id, output_id)
    async with context.database.write() as tx:
        if await videos.get(tx, owner.tenant_id, video_id) is None:
            raise no_such("video")
        await promise_output(tx, context.clock, prefix, ABANDONED_AFTER)
    stored = await context.storage.put(f"{prefix}picture", picture)
    async with context.database.write() as tx:
        video = await videos.get(tx, owner.tenant_id, video_id, lock=True)
        if video is not None:
            return await _choose(context, tx, video, output_id, stored.key, stored.size_bytes)
    await context.storage.delete_prefix(prefix)
    raise no_such("video")


async def _collected(data: AsyncIterable[bytes]) -> bytes:
    picture = bytearray()
    async for block in data:
        picture += block
        if len(picture) > PICTURE_MAX_BYTES:
            raise PayloadTooLarge(f"a poster frame has at most {PICTURE_MAX_BYTES} bytes")
    if picture_format(bytes(picture[:32])) is None:
        message = "a poster frame is a picture in JPEG, PNG, WebP or GIF format"
        raise UnsupportedMedia(message, fields={"poster": "is no such picture"})
    return bytes(picture)


async def _choose(
    context: LibraryContext, tx: Transaction, video: Video, output_id: OutputId, key: str, size_bytes: int
) -> Video:
    """Step (3)."""
    now = context.clock.now()
    document = {"previous": await _previous_choice(tx, video)}
    picture = Output(
        output_id, video.id, OutputKind.POSTER_SOURCE, "custom", key, size_bytes, None, None, None, document, now
    )
    await record_output(tx, context.clock, video.tenant_id, picture, output_prefix(video.id, output_id))
    values: dict[str, Any] = {"poster_number": CUSTOM_POSTER, "updated_at": now}
    if (video.state_reason or "").startswith(NOT_USED):
        values["state_reason"] = None
    await videos.update(tx, video.tenant_id, video.id, values)
    await tx.emit(PosterReceived(video.tenant_id, video.id, output_id))
    changed = await videos.get(tx, video.tenant_id, video.id)
    assert changed is not None  # locked by the caller
    return changed


async def _previous_choice(tx: Transaction, video: Video) -> int:
    """What is shown again if the new picture cannot be used."""
    if video.poster_number != CUSTOM_POSTER:
        return video.poster_number
    pending = next(iter(await _pictures(tx, video.id)), None)
    is_made = any(output.name == str(CUSTOM_POSTER) for output in await _posters(tx, video.id))
    return CUSTOM_POSTER if is_made or pending is None else (pending.document or {})["previous"]


async def _pictures(tx: Transaction, video_id: VideoId) -> list[Output]:
    return (await media.outputs_of(tx, [video_id], [OutputKind.POSTER_SOURCE]))[video_id]


async def _posters(tx: Transaction, video_id: VideoId) -> list[Output]:
    return (await media.outputs_of(tx, [video_id], [OutputKind.POSTER], documents=False))[video_id]


async def check_poster_number(tx: Transaction, video_id: VideoId, number: int) -> None:
    """InvalidInput unless there is, or is about to be, a poster frame of that number."""
    if 0 <= number < GENERATED_POSTERS:
        return
    made = [*await _posters(tx, video_id), *await _pictures(tx, video_id)]
    if number != CUSTOM_POSTER or all(is_generated_frame(output) for output in made):
        frames = f"there are poster frames 0 to {GENERATED_POSTERS - 1}, and {CUSTOM_POSTER} once one was uploaded"
        raise InvalidInput(frames, fields={"poster_number": "is unknown"})


async def record_frames(
    tx: Transaction,
    clock: Clock,
    tenant_id: TenantId,
    video_id: VideoId,
    source_id: SourceId,
    made: Sequence[Output],
    prefix: str,
) -> None:
    """The frames that could be taken from a source, for all that the video had of other media.

    Without effect for a source that the video does not play.
    """
    video = await videos.get(tx, tenant_id, video_id, lock=True)
    if video is None or video.source_id != source_id:
        return
    before = (await media.outputs_of(tx, [video_id], FRAMES, documents=False))[video_id]
    new = {(output.kind, output.name) for output in made}
    gone = [each for each in before if is_generated_frame(each) and (each.kind, each.name) not in new]
    await withdraw_outputs(tx, clock, tenant_id, gone)
    for output in made:
        await record_output(tx, clock, tenant_id, output, prefix)


async def picture_for_work(tx: Transaction, video_id: VideoId, output_id: OutputId) -> Output | None:
    """An uploaded picture that waits for its poster; None when it was followed by another one, or is done."""
    return await media.get_output(tx, video_id, output_id)


async def poster_made(
    tx: Transaction, clock: Clock, tenant_id: TenantId, picture: Output, made: Sequence[Output], prefix: str
) -> None:
    """Step (5): frames whose bytes are durable under the prefix. Without effect when the picture was given up."""
    video = await videos.get(tx, tenant_id, picture.video_id, lock=True)
    if video is None or await media.get_output(tx, video.id, picture.id) is None:
        return
    for output in made:
        await record_output(tx, clock, tenant_id, output, prefix)
    await _give_up(tx, clock, tenant_id, picture)
    await videos.update(tx, tenant_id, video.id, {"updated_at": clock.now()})


async def poster_failed(
    tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId, output_id: OutputId, reason: str
) -> None:
    """The picture cannot be shown: the choice is again what it was, and the owner of a complete video reads why."""
    video = await videos.get(tx, tenant_id, video_id, lock=True)
    picture = await media.get_output(tx, video_id, output_id)
    if video is None or picture is None:
        return
    await _give_up(tx, clock, tenant_id, picture)
    values: dict[str, Any] = {"updated_at": clock.now()}
    if video.poster_number == CUSTOM_POSTER:
        values["poster_number"] = (picture.document or {})["previous"]
    if video.state is VideoState.COMPLETE:
        values["state_reason"] = f"{NOT_USED}: {reason}"
    await videos.update(tx, tenant_id, video_id, values)
    log.warning("a poster frame could not be made", video=to_hex(video_id), reason=reason)


async def _give_up(tx: Transaction, clock: Clock, tenant_id: TenantId, picture: Output) -> None:
    await media.remove_outputs(tx, tenant_id, [picture.id])
    await discard(tx, clock, output_prefix(picture.video_id, picture.id))
