"""Upward calls: a room emits what happened, in the transaction that made it happen.

`bootstrap` subscribes handlers; they run inside the same transaction, so that an event and what follows
from it are stored together or not at all. A handler does no I/O of its own: it writes rows or enqueues work.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from framehouse.infra.transaction import Transaction

Event = TypeVar("Event")
Handler = Callable[[Transaction, Any], Awaitable[None]]


class EventBus:
    def __init__(self) -> None:
        self._handlers: dict[type, list[Handler]] = defaultdict(list)

    def subscribe(self, kind: type[Event], handler: Callable[[Transaction, Event], Awaitable[None]]) -> None:
        self._handlers[kind].append(handler)

    async def emit(self, tx: Transaction, event: object) -> None:
        """Run the handlers of the event's type in the order of subscription; an error rolls the transaction back."""
        for handler in self._handlers[type(event)]:
            await handler(tx, event)
