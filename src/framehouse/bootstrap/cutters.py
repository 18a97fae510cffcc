"""The confined children that read media for playback, as the pool wants them started."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from framehouse.infra.process import Child, Limits, spawn
from framehouse.infra.settings import Settings
from framehouse.playback import CutterPool

GIB = 1024**3
# A child keeps a few sources open and holds one segment; index tables of long films are the largest it reads.
CUTTER_LIMITS = Limits(wall_s=None, memory_bytes=4 * GIB, open_files=64)


def open_cutters(settings: Settings, *, size: int | None = None) -> CutterPool:
    """To be entered as a context manager in the loop that uses it."""
    return CutterPool(_spawn, size=size or settings.cutter_processes)


def _spawn(argv: Sequence[str]) -> AbstractAsyncContextManager[Child]:
    return spawn(argv, limits=CUTTER_LIMITS, stdin=True)
