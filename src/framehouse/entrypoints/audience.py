"""`framehouse audience`: owns the journal of facts and, unless ClickHouse is set, the embedded analytics engine.

It answers HTTP on a port of its own, to the installation's other processes only (each request carries the
installation's key): what they append, and the embedded engine's questions in the form of ClickHouse's HTTP interface.
"""

import asyncio
import hmac
import socket
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import structlog
from granian.server.embed import Server
from starlette.types import Receive, Scope, Send

from framehouse.audience import expire
from framehouse.audience.flush import Flusher
from framehouse.audience.intake import ROWS_HEADER
from framehouse.audience.store import schema
from framehouse.bootstrap.audience import announce, audience_folder, audience_key
from framehouse.infra.analytics import AnalyticsEngine, ClickHouse, EngineRefusal, parse_location
from framehouse.infra.journal import Journal
from framehouse.infra.secretbox import load_or_create
from framehouse.infra.settings import Settings
from framehouse.kernel import FramehouseError, SystemClock

BODY_BYTES_MAX = 64 * 1024 * 1024
BACKLOG = 1024
START_RETRY_S = 2.0
EXPIRE_EVERY_S = 3600.0
log = structlog.get_logger(__name__)


class AudienceInterface:
    """The ASGI application. `embedded` is None where the engine is a server of its own."""

    def __init__(self, key: str, journal: Journal, journal_max_bytes: int, flusher: Flusher, embedded: Any) -> None:
        self._key = key.encode()
        self._journal = journal
        self._journal_max_bytes = journal_max_bytes
        self._flusher = flusher
        self._embedded = embedded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status, body, headers = await self._guarded(scope, receive)
        raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    async def _guarded(self, scope: Scope, receive: Receive) -> tuple[int, bytes, dict[str, str]]:
        path = str(scope["path"])
        if path == "/ping":
            return 200, b"Ok.\n", {}
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if not self._is_ours(headers, query):
            return 403, b"The installation's key is needed.\n", {}
        body = await _body(receive)
        if body is None:
            return 413, b"A request has at most 64 MiB.\n", {}
        try:
            return await self._answer(path, headers, query, body)
        except EngineRefusal as error:
            code = {"X-ClickHouse-Exception-Code": str(error.code)}
            return 400 if error.code else 500, error.message.encode(), code
        except (FramehouseError, OSError) as error:
            log.warning("a request could not be served", path=path, error=repr(error))
            return 503, f"{type(error).__name__}\n".encode(), {}

    async def _answer(
        self, path: str, headers: Mapping[str, str], query: dict[str, str], body: bytes
    ) -> tuple[int, bytes, dict[str, str]]:
        if path == "/journal":
            return await self._append(body, int(headers.get(ROWS_HEADER.lower(), "0")))
        if path == "/flush":
            await self._flusher.flush(forget_erased="x-erased" in headers)
            return 200, b"", {}
        if path == "/state":
            return 200, msgspec.json.encode(self._state()), {"content-type": "application/json"}
        if path == "/" and self._embedded is not None:
            return await self._ask(query, body)
        return 404, b"Not found.\n", {}

    async def _append(self, rows: bytes, count: int) -> tuple[int, bytes, dict[str, str]]:
        if self._journal.waiting_bytes + len(rows) > self._journal_max_bytes:
            return 503, b"The journal is full: the engine does not take what is in it.\n", {"retry-after": "5"}
        await self._journal.append(rows, count)
        self._flusher.tell()
        return 200, b"", {}

    async def _ask(self, query: dict[str, str], body: bytes) -> tuple[int, bytes, dict[str, str]]:
        """ClickHouse's own form: the statement in the body, or in `query` with its data in the body."""
        statement = query.get("query", "")
        sql = f"{statement}\n{body.decode()}" if statement and body else statement or body.decode()
        parameters = {name[6:]: value for name, value in query.items() if name.startswith("param_")}
        form = query.get("default_format", "TabSeparated")
        answer = await self._embedded.answer(sql, form, parameters, query.get("database"))
        return 200, answer, {"content-type": "text/plain; charset=UTF-8"}

    def _state(self) -> dict[str, int]:
        return {
            "waiting_rows": self._journal.waiting_rows,
            "waiting_bytes": self._journal.waiting_bytes,
            "stored_rows": self._flusher.counted.rows,
            "refused_batches": self._flusher.counted.refused_batches,
        }

    def _is_ours(self, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
        given = headers.get("x-clickhouse-key") or query.get("password") or _basic(headers.get("authorization", ""))
        return hmac.compare_digest(given.encode(), self._key)


async def serve_audience(settings: Settings, stopped: asyncio.Event) -> None:
    """Until `stopped` is set. What was appended and not stored yet is there at the next start."""
    secrets = load_or_create(settings.data_dir)
    folder = audience_folder(settings)
    journal = Journal(folder / "journal.sqlite")
    engine = _open_engine(settings, folder)
    flusher = Flusher(journal, engine)
    embedded = engine if settings.analytics_url is None else None
    interface = AudienceInterface(
        audience_key(secrets), journal, settings.audience_journal_max_bytes, flusher, embedded
    )
    port = settings.audience_port or _free_port(settings.audience_host)
    server = Server(
        interface,
        address=settings.audience_host,
        port=port,
        interface="asgi",  # type: ignore[arg-type]  # the enum's value is accepted
        backlog=BACKLOG,
        websockets=False,
        log_enabled=False,
    )
    routines = [asyncio.create_task(_store(flusher, engine, settings))]
    serving = asyncio.create_task(server.serve())
    stopping = asyncio.create_task(stopped.wait())
    announce(settings, f"http://{_shown(settings.audience_host)}:{port}")
    log.info("audience is ready", port=port, waiting_rows=journal.waiting_rows)
    await asyncio.wait({serving, stopping, *routines}, return_when=asyncio.FIRST_COMPLETED)
    server.stop()
    await asyncio.wait({serving}, timeout=5)
    for routine in routines:
        routine.cancel()
    await asyncio.gather(*routines, return_exceptions=True)
    with suppress(FramehouseError):
        await flusher.flush()
    await journal.close()
    await engine.close()


async def _store(flusher: Flusher, engine: AnalyticsEngine, settings: Settings) -> None:
    """The tables as soon as the engine answers, then what comes, and away with what is too old."""
    while True:
        try:
            await schema.migrate(engine)
            break
        except FramehouseError as error:
            log.warning("the analytics engine is not ready", error=error.message)
            await asyncio.sleep(START_RETRY_S)
    expiring = asyncio.create_task(_expire(engine, settings.audience_retention_days))
    try:
        await flusher.run()
    finally:
        expiring.cancel()


async def _expire(engine: AnalyticsEngine, retention_days: int) -> None:
    while True:
        try:
            if await expire(engine, SystemClock(), retention_days):
                log.info("facts past their time were deleted", retention_days=retention_days)
        except FramehouseError as error:
            log.warning("facts past their time could not be deleted", error=error.message)
        await asyncio.sleep(EXPIRE_EVERY_S)


def _open_engine(settings: Settings, folder: Path) -> Any:
    if settings.analytics_url is not None:
        location = parse_location(settings.analytics_url)
        return ClickHouse(lambda: location)
    from framehouse.infra.analytics.embedded import Embedded  # 280 MB, here only

    return Embedded(folder / "engine", settings.analytics_memory_bytes)


async def _body(receive: Receive) -> bytes | None:
    """None when it is too large."""
    pieces: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > BODY_BYTES_MAX:
            return None
        more = message.get("more_body", False)
    return b"".join(pieces)


def _basic(authorization: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(credentials).decode().partition(":")[2]
    except ValueError:
        return ""


def _free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104  (compared, not bound)
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
