"""Figures of the whole installation, for its operator's monitoring."""

from dataclasses import dataclass
from datetime import datetime

from framehouse.library.context import LibraryContext
from framehouse.library.store import videos


@dataclass(frozen=True)
class Census:
    videos_by_state: dict[str, int]
    seconds_to_playable: list[float]


async def take_census(context: LibraryContext, after: datetime, until: datetime) -> Census:
    """Videos now, and how long those took that became playable in (after, until]."""
    async with context.database.read() as tx:
        return Census(await videos.count_by_state(tx), await videos.playable_between(tx, after, until))
