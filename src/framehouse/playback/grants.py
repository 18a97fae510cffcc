"""Access grants: an owner lets logins watch videos, for a time, for a number of plays, with or without downloads.

A login may have several grants for a video; one that allows is enough. Who is narrowed loses running tickets at once
(see `library.revoke_tickets`); who still may watch gets a new one without counting a play.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from framehouse import identity, library
from framehouse.infra.transaction import Transaction
from framehouse.kernel import GrantId, InvalidInput, LoginId, NotFound, Unchanged, VideoId, new_content_id
from framehouse.library import DownloadQuality, LibraryContext, Owner, Page
from framehouse.playback.model import Grant, GrantChanges, NewGrant
from framehouse.playback.store import grants as store

PLAYS_MAX = 2**31 - 1  # the column's range


async def create_grant(context: LibraryContext, owner: Owner, new: NewGrant) -> Grant:
    """NotFound for a login or video that the tenant does not have, InvalidInput for dates in the wrong order."""
    return (await create_grants(context, owner, [new]))[0]


async def create_grants(context: LibraryContext, owner: Owner, news: Sequence[NewGrant]) -> tuple[Grant, ...]:
    """All of them or, when one cannot be, none. Fails as `create_grant` does."""
    now = context.clock.now()
    grants = tuple(_grant(owner, new, now) for new in news)
    if not grants:
        return ()
    async with context.database.write() as tx:
        await _check_logins(tx, owner, {new.login_id for new in news})
        await _check_videos(tx, owner, {new.video_id for new in news})
        await store.insert_grants(tx, grants)
    return grants


async def get_grant(context: LibraryContext, owner: Owner, grant_id: GrantId) -> Grant:
    """NotFound when the tenant has no such grant."""
    async with context.database.read() as tx:
        return _found(await store.find_grant(tx, owner.tenant_id, grant_id))


async def list_grants(
    context: LibraryContext,
    owner: Owner,
    *,
    offset: int = 0,
    limit: int = 25,
    login_id: LoginId | None = None,
    video_id: VideoId | None = None,
) -> Page[Grant]:
    """The newest first."""
    async with context.database.read() as tx:
        return await store.page_of_grants(
            tx, owner.tenant_id, offset=offset, limit=limit, login_id=login_id, video_id=video_id
        )


async def grant_ids_of_logins(
    context: LibraryContext, owner: Owner, login_ids: Sequence[LoginId]
) -> dict[LoginId, list[GrantId]]:
    """Of each login, the oldest first; in one query."""
    found: dict[LoginId, list[GrantId]] = {login_id: [] for login_id in login_ids}
    async with context.database.read() as tx:
        for login_id, grant_id in await store.ids_of_logins(tx, owner.tenant_id, login_ids):
            found[login_id].append(grant_id)
    return found


async def change_grant(context: LibraryContext, owner: Owner, grant_id: GrantId, changes: GrantChanges) -> Grant:
    """NotFound, InvalidInput. Plays that were counted stay counted, also when fewer are allowed from now on."""
    now = context.clock.now()
    given = {name: value for name, value in changes.__dict__.items() if not isinstance(value, Unchanged)}
    async with context.database.write() as tx:
        old = _found(await store.find_grant(tx, owner.tenant_id, grant_id, lock=True))
        new = _checked(replace(old, **given, updated_at=now))
        values: dict[str, Any] = {name: getattr(new, name) for name in (*given, "updated_at")}
        if "downloads" in values:
            values["downloads"] = list(new.downloads)
        await store.update_grant(tx, owner.tenant_id, grant_id, values)
        if _is_narrower(old, new, now):
            await library.revoke_tickets(tx, owner.tenant_id, [old.video_id])
    return new


async def delete_grant(context: LibraryContext, owner: Owner, grant_id: GrantId) -> Grant:
    """What was deleted. NotFound."""
    async with context.database.write() as tx:
        grant = _found(await store.find_grant(tx, owner.tenant_id, grant_id, lock=True))
        await store.delete_grant(tx, owner.tenant_id, grant_id)
        await library.revoke_tickets(tx, owner.tenant_id, [grant.video_id])
    return grant


async def end_login(tx: Transaction, event: identity.LoginRevoked) -> None:
    """Handles the event: what is being watched with the login stops. Its grants go with its row, if that goes."""
    videos = await store.videos_of_login(tx, event.tenant_id, event.login_id)
    await library.revoke_tickets(tx, event.tenant_id, videos)


async def forget_video(tx: Transaction, event: library.VideoDeleted) -> None:
    """Handles the event: the video's grants vanish with it at once, not with its row later."""
    await store.delete_grants_of_video(tx, event.tenant_id, event.video_id)


def _grant(owner: Owner, new: NewGrant, now: datetime) -> Grant:
    return _checked(
        Grant(
            id=GrantId(new_content_id()),
            tenant_id=owner.tenant_id,
            login_id=new.login_id,
            video_id=new.video_id,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            allowed_plays=new.allowed_plays,
            play_count=0,
            downloads=new.downloads,
            created_at=now,
            updated_at=now,
        )
    )


def _checked(grant: Grant) -> Grant:
    if grant.starts_at is not None and grant.ends_at is not None and grant.starts_at >= grant.ends_at:
        raise InvalidInput("access must end after it starts", fields={"ends_at": "is not after the start"})
    if not 0 <= grant.allowed_plays <= PLAYS_MAX:
        problem = f"must be 0, for as often as one likes, to {PLAYS_MAX}"
        raise InvalidInput(f"allowed_plays {problem}", fields={"allowed_plays": problem})
    return replace(grant, downloads=tuple(quality for quality in DownloadQuality if quality in grant.downloads))


def _is_narrower(old: Grant, new: Grant, now: datetime) -> bool:
    """Whether a play under way must stop, or must stop earlier. Fewer plays or downloads concern later ones only."""
    ends_earlier = new.ends_at is not None and (old.ends_at is None or new.ends_at < old.ends_at)
    is_put_off = new.starts_at is not None and now < new.starts_at and new.starts_at != old.starts_at
    return ends_earlier or is_put_off


def _found(grant: Grant | None) -> Grant:
    if grant is None:
        raise NotFound("there is no such access grant")
    return grant


async def _check_logins(tx: Transaction, owner: Owner, login_ids: Iterable[LoginId]) -> None:
    for login_id in login_ids:
        if await identity.find_login(tx, owner.tenant_id, login_id) is None:
            raise NotFound("there is no such login", fields={"login_id": "is unknown"})


async def _check_videos(tx: Transaction, owner: Owner, video_ids: Iterable[VideoId]) -> None:
    """Locked, so that a deletion at the same moment finds the grants; in one order, so that nobody waits for ever."""
    for video_id in sorted(video_ids):
        if await library.video_for_work(tx, owner.tenant_id, video_id) is None:
            raise NotFound("there is no such video", fields={"video_id": "is unknown"})
