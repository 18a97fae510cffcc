"""A pool of confined children that index sources and cut segments on demand (publish first, perfect later).

Each request is done once however many ask at the same time. Keeping the segments, checking who may watch and writing
manifests are done elsewhere; media is parsed only in the child (`cutter_process`).
"""

import asyncio
import json
import sys
from asyncio import Future, IncompleteReadError, Queue, QueueFull, Task
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, Self

from framehouse.kernel.errors import (
    FramehouseError,
    InvalidInput,
    NotFound,
    TemporarilyUnavailable,
    UnsupportedMedia,
)
from framehouse.media.segment_plan import CutTrack
from framehouse.media.source_index import SourceIndex, index_from_json

CUTTER_ARGV = (sys.executable, "-m", "framehouse.playback.cutter_process")
_ERRORS: dict[str, Callable[[str], FramehouseError]] = {
    "NotFound": NotFound,
    "InvalidInput": InvalidInput,
    "UnsupportedMedia": UnsupportedMedia,
}
_ATTEMPTS = 2


class CutterChild(Protocol):
    """A running child with pipes on stdin and stdout."""

    async def write(self, data: bytes) -> None: ...

    async def read_line(self) -> bytes:
        """The next line; b"" at the end."""
        ...

    async def read_exactly(self, size_bytes: int) -> bytes:
        """Raises asyncio.IncompleteReadError when stdout ends before."""
        ...


class SpawnChild(Protocol):
    """Starts a child that is dead and reaped when its `async with` block is left, at once if by an exception.

    It must have no time limit of its own: a child lives for many requests.
    """

    def __call__(self, argv: Sequence[str]) -> AbstractAsyncContextManager[CutterChild]: ...


@dataclass
class _Job:
    line: str
    result: "Future[bytes]"
    attempts: int = 0


class _ChildLost(Exception):
    """The child died, hung or talks nonsense: it is replaced."""


