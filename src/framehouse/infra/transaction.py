"""What a use case holds while it reads or writes: one database transaction, with durable work and events in it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True)
class Work:
    """A durable workflow to start: its registered name, queue, JSON arguments and a stable id.

    Enqueuing an id that exists already changes nothing, which makes every enqueue idempotent.
    """

    name: str
    queue: str
    id: str
    arguments: tuple[Any, ...] = ()
    priority: int | None = None
    delay_s: float | None = None


EnqueueInTransaction = Callable[["Transaction", Work], Awaitable[None]]
EmitInTransaction = Callable[["Transaction", object], Awaitable[None]]


@dataclass
class Transaction:
    """Statements, enqueued work and emitted events that are committed together.

    On a synchronous connection (SQLite's snapshots, see `database`) statements run at once in the caller's thread.
    """

    connection: AsyncConnection | Connection
    _enqueue: EnqueueInTransaction
    _emit: EmitInTransaction
    _after_commit: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        if isinstance(self.connection, Connection):
            return self.connection.execute(statement, parameters)  # type: ignore[return-value]  # Core gives cursors
        return await self.connection.execute(statement, parameters)  # type: ignore[return-value]  # as above

    async def enqueue(self, work: Work) -> None:
        """Start durable work when this transaction commits; without effect if the id was used before."""
        await self._enqueue(self, work)

    async def emit(self, event: object) -> None:
        """Tell the rooms above what happened, in this transaction."""
        await self._emit(self, event)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run a non-blocking action once the transaction is durable; never when it was rolled back."""
        self._after_commit.append(action)

    def run_after_commit(self) -> None:
        for action in self._after_commit:
            action()
