"""New media for a video that exists: its id, address, embeds and tickets stay, and the old media play until the new
ones are ready.

Crash procedure. (1) The new source's prefix is noted as garbage. (2) Bytes are written and fsynced by the storage.
(3) One transaction claims the prefix, inserts the source as the video's replacement, gives up one that is still under
way, and tells so, which enqueues the inspection. (4) The source is inspected and encoded as any other, under its own
job. (5) One transaction records the new outputs, switches the video over and notes the old ones as garbage, due when
the tickets for them are over (`switch.switch_media`). A crash before (3) leaves bytes that housekeeping removes; one
after it leaves a video that plays its old media and whose work continues. What fails between (3) and (5) removes the
new source and leaves the video as it was (`switch.source_failed`).
"""

from collections.abc import AsyncIterable
from typing import Any

from framehouse.infra.storage import ObjectInfo
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, FramehouseError, InvalidInput, SourceId, VideoId, new_content_id
from framehouse.library.context import ABANDONED_AFTER, LibraryContext, Owner, source_key, source_prefix
from framehouse.library.errors import no_such
from framehouse.library.events import ReplacementReceived
from framehouse.library.model import Source, Video, VideoState
from framehouse.library.receive import TITLE_MAX, check_free_space, check_room, within_room
from framehouse.library.store import media, videos
from framehouse.library.switch import drop_replacement


async def replace_media(
    context: LibraryContext,
    owner: Owner,
    video_id: VideoId,
    data: AsyncIterable[bytes],
    file_name: str,
    *,
    keeps_statistics: bool = True,
    protected: bool | None = None,
    expected_source_id: SourceId | None = None,
) -> Video:
    """Store a source that arrives as a stream and start the work that puts it in the place of the video's own.

    A replacement that is still under way is given up for this one. `protected` None leaves that as it is. Raises as
    `receive_video` does, NotFound, and Conflict while the video waits for its first source, or plays another one than
    the expected one, or is to; in each case nothing is left behind.
    """
    check_free_space(context, 0)
    source_id = SourceId(new_content_id())
    key = source_key(video_id, source_id)
    async with context.database.write() as tx:
        await replaceable_video(tx, owner, video_id)
        room = await check_room(context, tx, owner, 0)
        await media.add_garbage(tx, source_prefix(video_id, source_id), context.clock.now() + ABANDONED_AFTER)
    within_quota = within_room(room, owner, data)
    stored = await context.storage.put(key, within_quota, size_limit_bytes=context.upload_max_bytes)
    try:
        if not stored.size_bytes:
            raise InvalidInput("the file is empty", fields={"source_video": "is empty"})
        async with context.database.write() as tx:
            return await admit_replacement(
                context, tx, owner, video_id, source_id, stored, file_name, keeps_statistics=keeps_statistics,
                protected=protected, expected_source_id=expected_source_id,
            )  # fmt: skip
    except FramehouseError:
        await context.storage.delete(key)
        raise


async def admit_replacement(
    context: LibraryContext,
    tx: Transaction,
    owner: Owner,
    video_id: VideoId,
    source_id: SourceId,
    stored: ObjectInfo,
    file_name: str,
    *,
    keeps_statistics: bool,
    protected: bool | None = None,
    expected_source_id: SourceId | None = None,
) -> Video:
    """Step (3): rows for bytes that are durable. NotFound, Conflict; QuotaExceeded, for which both sources count."""
    now = context.clock.now()
    video = await replaceable_video(tx, owner, video_id, lock=True)
    if expected_source_id not in (None, video.source_id) or (expected_source_id and video.replacement_source_id):
        raise Conflict("the video gets other media at this moment")
    await drop_replacement(tx, context.clock, video)
    await check_room(context, tx, owner, stored.size_bytes)
    await media.claim_from_garbage(tx, source_prefix(video_id, source_id))
    name = file_name[:TITLE_MAX]
    source = Source(
        source_id, owner.tenant_id, video_id, stored.key, stored.size_bytes, stored.etag, name, None, now,
        protected=True if video.project_protected else protected,
        keeps_statistics=keeps_statistics,
    )  # fmt: skip
    await media.insert_source(tx, source)
    values: dict[str, Any] = {"replacement_source_id": source_id, "replacement_percent": 0, "updated_at": now}
    await videos.update(tx, owner.tenant_id, video_id, values)
    await tx.emit(ReplacementReceived(owner.tenant_id, video_id, source_id, keeps_statistics))
    changed = await videos.get(tx, owner.tenant_id, video_id)
    assert changed is not None  # locked above
    return changed


async def replaceable_video(tx: Transaction, owner: Owner, video_id: VideoId, *, lock: bool = False) -> Video:
    """NotFound; Conflict while its first source is still on its way."""
    video = await videos.get(tx, owner.tenant_id, video_id, lock=lock)
    if video is None:
        raise no_such("video")
    if video.source_id is None and video.media_state is not VideoState.FAILED:
        raise Conflict("the video's first source has not arrived yet: wait for it, or delete the video")
    return video
