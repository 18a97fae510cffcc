"""Sources as files of this machine, for the cutter: where storage has them as files, or copied here once.

Copies are kept while there is room for them, the least recently used one goes first, never one in use.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from framehouse.infra.storage import ObjectStorage

COPIES_MAX = 8


@dataclass
class _Copy:
    opened: AbstractAsyncContextManager[Path]
    path: Path
    users: int = 0


class LocalSources:
    """`scratch` is a folder of its own; what a killed process left there is removed with it."""

    def __init__(self, storage: ObjectStorage, scratch: Path, *, copies_max: int = COPIES_MAX) -> None:
        self._storage, self._scratch, self._copies_max = storage, scratch, copies_max
        self._copies: OrderedDict[str, _Copy] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def use(self, key: str) -> AsyncGenerator[Path, None]:
        """The source's path while the context lasts. Raises NotFound when it is gone."""
        path = self._storage.local_path(key)
        if path is not None:
            yield path
            return
        copy = await self._copy(key)
        try:
            yield copy.path
        finally:
            copy.users -= 1
            await self._forget_unused()

    async def _copy(self, key: str) -> _Copy:
        """One copy however many ask; counted as used before the lock is given up."""
        async with self._locks.setdefault(key, asyncio.Lock()):
            copy = self._copies.get(key)
            if copy is None:
                self._scratch.mkdir(parents=True, exist_ok=True)
                opened = self._storage.localize(key, self._scratch)
                copy = self._copies[key] = _Copy(opened, await opened.__aenter__())
            copy.users += 1
            self._copies.move_to_end(key)
        return copy

    async def _forget_unused(self) -> None:
        spare = [key for key, copy in self._copies.items() if not copy.users]
        for key in spare[: max(0, len(self._copies) - self._copies_max)]:
            copy = self._copies.pop(key)
            self._locks.pop(key, None)
            await copy.opened.__aexit__(None, None, None)

    async def close(self) -> None:
        """Removes the copies."""
        while self._copies:
            _, copy = self._copies.popitem()
            await copy.opened.__aexit__(None, None, None)
        self._locks.clear()
