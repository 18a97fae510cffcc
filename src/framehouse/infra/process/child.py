"""A child of asyncio code, from start to reap. `supervisor.py` has the entrance for programs that end by themselves.

Guarantees, in any event loop of any thread: a child never outlives its `async with` block, whatever exception or
cancellation ends it, and is reaped before that leaves; stderr is drained all the time and only its tail kept.
"""

import asyncio
import os
import subprocess
from asyncio import Future, StreamReader, Task
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from framehouse.infra.process.lines import MAX_LINE_BYTES, Tail
from framehouse.infra.process.model import Completed, Limits, ProcessFailed, ProcessTimedOut
from framehouse.infra.process.spawner import Exit, Order, Process, checked_argv, start
from framehouse.infra.process.streams import PipeWriter, open_reader, open_writer, read_line

CHUNK_BYTES = 64 * 1024  # a Linux pipe's capacity
DRAIN_S = 2.0  # after the group is dead: only a descendant that left the group can still hold a pipe open


class Child:
    """A running program; made by `spawn`, alive inside its `async with` block and in that event loop only."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._process: Process | None = None
        self._exit: Future[Exit] | None = None
        self._tail = Tail()
        self._timed_out = False
        self._stdin: PipeWriter | None = None
        self._stdout: StreamReader | None = None
        self._unopened: list[IO[bytes]] = []
        self._readers: list[asyncio.ReadTransport] = []
        self._draining: Task[None] | None = None
        self._wall_timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        process = self._process = await _started(self._order)
        self._exit = asyncio.wrap_future(process.exit)
        try:
            await self._open(process)
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None and self.running:
                await self.stop()
        finally:
            await self._close()

    @property
    def pid(self) -> int:
        return self._started()[0].pid

    @property
    def running(self) -> bool:
        return not self._started()[1].done()

    @property
    def stderr_tail(self) -> str:
        """The last 40 lines of stderr so far."""
        return str(self._tail)

    async def write(self, data: bytes) -> None:
        """Write to stdin, waiting while the child is slower than we are; BrokenPipeError once it reads no more."""
        if self._stdin is None:
            raise ValueError("this child has no stdin pipe: spawn it with stdin=True")
        await self._stdin.write(data)

    async def close_stdin(self) -> None:
        """Tell the child that its input is complete."""
        if self._stdin is not None:
            await self._stdin.close()

    async def read_line(self) -> bytes:
        """The next line of stdout with its LF; b"" at the end. A line over 64 KiB arrives cut, its rest is dropped."""
        return await read_line(self._reader())

    async def read_exactly(self, size_bytes: int) -> bytes:
        """That many bytes of stdout; asyncio.IncompleteReadError, with what there was, when it ends before."""
        return await self._reader().readexactly(size_bytes)

    async def read(self, at_most_bytes: int) -> bytes:
        """What stdout has, at least one byte; b"" at the end."""
        return await self._reader().read(at_most_bytes)

    async def wait(self, *, check: bool = True) -> Completed:
        """The end of the child. Raises ProcessTimedOut past the wall limit; with `check`, ProcessFailed unless 0.

        stdout must be read meanwhile (it is not in the result), or a child that fills its pipe waits for ever.
        """
        completed = await self._completed()
        if self._timed_out and completed.returncode < 0:
            raise ProcessTimedOut(completed, f"was killed after its time limit of {self._order.limits.wall_s:g} s")
        if check and completed.returncode != 0:
            raise ProcessFailed(completed)
        return completed

    def kill(self) -> None:
        """SIGKILL to the whole group, now."""
        self._started()[0].kill()

    async def stop(self, grace_s: float = 5) -> Completed:
        """SIGTERM, `grace_s` to comply, then SIGKILL; returns when reaped. Never raises for how the child ended."""
        process, ending = self._started()
        process.terminate()
        try:
            await asyncio.wait([ending], timeout=grace_s)
        finally:
            process.kill()
        return await self._completed()

    def _started(self) -> tuple[Process, Future[Exit]]:
        if self._process is None or self._exit is None:
            raise ValueError("the child runs only inside `async with spawn(...)`")
        return self._process, self._exit

    def _reader(self) -> StreamReader:
        if self._stdout is None:
            raise ValueError("this child's stdout was sent to nowhere: spawn it with stdout=True")
        return self._stdout

    async def _open(self, process: Process) -> None:
        popen = process.popen
        self._unopened = [pipe for pipe in (popen.stdin, popen.stdout, popen.stderr) if pipe is not None]
        if self._order.limits.wall_s is not None:
            loop = asyncio.get_running_loop()
            self._wall_timer = loop.call_later(self._order.limits.wall_s, self._out_of_time)
        if popen.stderr is not None:
            self._draining = asyncio.create_task(self._drain(await self._read_from(popen.stderr)))
        if popen.stdout is not None:
            self._stdout = await self._read_from(popen.stdout)
        if popen.stdin is not None:
            self._stdin = await open_writer(popen.stdin)
            self._unopened.remove(popen.stdin)

    async def _read_from(self, pipe: IO[bytes]) -> StreamReader:
        reader, transport = await open_reader(pipe, limit_bytes=MAX_LINE_BYTES)
        self._readers.append(transport)
        self._unopened.remove(pipe)
        return reader

    async def _drain(self, stderr: StreamReader) -> None:
        while chunk := await stderr.read(CHUNK_BYTES):
            self._tail.feed(chunk)
        self._tail.close()

    def _out_of_time(self) -> None:
        self._timed_out = self.running
        self.kill()

    async def _completed(self) -> Completed:
        _, ending = self._started()
        await asyncio.wait([ending])
        if self._draining is not None:
            await asyncio.wait([self._draining], timeout=DRAIN_S)
        end = ending.result()
        argv, tail = self._order.argv, self.stderr_tail
        return Completed(argv, end.returncode, b"", tail, end.wall_s, end.cpu_s, end.peak_rss_bytes)

    async def _close(self) -> None:
        """Kill if needed and wait for the reap, through any number of cancellations, which are re-raised after it."""
        process, ending = self._started()
        process.kill()
        if self._wall_timer is not None:
            self._wall_timer.cancel()
        try:
            await _settled(ending)
        finally:
            if self._draining is not None:
                self._draining.cancel()
            if self._stdin is not None:
                self._stdin.abort()
            for transport in self._readers:
                transport.close()
            for pipe in self._unopened:
                pipe.close()
            await asyncio.sleep(0)  # the transports close their descriptors in the loop's next round


def spawn(
    argv: Sequence[str | Path],
    *,
    limits: Limits,
    stdin: bool = False,
    stdout: bool = True,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> Child:
    """A program to be started by `async with spawn(...) as child` and kept for the length of the block.

    `stdin`, `stdout`: whether these are pipes to us or /dev/null. `env` is added to a minimal environment.
    `pass_fds` stay open in the child under the same numbers; they remain the caller's to close.
    Leaving the block while it runs stops it (5 s grace); leaving it by an exception or cancellation kills it.
    Entering raises ProgramMissing, or ProcessFailed when the operating system refuses to start it.
    """
    order = Order(
        checked_argv(argv),
        limits,
        _minimal_environment(env),
        cwd,
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE if stdout else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=tuple(pass_fds),
    )
    return Child(order)


async def _started(order: Order) -> Process:
    """The started process. A cancellation meanwhile waits for the start, kills and reaps it, and goes on."""
    starting: Future[Process] = asyncio.wrap_future(start(order))
    try:
        await _settled(starting)
    except asyncio.CancelledError:
        if starting.exception() is None:
            process = starting.result()
            process.kill()
            for pipe in (process.popen.stdin, process.popen.stdout, process.popen.stderr):
                if pipe is not None:
                    pipe.close()
            await _settled(asyncio.wrap_future(process.exit))
        raise
    return starting.result()


async def _settled(future: Future[Any]) -> None:
    """Wait until the future is done, even when cancelled meanwhile; the cancellation is raised afterwards."""
    cancelled: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as request:
            cancelled = request
    if cancelled is not None:
        raise cancelled


def _minimal_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a child gets to know: nothing of our settings and secrets."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",  # no dot files are read
    }
    if "TMPDIR" in os.environ:  # the operator's choice of disk
        environment["TMPDIR"] = os.environ["TMPDIR"]
    return {**environment, **(extra or {})}
