"""The way from the process that takes reports to the audience process, which writes them to its journal.

Reports that arrive while one request is on its way go together in the next, so that load makes larger pieces and not
more requests.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import httpx

from framehouse.audience.errors import IntakeFull
from framehouse.infra.analytics import Location

TIMEOUT_S = 15.0
PIECE_BYTES_MAX = 4 * 1024 * 1024
WAITING_BYTES_MAX = 32 * 1024 * 1024
ROWS_HEADER = "X-Rows"


class Intake(Protocol):
    async def take(self, rows: bytes, count: int) -> None:
        """The rows are durable when this returns. Raises IntakeFull when nobody takes them now."""
        ...

    async def flush(self, *, erased: bool = False) -> None:
        """Everything taken before can be found by questions when this returns. `erased`: look who was erased."""
        ...

    async def check(self) -> None:
        """Raises IntakeFull when nobody would take rows."""
        ...

    async def close(self) -> None: ...


class RemoteIntake:
    """`locate` is asked before each request: the audience process may have moved."""

    def __init__(self, locate: Callable[[], Location]) -> None:
        self._locate = locate
        self._client = httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False)
        self._waiting: list[tuple[bytes, int, asyncio.Future[None]]] = []
        self._waiting_bytes = 0
        self._sending: asyncio.Task[None] | None = None

    async def take(self, rows: bytes, count: int) -> None:
        if self._waiting_bytes + len(rows) > WAITING_BYTES_MAX:
            raise IntakeFull("Too many reports are waiting; send them again later.")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, count, done))
        self._waiting_bytes += len(rows)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_all())
        await done

    async def flush(self, *, erased: bool = False) -> None:
        await self._post("/flush", b"", {"X-Erased": "1"} if erased else {})

    async def check(self) -> None:
        await self._post("/state", b"", {})

    async def close(self) -> None:
        if self._sending is not None:
            await asyncio.wait({self._sending})
        await self._client.aclose()

    async def _send_all(self) -> None:
        while self._waiting:
            piece = self._next_piece()
            error: Exception | None = None
            try:
                count = sum(rows for _, rows, _ in piece)
                await self._post("/journal", b"".join(data for data, _, _ in piece), {ROWS_HEADER: str(count)})
            except Exception as caught:  # noqa: BLE001  (each of those who wait is told)
                error = caught
            for _, _, done in piece:
                if done.done():  # who waited has gone
                    continue
                done.set_result(None) if error is None else done.set_exception(error)

    def _next_piece(self) -> list[tuple[bytes, int, asyncio.Future[None]]]:
        size, until = 0, 0
        for until, (data, _, _) in enumerate(self._waiting, 1):  # noqa: B007  (used after the loop)
            size += len(data)
            if size >= PIECE_BYTES_MAX:
                break
        piece, self._waiting = self._waiting[:until], self._waiting[until:]
        self._waiting_bytes -= size
        return piece

    async def _post(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        location = self._locate()
        try:
            answer = await self._client.post(
                location.url + path, content=body, headers={"X-ClickHouse-Key": location.key, **headers}
            )
        except httpx.HTTPError as error:
            raise IntakeFull("Reports cannot be stored now; send them again later.") from error
        if answer.status_code != 200:
            raise IntakeFull("Reports cannot be stored now; send them again later.")
