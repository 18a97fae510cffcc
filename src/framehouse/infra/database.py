"""The metadata database: SQLite by default, PostgreSQL by URL, through the same statements.

SQLite's default transactions lose updates across processes: a read that becomes a write works on a stale
snapshot. So a writing transaction takes the write lock when it begins (BEGIN IMMEDIATE) and waits for it up to
`busy_timeout`; a reading one begins deferred, and in WAL mode never waits. On PostgreSQL rows are locked by the
stores (`with_for_update`), which SQLite's compiler leaves out because the whole database is locked anyway.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from framehouse.infra.transaction import EmitInTransaction, EnqueueInTransaction, Transaction, Work
from framehouse.kernel import TemporarilyUnavailable

BUSY_TIMEOUT_MS = 30_000

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC time: `timestamptz` on PostgreSQL, integer microseconds since 1970 on SQLite (sorts exactly)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        kind = sa.BigInteger() if dialect.name == "sqlite" else sa.DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromtimestamp(value / 1_000_000, UTC)
        return value.astimezone(UTC)


def async_url(url: str) -> str:
    parsed = make_url(url)
    driver = "sqlite+aiosqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def sync_url(url: str) -> str:
    parsed = make_url(url)
    driver = "sqlite+pysqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def prepare_sqlite(engine: sa.Engine, *, always_immediate: bool) -> None:
    """Make SQLite safe across processes: WAL, foreign keys, a busy timeout, and explicit BEGIN."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction]  # called by SQLAlchemy
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # an acknowledged commit survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:  # pyright: ignore[reportUnusedFunction]  # called by SQLAlchemy
        connection.exec_driver_sql("BEGIN IMMEDIATE" if always_immediate else "BEGIN")


def create_sync_engine(url: str, *, pool_size: int = 10) -> sa.Engine:
    """An engine for synchronous users (the workflow library, migrations); on SQLite every transaction is IMMEDIATE."""
    engine = sa.create_engine(sync_url(url), pool_size=pool_size, max_overflow=20, pool_pre_ping=True)
    prepare_sqlite(engine, always_immediate=True)
    return engine


async def _no_work(_tx: Transaction, work: Work) -> None:
    raise RuntimeError(f"this process enqueues no durable work, but {work.name} was asked for")


async def _no_events(_tx: Transaction, _event: object) -> None:
    return None


class Database:
    """Opens transactions. One per request or workflow step, never held while a process runs."""

    def __init__(
        self,
        url: str,
        *,
        enqueue: EnqueueInTransaction = _no_work,
        emit: EmitInTransaction = _no_events,
        pool_size: int = 8,
    ) -> None:
        self.url = url
        self._enqueue = enqueue
        self._emit = emit
        self._engine: AsyncEngine = create_async_engine(
            async_url(url), pool_size=pool_size, max_overflow=16, pool_pre_ping=not url.startswith("sqlite")
        )
        prepare_sqlite(self._engine.sync_engine, always_immediate=True)
        self._snapshots = self._snapshot_engine() if self.is_sqlite else None

    def _snapshot_engine(self) -> sa.Engine:
        """SQLite is read in the event loop's own thread: a page of rows takes less time than a hop to another thread
        and back, of which the asynchronous driver makes four for each statement (measured: 26 hops and 3 ms of CPU
        for one list request). In WAL mode a reader never waits for a writer, so the loop is not held up.
        """
        engine = sa.create_engine(sync_url(self.url), pool_size=4, max_overflow=-1)  # a limit would block the loop
        prepare_sqlite(engine, always_immediate=False)
        return engine

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Transaction, None]:
        """A consistent snapshot; never waits for writers."""
        if self._snapshots is not None:
            with self._snapshots.connect() as snapshot, snapshot.begin():
                yield Transaction(snapshot, self._enqueue, self._emit)
            return
        async with self._engine.connect() as connection:
            # PostgreSQL's default gives every statement a snapshot of its own
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                yield Transaction(connection, self._enqueue, self._emit)

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Transaction, None]:
        """Commits at the end of the block, rolls back on any error."""
        async with self._engine.connect() as connection:
            async with connection.begin():
                tx = Transaction(connection, self._enqueue, self._emit)
                yield tx
            tx.run_after_commit()

    async def check(self) -> None:
        """Raise `TemporarilyUnavailable` when the database does not answer or lacks our tables."""
        try:
            async with self.read() as tx:
                await tx.execute(sa.text("SELECT version_num FROM alembic_version"))
        except SQLAlchemyError as error:
            raise TemporarilyUnavailable(f"the database does not answer: {type(error).__name__}") from error

    async def close(self) -> None:
        await self._engine.dispose()
        if self._snapshots is not None:
            self._snapshots.dispose()