class CutterPool:
    """`size` children at most; the first `keep_warm` are started at once, the others when there is work, and stopped
    after `idle_s` without any. `time_limit_s` is per request and ends the child that exceeds it.

    Every request raises NotFound (no such file), UnsupportedMedia (damaged there) or TemporarilyUnavailable (queue
    full, too slow, pool closed). A child that dies is restarted, and its request tried once more in another.
    """

    def __init__(
        self,
        spawn: SpawnChild,
        *,
        size: int = 2,
        keep_warm: int = 1,
        queue_limit: int = 64,
        time_limit_s: float = 10,
        idle_s: float = 60,
        argv: Sequence[str] = CUTTER_ARGV,
    ) -> None:
        self._spawn = spawn
        self._size, self._keep_warm, self._idle_s = size, keep_warm, idle_s
        self._time_limit_s = time_limit_s
        self._argv = tuple(argv)
        self._queue: Queue[_Job] = Queue(queue_limit)
        self._running: dict[str, Future[bytes]] = {}
        self._workers: list[Task[None]] = []

    async def __aenter__(self) -> Self:
        self._workers = [asyncio.create_task(self._work(warm=n < self._keep_warm)) for n in range(self._size)]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends all children; who still waits gets TemporarilyUnavailable."""
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        for result in list(self._running.values()):
            _fail(result, TemporarilyUnavailable("The server is stopping; try again."))

    async def index(self, path: str) -> SourceIndex:
        """What the source at this local path holds, read from its index only."""
        return index_from_json(await self._ask({"op": "index", "path": path}))

    async def init_segment(self, path: str, track: CutTrack) -> bytes:
        return await self._ask({"op": "init", "path": path, "stream": track.stream, "timescale": track.timescale})

    async def segment(self, path: str, track: CutTrack, number: int) -> bytes:
        """Segment `number`, from 1. Raises NotFound if the track has no such segment."""
        if not 1 <= number <= track.segment_count:
            raise NotFound(f"There is no segment {number}.")
        cut = {
            "number": number,
            "start": track.bounds[number - 1],
            "end": track.bounds[number] if number < track.segment_count else None,
            "timescale": track.timescale,
            "shift_ticks": track.shift_ticks,
            "frame_ticks": track.frame_ticks,
            "first_pts_ticks": track.first_pts_ticks,
            "reorder_ticks": track.reorder_ticks,
            "lead_ticks": track.lead_ticks if number == 1 else 0,
        }
        return await self._ask({"op": "cut", "path": path, "stream": track.stream, "cut": cut})

    async def _ask(self, request: dict[str, Any]) -> bytes:
        """Joins the same request if one is under way. Who gives up does not take the others' answer away."""
        if not self._workers:
            raise TemporarilyUnavailable("The cutter is not running.")
        line = json.dumps(request, separators=(",", ":"))
        result = self._running.get(line)
        if result is None:
            result = asyncio.get_running_loop().create_future()
            try:
                self._queue.put_nowait(_Job(line, result))
            except QueueFull:
                raise TemporarilyUnavailable("Too many segments are being cut at the moment; try again.") from None
            self._running[line] = result
            result.add_done_callback(lambda done: self._finished(line, done))
        return await asyncio.shield(result)

    def _finished(self, line: str, done: "Future[bytes]") -> None:
        del self._running[line]
        if not done.cancelled():
            done.exception()  # marks it as seen: all who asked may have gone

    async def _work(self, *, warm: bool) -> None:
        """One place in the pool: takes jobs, with a child as long as there are some."""
        while True:
            job = None if warm else await self._queue.get()
            try:
                await self._serve_with_child(job, warm=warm)
            except _ChildLost:
                continue
            except Exception as error:  # noqa: BLE001 - whatever spawning raises must not end this place in the pool
                if job is None:
                    job = await self._queue.get()
                _fail(job.result, TemporarilyUnavailable(f"No cutter could be started ({type(error).__name__})."))

    async def _serve_with_child(self, job: _Job | None, *, warm: bool) -> None:
        async with self._spawn(self._argv) as child:
            while True:
                if job is None:
                    try:
                        async with asyncio.timeout(None if warm else self._idle_s):
                            job = await self._queue.get()
                    except TimeoutError:
                        return
                await self._do(child, job)
                job = None

    async def _do(self, child: CutterChild, job: _Job) -> None:
        job.attempts += 1
        try:
            async with asyncio.timeout(self._time_limit_s):
                head, payload = await _exchange(child, job.line)
        except TimeoutError:
            _fail(job.result, TemporarilyUnavailable("Reading the source took too long; try again."))
            raise _ChildLost from None
        except (OSError, IncompleteReadError, ValueError, KeyError) as error:
            self._try_again(job)
            raise _ChildLost from error
        except asyncio.CancelledError:
            _fail(job.result, TemporarilyUnavailable("The server is stopping; try again."))
            raise
        if not head["ok"]:
            _fail(job.result, _ERRORS.get(str(head.get("kind")), UnsupportedMedia)(str(head.get("message"))))
        elif not job.result.done():
            job.result.set_result(payload)

    def _try_again(self, job: _Job) -> None:
        """Another child gets the request whose child died, once: a source that kills its reader is damaged."""
        if job.attempts >= _ATTEMPTS:
            _fail(job.result, UnsupportedMedia("The source is damaged here: its reader stopped twice."))
            return
        try:
            self._queue.put_nowait(job)
        except QueueFull:
            _fail(job.result, TemporarilyUnavailable("Too many segments are being cut at the moment; try again."))


async def _exchange(child: CutterChild, line: str) -> tuple[dict[str, Any], bytes]:
    await child.write(line.encode() + b"\n")
    head: dict[str, Any] = json.loads(await child.read_line())
    size = int(head["bytes"])
    return head, (await child.read_exactly(size) if size else b"")


def _fail(result: "Future[bytes]", error: FramehouseError) -> None:
    if not result.done():
        result.set_exception(error)
