"""The journal keeps what was appended until it is forgotten, over any end of the process; the flusher empties it."""

import asyncio
from pathlib import Path

import pytest

from framehouse.audience.flush import Flusher
from framehouse.infra.analytics import EngineRefusal, EngineUnavailable
from framehouse.infra.journal import Journal


class Engine:
    """Keeps inserted rows; refuses those with a given text, and everything while it is away."""

    def __init__(self) -> None:
        self.rows: list[bytes] = []
        self.away = False
        self.erased: list[list[object]] = []

    async def query(self, sql, parameters=None):
        return self.erased

    async def execute(self, sql, parameters=None):
        raise NotImplementedError

    async def insert(self, table, columns, rows):
        if self.away:
            raise EngineUnavailable("away")
        if b"poison" in rows:
            raise EngineRefusal("cannot be read", 27)
        self.rows += rows.splitlines()

    async def close(self):
        pass


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


async def test_appended_together_and_there_again(path: Path) -> None:
    journal = Journal(path)
    await asyncio.gather(*(journal.append(b"%d\n" % number, 1) for number in range(50)))
    assert (journal.waiting_rows, journal.waiting_bytes) == (50, 140)
    again = Journal(path)  # as after a kill: nothing was closed
    assert (again.waiting_rows, again.waiting_bytes) == (50, 140)
    batches = await again.read(20)
    assert b"".join(batch.data for batch in batches) == b"".join(b"%d\n" % number for number in range(20))
    await again.forget(batches)
    assert (await again.read(1))[0].data == b"20\n"
    await again.close()


async def test_what_the_engine_has_is_forgotten_once(path: Path) -> None:
    engine, journal = Engine(), Journal(path)
    flusher = Flusher(journal, engine)
    await journal.append(b"a\nb\n", 2)
    engine.away = True
    with pytest.raises(EngineUnavailable):
        await flusher.flush()
    assert journal.waiting_rows == 2
    engine.away = False
    await flusher.flush()
    await flusher.flush()
    assert (engine.rows, journal.waiting_rows) == ([b"a", b"b"], 0)
    await journal.close()


async def test_poison_is_set_aside(path: Path) -> None:
    engine, journal = Engine(), Journal(path)
    for data in (b"a\n", b"poison\n", b"b\n"):
        await journal.append(data, 1)
    flusher = Flusher(journal, engine)
    await flusher.flush()
    assert (engine.rows, journal.waiting_rows, flusher.counted.refused_batches) == ([b"a", b"b"], 0, 1)
    await journal.close()


async def test_late_facts_of_an_erased_viewer_are_dropped(path: Path) -> None:
    engine, journal = Engine(), Journal(path)
    engine.erased = [["tenant", "person", 100]]
    await journal.append(b"tenant\tperson\t99\tx\ntenant\tperson\t101\tx\nother\tperson\t99\tx\n", 3)
    await Flusher(journal, engine).flush()
    assert engine.rows == [b"tenant\tperson\t101\tx", b"other\tperson\t99\tx"]
    await journal.close()


async def test_a_disk_that_takes_nothing(path: Path) -> None:
    from framehouse.kernel import StorageFull

    journal = Journal(path)
    journal._connection.execute("PRAGMA max_page_count = 10")
    with pytest.raises(StorageFull):
        await journal.append(b"x" * 1_000_000, 1)
    await journal.append(b"y\n", 1)
    assert [batch.data for batch in await journal.read(10)] == [b"y\n"]
    await journal.close()
