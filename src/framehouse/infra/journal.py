"""A journal of batches that are to be stored elsewhere: what was appended is on the disk, in the order of arrival,
until it is taken off.

One SQLite file, owned by one process. Appends that wait for each other share one commit. The crash procedure:
1. `append` returns after the commit is written through; before that nothing was promised.
2. The reader stores what it `read`s elsewhere, idempotently, and only then calls `forget`.
3. After a crash between the two it reads the same batches again.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog

from framehouse.kernel import StorageFull

T = TypeVar("T")
log = structlog.get_logger(__name__)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS batch (id INTEGER PRIMARY KEY AUTOINCREMENT, rows INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS refused (id INTEGER PRIMARY KEY, data BLOB NOT NULL, reason TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Batch:
    id: int
    rows: int
    data: bytes


class Journal:
    """`waiting_rows` and `waiting_bytes` are of what is not forgotten yet."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")  # WAL's default leaves the last commits to the system
        self._connection.executescript(_SCHEMA)
        # One thread: the connection is used by one at a time, and commits of waiting appends join.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._waiting: list[tuple[int, bytes, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        counted = self._connection.execute("SELECT coalesce(sum(rows), 0), coalesce(sum(length(data)), 0) FROM batch")
        self.waiting_rows, self.waiting_bytes = map(int, counted.fetchone())

    async def append(self, data: bytes, rows: int) -> None:
        """Durable when this returns. Raises StorageFull when the disk does not take it."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, data, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await done

    async def read(self, rows_max: int) -> list[Batch]:
        """The oldest batches: at least one if there is any, and otherwise not more rows than asked for."""
        return await self._in_thread(self._read, rows_max)

    async def forget(self, batches: Sequence[Batch]) -> None:
        await self._in_thread(self._forget, [batch.id for batch in batches])
        self.waiting_rows -= sum(batch.rows for batch in batches)
        self.waiting_bytes -= sum(len(batch.data) for batch in batches)

    async def set_aside(self, batch: Batch, reason: str) -> None:
        """Keeps what can never be stored out of the way, for a person to look at."""
        await self._in_thread(self._set_aside, batch, reason)
        self.waiting_rows -= batch.rows
        self.waiting_bytes -= len(batch.data)

    async def close(self) -> None:
        if self._writing is not None:
            await asyncio.wait({self._writing})
        self._thread.shutdown(wait=True)
        self._connection.close()

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await self._in_thread(self._insert, [(rows, data) for rows, data, _ in group])
            except (OSError, sqlite3.Error) as error:
                log.warning("the journal cannot be written", error=repr(error))
                for _, _, done in group:
                    if not done.done():
                        done.set_exception(StorageFull("The journal cannot be written now."))
                continue
            for rows, data, done in group:
                self.waiting_rows += rows
                self.waiting_bytes += len(data)
                if not done.done():  # else who appended has gone
                    done.set_result(None)

    async def _in_thread(self, call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    def _insert(self, batches: list[tuple[int, bytes]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany("INSERT INTO batch (rows, data) VALUES (?, ?)", batches)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _read(self, rows_max: int) -> list[Batch]:
        found: list[Batch] = []
        rows = 0
        for row in self._connection.execute("SELECT id, rows, data FROM batch ORDER BY id"):
            batch = Batch(*row)
            if found and rows + batch.rows > rows_max:
                break
            found.append(batch)
            rows += batch.rows
        return found

    def _forget(self, ids: list[int]) -> None:
        if ids:
            self._connection.execute(
                "DELETE FROM batch WHERE id BETWEEN ? AND ?", (ids[0], ids[-1])
            )  # read in order, without gaps that others could fill

    def _set_aside(self, batch: Batch, reason: str) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT OR REPLACE INTO refused VALUES (?, ?, ?)", (batch.id, batch.data, reason))
        self._connection.execute("DELETE FROM batch WHERE id = ?", (batch.id,))
        self._connection.execute("COMMIT")
