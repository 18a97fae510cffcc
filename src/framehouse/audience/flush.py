"""From the journal into the engine's table, in large pieces; the audience process runs this.

The engine may be away for as long as the journal has room. What it will never take (a row that cannot be read) is set
aside, so that the rest goes on. The same rows stored twice count once, since the table replaces equal facts.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from framehouse.audience.rows import COLUMNS
from framehouse.audience.store import erasures, schema
from framehouse.infra.analytics import AnalyticsEngine, EngineRefusal, EngineUnavailable
from framehouse.infra.journal import Batch, Journal

ROWS_AT_ONCE = 50_000
ROWS_WORTH_IT = 1_000  # fewer wait until the pause is over, so that the engine has few parts to merge
PAUSE_S = 1.0
RETRY_S = 2.0
# ClickHouse's reasons that pass by themselves: memory limits, too many parts, timeouts, a full disk, read-only tables.
PASSING = frozenset({159, 202, 209, 210, 241, 242, 243, 252, 319, 394})
log = structlog.get_logger(__name__)


@dataclass
class Flushed:
    """Counters since the start, for the process's metrics."""

    rows: int = 0
    refused_batches: int = 0


class Flusher:
    def __init__(self, journal: Journal, engine: AnalyticsEngine) -> None:
        self._journal = journal
        self._engine = engine
        self._erased: dict[tuple[str, str], int] | None = None
        self._turn = asyncio.Lock()
        self._wanted = asyncio.Event()
        self.counted = Flushed()

    def tell(self) -> None:
        """Something was appended."""
        if self._journal.waiting_rows >= ROWS_WORTH_IT:
            self._wanted.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await asyncio.wait_for(self._wanted.wait(), PAUSE_S)
            except TimeoutError:
                pass
            self._wanted.clear()
            try:
                await self.flush()
            except (EngineUnavailable, EngineRefusal) as error:
                log.warning("facts wait for the engine", rows=self._journal.waiting_rows, error=error.message)
                await asyncio.sleep(RETRY_S)

    async def flush(self, *, forget_erased: bool = False) -> None:
        """Stores all that is in the journal now. `forget_erased`: somebody was erased, look who."""
        async with self._turn:
            if self._erased is None or forget_erased:
                self._erased = await erasures.erased(self._engine)
            until = self._journal.waiting_rows
            while until > 0:
                batches = await self._journal.read(ROWS_AT_ONCE)
                if not batches:
                    return
                await self._store(batches)
                until -= sum(batch.rows for batch in batches)

    async def _store(self, batches: list[Batch]) -> None:
        try:
            await self._insert(batches)
        except EngineRefusal as error:
            if error.code in PASSING:
                raise
            if len(batches) > 1:
                for batch in batches:
                    await self._store([batch])
                return
            log.error("a batch of facts cannot be stored and was set aside", rows=batches[0].rows, error=error.message)
            self.counted.refused_batches += 1
            await self._journal.set_aside(batches[0], error.message)
            return
        await self._journal.forget(batches)

    async def _insert(self, batches: list[Batch]) -> None:
        data = b"".join(batch.data for batch in batches)
        if self._erased:
            data = b"".join(self._remaining(data.splitlines(keepends=True)))
        if data:
            await self._engine.insert(schema.FACTS, COLUMNS, data)
        self.counted.rows += sum(batch.rows for batch in batches)

    def _remaining(self, lines: Iterable[bytes]) -> Iterable[bytes]:
        """Without facts from before their viewer's erasure, which a player had kept."""
        assert self._erased is not None  # as the caller saw
        for line in lines:
            tenant, person, started, _ = line.split(b"\t", 3)
            erased_ms = self._erased.get((tenant.decode(), person.decode()))
            if erased_ms is None or int(started) > erased_ms:
                yield line
