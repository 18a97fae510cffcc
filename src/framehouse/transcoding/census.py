"""Figures of all encodes of the installation, for its operator's monitoring."""

from dataclasses import dataclass
from datetime import datetime

from framehouse import library
from framehouse.transcoding.store import jobs


@dataclass(frozen=True)
class EncodeCensus:
    """`ended` has preset, state and seconds from creation to end of each job."""

    ended: list[tuple[str, str, float]]
    cpu_s: float


async def encodes_between(context: library.LibraryContext, after: datetime, until: datetime) -> EncodeCensus:
    async with context.database.read() as tx:
        return EncodeCensus(await jobs.ended_between(tx, after, until), await jobs.cpu_between(tx, after, until))
