"""A child's pipes as asyncio streams. asyncio's own subprocess support forks and reaps by itself: not used here."""

import asyncio
from asyncio import StreamReader
from typing import IO

from framehouse.infra.process.lines import MAX_LINE_BYTES


class _Flow(asyncio.BaseProtocol):
    """Knows whether the pipe takes more bytes and whether the other end is still there."""

    def __init__(self) -> None:
        self.writable = asyncio.Event()
        self.writable.set()
        self.lost = asyncio.Event()

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()
        self.writable.set()


class PipeWriter:
    """The writing end of a pipe, with back-pressure."""

    def __init__(self, transport: asyncio.WriteTransport, flow: _Flow) -> None:
        self._transport = transport
        self._flow = flow

    async def write(self, data: bytes) -> None:
        """Hand over all bytes; waits while the buffer is full. BrokenPipeError when the reader is gone."""
        if self._transport.is_closing():
            raise BrokenPipeError("the child does not read its input any more")
        self._transport.write(data)
        await self._flow.writable.wait()
        if self._flow.lost.is_set():
            raise BrokenPipeError("the child stopped reading its input")

    async def close(self) -> None:
        """Send what is buffered, then close; the reader sees the end."""
        self._transport.close()
        await self._flow.lost.wait()

    def abort(self) -> None:
        """Close at once and drop what is buffered."""
        if not self._flow.lost.is_set():  # aborting a closed pipe is an AttributeError in asyncio
            self._transport.abort()


async def open_reader(pipe: IO[bytes], *, limit_bytes: int) -> tuple[StreamReader, asyncio.ReadTransport]:
    """A stream on the reading end; reading pauses at twice `limit_bytes`, so a fast child waits for us."""
    loop = asyncio.get_running_loop()
    reader = StreamReader(limit=limit_bytes)
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader, transport


async def read_line(reader: StreamReader) -> bytes:
    """The next line with its LF; b"" at the end. One over the reader's limit comes cut to 64 KiB, without the rest."""
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as ended:
        return ended.partial
    except asyncio.LimitOverrunError as over:
        line = await reader.readexactly(min(over.consumed, MAX_LINE_BYTES))
    while True:
        try:
            await reader.readuntil(b"\n")
            return line + b"\n"
        except asyncio.IncompleteReadError:
            return line
        except asyncio.LimitOverrunError as more:
            await reader.readexactly(more.consumed)


async def open_writer(pipe: IO[bytes]) -> PipeWriter:
    """A writer on the writing end."""
    loop = asyncio.get_running_loop()
    flow = _Flow()
    transport, _ = await loop.connect_write_pipe(lambda: flow, pipe)
    return PipeWriter(transport, flow)
