"""Which videos of a tenant changed: one look at the database every half second while somebody listens.

All pages of a tenant share one look. It reads the videos changed last and those being worked on, so its cost does
not grow with the library; progress changes without `updated_at`, hence the second half. Nobody listening, no look.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from framehouse import library
from framehouse.kernel import TenantId, VideoId
from framehouse.library import LibraryContext, Owner, Video, VideoQuery, VideoState

PAUSE_S = 0.5
NEWEST = 20
WORKED_ON = 100
log = structlog.get_logger(__name__)


@dataclass
class Listener:
    """What one page has not been told yet. A slow page gets the newest state of a video, not every one."""

    changed: dict[VideoId, Video] = field(default_factory=dict[VideoId, Video])
    list_changed: bool = False
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, changed: dict[VideoId, Video], *, list_changed: bool) -> None:
        self.changed |= changed
        self.list_changed = self.list_changed or list_changed
        self._woken.set()

    async def wait(self) -> None:
        await self._woken.wait()

    def take(self) -> tuple[list[Video], bool]:
        """The changed videos, and whether videos came or went."""
        taken = list(self.changed.values()), self.list_changed
        self.changed, self.list_changed = {}, False
        self._woken.clear()
        return taken


@dataclass(frozen=True)
class _Look:
    total: int
    newest: frozenset[VideoId]
    videos: dict[VideoId, Video]


@dataclass
class _Watch:
    last: _Look
    listeners: list[Listener] = field(default_factory=list[Listener])
    task: asyncio.Task[None] | None = None


class Changes:
    def __init__(self, context: LibraryContext, *, pause_s: float = PAUSE_S) -> None:
        self._context = context
        self._pause_s = pause_s
        self._watches: dict[TenantId, _Watch] = {}

    @asynccontextmanager
    async def listen(self, owner: Owner) -> AsyncGenerator[Listener, None]:
        """Told of every change after this is entered."""
        look = await self._look(owner)
        watch = self._watches.setdefault(owner.tenant_id, _Watch(look))
        listener = Listener()
        watch.listeners.append(listener)
        if watch.task is None:
            watch.task = asyncio.create_task(self._watch(owner, watch))
        try:
            yield listener
        finally:
            watch.listeners.remove(listener)
            if not watch.listeners:
                del self._watches[owner.tenant_id]
                watch.task.cancel()
                with suppress(asyncio.CancelledError):
                    await watch.task

    async def _watch(self, owner: Owner, watch: _Watch) -> None:
        while True:
            await asyncio.sleep(self._pause_s)
            try:
                look = await self._look(owner)
            except Exception as error:  # noqa: BLE001  (a database that is away for a moment must not end the watch)
                log.warning("looking for changed videos failed and will be repeated", error=repr(error))
                continue
            changed = {
                video.id: video
                for video in look.videos.values()
                if _mark(video) != _mark(watch.last.videos.get(video.id))
            }
            # When all of the newest changed at once there may be more that were not read.
            list_changed = look.total != watch.last.total or (
                len(look.newest) == NEWEST and look.newest <= changed.keys()
            )
            watch.last = look
            if changed or list_changed:
                for listener in watch.listeners:
                    listener.tell(changed, list_changed=list_changed)

    async def _look(self, owner: Owner) -> _Look:
        newest = await library.list_videos(self._context, owner, VideoQuery(order_by="updated_at", limit=NEWEST))
        states = (VideoState.RECEIVED, VideoState.PROCESSING)
        working = await library.list_videos(self._context, owner, VideoQuery(states=states, limit=WORKED_ON))
        videos = {video.id: video for video in (*newest.items, *working.items)}
        return _Look(newest.total, frozenset(video.id for video in newest.items), videos)


def _mark(video: Video | None) -> tuple[Any, ...] | None:
    return (video.updated_at, video.state, video.progress_percent, video.playable_at) if video else None
