"""Which statements a use case sends, and how SQLite would go about them."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from framehouse.infra.database import Database

Statement = tuple[str, Any]


@contextmanager
def sent_statements() -> Iterator[list[Statement]]:
    """Everything that any engine of this process sends meanwhile, without the beginnings of transactions."""
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("BEGIN"):
            sent.append((statement, parameters))

    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)


async def sqlite_plans(database: Database, use_case: Callable[[], Awaitable[object]]) -> list[str]:
    """The plan of each query that the use case sends."""
    with sent_statements() as sent:
        await use_case()
    found: list[str] = []
    async with database.read() as tx:
        assert isinstance(tx.connection, sa.Connection), "plans are read on SQLite only"
        for statement, parameters in sent:
            rows = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.append("; ".join(row.detail for row in rows))
    return found


async def insert_rows(database: Database, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    async with database.write() as tx:
        await tx.execute(sa.insert(table), rows)
