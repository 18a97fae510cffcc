"""Lists of 25 out of 10,000 videos at 300 requests a second, on SQLite and, where it is installed, on PostgreSQL."""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accounts import cpu_s
from benchmarks.figures import median, ms, percentile
from benchmarks.installation import Installation, installation
from benchmarks.library_rows import fill
from benchmarks.run import Run
from benchmarks.table import Table, Verdict
from benchmarks.wire import Connection, request
from tests.contracts.postgresql import PostgresqlServer, binaries

VIDEOS, QUICK_VIDEOS = 10_000, 1_000
PER_PAGE = 25
RATE = 300
HOPELESS_S = 3.0
LOWER_RATE = 100  # shows how long an answer takes where 300 are too many
CONNECTIONS = 32
REACH_P99_S = 0.020


@dataclass(frozen=True)
class Seen:
    latencies_s: list[float]
    """From the moment a request was due, so that a server that falls behind shows it."""
    cpu_s: float
    """Of the api process, per request."""
    body_bytes: int
    sent: int
    failed: int
    """Answered wrongly, or given up because the server was more than HOPELESS_S behind."""


def measure(run: Run) -> Table:
    table = Table(["database", "list", "requests/s", "p50 ms", "p99 ms", "worst ms", "api CPU ms each", "KB each"])
    count, seconds = (QUICK_VIDEOS, 3) if run.quick else (VIDEOS, 10)
    with installation(run.new_folder("lists-sqlite"), **_alone()) as house:
        _measure(table, "SQLite", house, count, seconds)
    if not _has_postgresql():
        table.notes.append("PostgreSQL is not installed here, so it was left out.")
    else:
        with _postgresql(run.new_folder("postgresql")) as url:
            with installation(run.new_folder("lists-postgresql"), database_url=url, **_alone()) as house:
                _measure(table, "PostgreSQL", house, count, seconds)
            table.notes.append("PostgreSQL runs without fsync, as in the contract tests: for reads that is the same.")
    table.notes.append(
        f"{count} videos with three downloads each; requests for {seconds} s, sent when due, answered or not what came "
        "before; client, server and database share two cores."
    )
    return table


def _alone() -> dict[str, Any]:
    return {"sample_video": False, "log_level": "WARNING"}


def _measure(table: Table, database: str, house: Installation, count: int, seconds: int) -> None:
    house.platform.inside(lambda services: fill(services, count))
    pages = count // PER_PAGE
    for name, last, rate in (("first page", 1, LOWER_RATE), ("first page", 1, RATE), ("any page", pages, RATE)):
        seen = _load(house, last, rate, seconds)
        p99 = percentile(seen.latencies_s, 99)
        table.add(
            database,
            name,
            str(rate),
            ms(median(seen.latencies_s)),
            ms(p99),
            ms(max(seen.latencies_s)),
            ms(seen.cpu_s),
            f"{seen.body_bytes / 1000:.0f}",
        )
        if rate != RATE:
            continue
        told = f"{p99 * 1000:.1f} ms" + (f", {seen.failed} of {seen.sent} not answered" if seen.failed else "")
        is_reached = p99 < REACH_P99_S and not seen.failed
        what = f"list of {PER_PAGE} videos, {database}, {name}, p99"
        table.verdicts.append(Verdict(what, f"< {REACH_P99_S * 1000:g} ms", told, is_reached))


def _load(house: Installation, last_page: int, rate: int, seconds: int) -> Seen:
    headers = {"SproutVideo-Api-Key": house.platform.key["api_key"]}
    chosen = random.Random(1)
    paths = [
        f"/sproutvideo/v1/videos?per_page={PER_PAGE}&page={chosen.randint(1, last_page)}" for _ in range(rate * seconds)
    ]
    requests = [request("GET", path, headers) for path in paths]
    api = house.platform.roles()["api"]
    asyncio.run(_send(house, requests[:rate], rate))  # a first second, not counted
    before = cpu_s(api)
    latencies, bodies = asyncio.run(_send(house, requests, rate))
    used = (cpu_s(api) - before) / len(bodies)
    whole = sum(1 for body in bodies if _is_whole(body))
    return Seen(latencies, used, len(bodies[0]), len(requests), len(requests) - whole)


def _is_whole(body: bytes) -> bool:
    return body.startswith(b"{") and len(json.loads(body)["videos"]) == PER_PAGE


async def _send(house: Installation, requests: list[bytes], rate: int) -> tuple[list[float], list[bytes]]:
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await Connection.open(house.address))
    latencies: list[float] = []
    bodies: list[bytes] = []
    began = time.monotonic() + 0.05

    async def one(number: int) -> None:
        due = began + number / rate
        await asyncio.sleep(due - time.monotonic())
        connection = await free.get()
        if time.monotonic() - due > HOPELESS_S:
            free.put_nowait(connection)  # the server falls behind: how far is only a question of how long we go on
            return
        answer = await connection.exchange(requests[number])
        latencies.append(time.monotonic() - due)
        bodies.append(answer.body if answer.status == 200 else b"")
        free.put_nowait(connection)

    await asyncio.gather(*(one(number) for number in range(len(requests))))
    while not free.empty():
        free.get_nowait().close()
    return latencies, bodies


def _has_postgresql() -> bool:
    try:
        return binaries().is_dir()
    except BaseException:  # noqa: BLE001  (the fixture's `pytest.fail` is not an Exception)
        return False


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """The URL of a migrated database. The server may run as another user, who must get through to its folder."""
    for each in (folder.parent, folder):
        each.chmod(0o711)
    home = folder / "server"
    home.mkdir(mode=0o700)
    server = PostgresqlServer(home)
    try:
        server.start()
        yield server.url(server.create_database())
    finally:
        server.stop()
