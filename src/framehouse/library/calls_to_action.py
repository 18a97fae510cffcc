"""Calls to action: links that the player shows over a video from a moment on."""

from collections.abc import Sequence
from dataclasses import replace

from framehouse.infra.outgoing import check_url
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, Unchanged, VideoId, new_content_id
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.errors import no_such
from framehouse.library.player_model import CallToAction, CallToActionChanges, CallToActionId, NewCallToAction
from framehouse.library.store import player, videos
from framehouse.library.texts import check_time_span, checked_text

CALLS_MAX = 200  # of one video


async def add_call_to_action(
    context: LibraryContext, owner: Owner, video_id: VideoId, new: NewCallToAction
) -> CallToAction:
    """Raises NotFound for the video, InvalidInput, Conflict when it has too many."""
    now = context.clock.now()
    call = _checked(
        CallToAction(CallToActionId(new_content_id()), video_id, **new.__dict__, created_at=now, updated_at=now)
    )
    async with context.database.write() as tx:
        if await videos.get(tx, owner.tenant_id, video_id, lock=True) is None:
            raise no_such("video")
        if await player.count_calls(tx, video_id) >= CALLS_MAX:
            raise Conflict(f"a video has at most {CALLS_MAX} calls to action")
        await player.insert_call(tx, owner.tenant_id, call)
    return call


async def replace_calls_to_action(
    context: LibraryContext, owner: Owner, video_id: VideoId, new: Sequence[NewCallToAction]
) -> tuple[CallToAction, ...]:
    """These instead of all that are there, or none where one of them is wrong. Raises as `add_call_to_action`."""
    now = context.clock.now()
    calls = [
        _checked(
            CallToAction(CallToActionId(new_content_id()), video_id, **each.__dict__, created_at=now, updated_at=now)
        )
        for each in new
    ]
    if len(calls) > CALLS_MAX:
        raise Conflict(f"a video has at most {CALLS_MAX} calls to action")
    async with context.database.write() as tx:
        if await videos.get(tx, owner.tenant_id, video_id, lock=True) is None:
            raise no_such("video")
        for old in await player.calls_of(tx, video_id):
            await player.delete_call(tx, owner.tenant_id, video_id, old.id)
        for call in calls:
            await player.insert_call(tx, owner.tenant_id, call)
        return await player.calls_of(tx, video_id)


async def get_call_to_action(
    context: LibraryContext, owner: Owner, video_id: VideoId, call_id: CallToActionId
) -> CallToAction:
    async with context.database.read() as tx:
        return await _own(tx, owner, video_id, call_id)


async def list_calls_to_action(context: LibraryContext, owner: Owner, video_id: VideoId) -> tuple[CallToAction, ...]:
    """All of a video, in order of time."""
    async with context.database.read() as tx:
        if await videos.get(tx, owner.tenant_id, video_id) is None:
            raise no_such("video")
        return await player.calls_of(tx, video_id)


async def change_call_to_action(
    context: LibraryContext, owner: Owner, video_id: VideoId, call_id: CallToActionId, changes: CallToActionChanges
) -> CallToAction:
    """Raises NotFound, InvalidInput."""
    given = {name: value for name, value in changes.__dict__.items() if not isinstance(value, Unchanged)}
    async with context.database.write() as tx:
        call = await _own(tx, owner, video_id, call_id, lock=True)
        changed = _checked(replace(call, **given, updated_at=context.clock.now()))
        await player.update_call(tx, owner.tenant_id, video_id, call_id, dict(changed.__dict__))
    return changed


async def delete_call_to_action(
    context: LibraryContext, owner: Owner, video_id: VideoId, call_id: CallToActionId
) -> CallToAction:
    async with context.database.write() as tx:
        call = await _own(tx, owner, video_id, call_id, lock=True)
        await player.delete_call(tx, owner.tenant_id, video_id, call_id)
    return call


def _checked(call: CallToAction) -> CallToAction:
    check_time_span(call.start_ms, call.end_ms)
    url = call.url.strip()
    check_url(url)  # http and https only: a link to a script would run in the player's page
    return replace(call, text=checked_text("text", call.text), url=url)


async def _own(
    tx: Transaction, owner: Owner, video_id: VideoId, call_id: CallToActionId, *, lock: bool = False
) -> CallToAction:
    """One of a video that is there; `lock` makes those who change what stands around it wait for each other."""
    if await videos.get(tx, owner.tenant_id, video_id, lock=lock) is None:
        raise no_such("video")
    call = await player.get_call(tx, owner.tenant_id, video_id, call_id)
    if call is None:
        raise no_such("call to action")
    return call
