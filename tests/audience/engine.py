"""A real analytics engine for tests: one audience process for all tests of a process, a database of its own for each.

Facts go straight into the engine here (`DirectIntake`); the way through the journal has tests of its own.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import httpx

from framehouse.audience import AudienceContext, Places, ReportTickets
from framehouse.audience.rows import COLUMNS
from framehouse.audience.store import schema
from framehouse.bootstrap.audience import AudienceAddress
from framehouse.infra.analytics import AnalyticsEngine, ClickHouse, EngineUnavailable, Location
from framehouse.infra.secretbox import SecretBox, load_or_create
from framehouse.infra.settings import Settings
from framehouse.kernel import Clock

START_TIMEOUT_S = 60
_running: list[tuple[subprocess.Popen[bytes], Location]] = []


def engine_location() -> Location:
    """The address of this test process's engine, which is started when it is first asked for."""
    if not _running:
        _running.append(_start())
    return _running[0][1]


class DirectIntake:
    """Takes rows as the audience process does, without a journal."""

    def __init__(self, engine: AnalyticsEngine) -> None:
        self._engine = engine
        self.flushes = 0

    async def take(self, rows: bytes, count: int) -> None:
        assert rows.count(b"\n") == count
        await self._engine.insert(schema.FACTS, COLUMNS, rows)

    async def flush(self, *, erased: bool = False) -> None:
        self.flushes += 1

    async def check(self) -> None:
        await self._engine.query("SELECT 1")

    async def close(self) -> None:
        pass


class LazyEngine:
    """Makes its database at the first statement, so that tests which ask nothing cost nothing."""

    def __init__(self) -> None:
        self._database = f"t_{uuid4().hex}"
        self._inner = ClickHouse(self._locate)
        self._ready: asyncio.Task[None] | None = None

    def _locate(self) -> Location:
        found = engine_location()
        return Location(found.url, found.user, found.key, self._database)

    async def query(self, sql, parameters=None):
        await self._prepared()
        return await self._inner.query(sql, parameters)

    async def execute(self, sql, parameters=None):
        await self._prepared()
        await self._inner.execute(sql, parameters)

    async def insert(self, table, columns, rows):
        await self._prepared()
        await self._inner.insert(table, columns, rows)

    async def close(self) -> None:
        if self._ready is not None:
            root = ClickHouse(engine_location)
            await root.execute(f"DROP DATABASE IF EXISTS {self._database}")
            await root.close()
        await self._inner.close()

    async def _prepared(self) -> None:
        if self._ready is None:
            self._ready = asyncio.create_task(self._prepare())
        await asyncio.shield(self._ready)

    async def _prepare(self) -> None:
        root = ClickHouse(engine_location)
        await root.execute(f"CREATE DATABASE {self._database}")
        await root.close()
        await schema.migrate(self._inner)


def audience_for(secrets: SecretBox, clock: Clock, *, places: Places | None = None, **options) -> AudienceContext:
    """A context over an empty database; `close` drops it."""
    engine = LazyEngine()
    tickets = ReportTickets(secrets)
    return AudienceContext(engine, DirectIntake(engine), tickets, places or Places(None), clock, **options)


def _start() -> tuple[subprocess.Popen[bytes], Location]:
    folder = Path(tempfile.mkdtemp(prefix="framehouse-audience-"))
    settings = Settings.model_validate({"data_dir": folder})
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FRAMEHOUSE_")}
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "framehouse.entrypoints.cli", "audience"], cwd=folder, stdout=log, stderr=log,
        env={**environment, "FRAMEHOUSE_DATA_DIR": str(folder)}, preexec_fn=_end_with_the_tests,
    )  # fmt: skip
    address = AudienceAddress(settings, load_or_create(folder))
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            found = address()
            if httpx.get(f"{found.url}/ping", trust_env=False).status_code == 200:
                return process, found
        except (EngineUnavailable, httpx.TransportError):
            pass
        time.sleep(0.05)
    raise TimeoutError((folder / "log").read_text())


def _end_with_the_tests() -> None:
    """The kernel kills the engine when the tests' process ends, however that ends."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
