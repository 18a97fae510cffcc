"""`run`: a program that ends by itself, with its output and its resources. Conversations are in `child.py`."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from framehouse.infra.process.child import CHUNK_BYTES, DRAIN_S, Child, spawn
from framehouse.infra.process.lines import LineSplitter
from framehouse.infra.process.model import Completed, Limits, ProcessFailed

STDOUT_LIMIT_BYTES = 16 * 1024 * 1024


class _Sink(Protocol):
    kept: bytearray

    def feed(self, data: bytes) -> None: ...
    def close(self) -> None: ...


class _TooMuch(Exception):
    pass


@dataclass
class _Keeper:
    limit_bytes: int
    kept: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> None:
        self.kept += data
        if len(self.kept) > self.limit_bytes:
            raise _TooMuch

    def close(self) -> None:
        pass


@dataclass
class _LineCaller:
    call: Callable[[str], None]
    kept: bytearray = field(default_factory=bytearray)
    splitter: LineSplitter = field(default_factory=LineSplitter)

    def feed(self, data: bytes) -> None:
        for line in self.splitter.feed(data):
            self.call(line)

    def close(self) -> None:
        for line in self.splitter.close():
            self.call(line)


async def run(
    argv: Sequence[str | Path],
    *,
    limits: Limits,
    stdin: bytes | None = None,
    on_stdout_line: Callable[[str], None] | None = None,
    stdout_limit_bytes: int = STDOUT_LIMIT_BYTES,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    check: bool = True,
) -> Completed:
    """Run a program to its end.

    With `on_stdout_line` each line that is not empty goes to it (in this event loop; cut at 64 KiB; an exception from
    it kills the child and comes out here) and `Completed.stdout` is empty. Without it, more than `stdout_limit_bytes`
    kills the child. `env` is added to a minimal environment.
    Raises ProgramMissing, ProcessTimedOut, ProcessFailed (for a code other than 0 only with `check`).
    """
    sink = _Keeper(stdout_limit_bytes) if on_stdout_line is None else _LineCaller(on_stdout_line)
    async with spawn(argv, limits=limits, stdin=stdin is not None, cwd=cwd, env=env) as child:
        try:
            completed = await _converse(child, stdin, sink)
        except _TooMuch:
            child.kill()
            ended = replace(await child.stop(), stdout=bytes(sink.kept[:stdout_limit_bytes]))
            raise ProcessFailed(ended, f"wrote more than {stdout_limit_bytes} bytes to its output") from None
    if check and completed.returncode != 0:
        raise ProcessFailed(completed)
    return completed


async def _converse(child: Child, stdin: bytes | None, sink: _Sink) -> Completed:
    """Feed and read at the same time, so that neither side waits for the other's full pipe."""
    feeding = asyncio.create_task(_feed(child, stdin))
    reading = asyncio.create_task(_read(child, sink))
    ending = asyncio.create_task(child.wait(check=False))
    try:
        await asyncio.wait([reading, ending], return_when=asyncio.FIRST_COMPLETED)
        if ending.done():
            await asyncio.wait([reading], timeout=DRAIN_S)
        if reading.done():
            reading.result()  # an exception from the callback comes out here
        return replace(await ending, stdout=bytes(sink.kept))
    finally:
        for task in (feeding, reading, ending):
            task.cancel()
        await asyncio.gather(feeding, reading, ending, return_exceptions=True)


async def _read(child: Child, sink: _Sink) -> None:
    while chunk := await child.read(CHUNK_BYTES):
        sink.feed(chunk)
    sink.close()


async def _feed(child: Child, data: bytes | None) -> None:
    if data is None:
        return
    try:
        await child.write(data)
        await child.close_stdin()
    except BrokenPipeError:
        pass  # a program may end without reading all of its input; its exit code says whether that was right
