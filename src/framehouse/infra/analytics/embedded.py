"""chDB: ClickHouse inside this process, over a folder that it owns alone.

Statements run in threads (the engine lets the interpreter go meanwhile); inserts one after the other. After the import
of this module the process must not fork.
"""

import asyncio
import re
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
from chdb import ChdbError  # type: ignore[import-untyped]  # the library has no types
from chdb.session import Session  # type: ignore[import-untyped]  # as above

from framehouse.infra.analytics.engine import EngineRefusal, Parameter, Row, parameter_text

THREADS = 4
_CODE = re.compile(r"Code: (\d+)")
_SETTINGS = "output_format_json_quote_64bit_integers = 0"


class Embedded:
    """`memory_bytes` bounds each statement; what would need more is refused with the engine's reason. The folder may
    have several databases, each with a session of its own here; `database` is made if it is missing."""

    def __init__(self, folder: Path, memory_bytes: int, database: str = "framehouse") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._settings = (_SETTINGS, f"max_memory_usage = {memory_bytes}")
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="analytics")
        self._inserting = asyncio.Lock()
        self._opening = threading.Lock()
        self._sessions: dict[str, Any] = {}
        self._database = database
        self._session("default").query(f"CREATE DATABASE IF NOT EXISTS {_quoted(database)}")

    async def query(self, sql: str, parameters: Mapping[str, Parameter] | None = None) -> list[Row]:
        body = await self.answer(sql, "JSONCompact", _texts(parameters))
        return msgspec.json.decode(msgspec.json.decode(body, type=dict[str, msgspec.Raw])["data"], type=list[Row])

    async def execute(self, sql: str, parameters: Mapping[str, Parameter] | None = None) -> None:
        await self.answer(sql, "Null", _texts(parameters))

    async def insert(self, table: str, columns: Sequence[str], rows: bytes) -> None:
        statement = f"INSERT INTO {table} ({', '.join(columns)}) FORMAT TabSeparated\n"
        async with self._inserting:
            await self.answer(statement + rows.decode(), "Null", {})

    async def answer(self, sql: str, form: str, parameters: Mapping[str, str], database: str | None = None) -> bytes:
        """The bytes of one statement's answer in one of ClickHouse's formats; parameters as texts. EngineRefusal."""
        loop = asyncio.get_running_loop()
        name = database or self._database
        return await loop.run_in_executor(self._threads, self._run, name, sql, form, dict(parameters))

    async def close(self) -> None:
        self._threads.shutdown(wait=True)
        for session in self._sessions.values():
            session.close()

    def _run(self, database: str, sql: str, form: str, parameters: dict[str, str]) -> bytes:
        try:
            return bytes(self._session(database).query(sql, form, params=parameters).bytes() or b"")
        except ChdbError as error:
            found = _CODE.search(str(error))
            raise EngineRefusal(str(error), int(found.group(1)) if found else 0) from error

    def _session(self, database: str) -> Any:
        with self._opening:
            session = self._sessions.get(database)
            if session is None:
                session = self._open()
                session.query(f"USE {_quoted(database)}")
                self._sessions[database] = session
            return session

    def _open(self) -> Any:
        session: Any = Session(str(self._folder))
        for setting in self._settings:
            session.query(f"SET {setting}")
        return session


def _quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _texts(parameters: Mapping[str, Parameter] | None) -> dict[str, str]:
    return {name: parameter_text(value) for name, value in (parameters or {}).items()}
