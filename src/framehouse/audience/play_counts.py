"""Numbers of plays beside videos: remembered for some seconds, so that lists of videos do not ask for each answer."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from framehouse.audience.model import Scope
from framehouse.audience.store import plays
from framehouse.infra.analytics import AnalyticsEngine
from framehouse.kernel import Clock, TemporarilyUnavailable, TenantId, VideoId

FRESH_MS = 10_000
REMEMBERED = 200_000
log = structlog.get_logger(__name__)


@dataclass
class PlayCounts:
    """What is older than 10 s is asked again. When the engine does not answer, the last known number stays, and 0 for
    what was never asked: a video is more than its number of plays. The log says so."""

    engine: AnalyticsEngine
    clock: Clock
    _known: OrderedDict[VideoId, tuple[int, int]] = field(default_factory=OrderedDict[VideoId, tuple[int, int]])

    async def of(self, tenant_id: TenantId, videos: Sequence[VideoId]) -> dict[VideoId, int]:
        """For every one of these videos, which are the tenant's."""
        now_ms = round(self.clock.now().timestamp() * 1000)
        stale = [video for video in videos if self._known.get(video, (0, -FRESH_MS))[1] + FRESH_MS <= now_ms]
        if stale:
            await self._ask(tenant_id, stale, now_ms)
        return {video: self._known.get(video, (0, 0))[0] for video in videos}

    async def _ask(self, tenant_id: TenantId, videos: list[VideoId], now_ms: int) -> None:
        try:
            found = await plays.plays_of_videos(self.engine, Scope(tenant_id, videos=tuple(videos)))
        except TemporarilyUnavailable as error:
            log.warning("numbers of plays are not known now", error=error.message)
            found = {video: self._known.get(video, (0, 0))[0] for video in videos}
        for video in videos:
            self._known[video] = (found.get(video, 0), now_ms)
            self._known.move_to_end(video)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
