"""Many things at once: which key each file below a directory gets, and bounded parallel work."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar

from framehouse.infra.storage.model import check_key
from framehouse.kernel.errors import InvalidInput

Item = TypeVar("Item")

PARALLEL = 8


def files_below(prefix: str, directory: Path) -> list[tuple[str, Path]]:
    """(key, file) for every file below `directory`, ordered by key; InvalidInput for links and devices."""
    start = prefix if not prefix or prefix.endswith("/") else prefix + "/"
    found: list[tuple[str, Path]] = []
    for folder, _, names in os.walk(directory):
        for name in names:
            path = Path(folder, name)
            found.append((check_key(start + path.relative_to(directory).as_posix()), path))
            check_regular(path)
    return sorted(found)


def check_regular(path: Path) -> int:
    """The size of an ordinary file, bytes; InvalidInput for anything else. Links are not followed."""
    try:
        status = path.lstat()
    except FileNotFoundError as error:
        raise InvalidInput(f"There is no file {path.name} to store.") from error
    if not S_ISREG(status.st_mode):
        raise InvalidInput(f"{path.name} is not an ordinary file.")
    return status.st_size


async def for_each(
    items: Iterable[Item], work: Callable[[Item], Awaitable[object]], *, at_once: int = PARALLEL
) -> None:
    """Runs `work` on all, a few at a time; the first error stops the rest."""
    queue = iter(items)

    async def drain() -> None:
        for item in queue:
            await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(drain())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
