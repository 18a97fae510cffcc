"""The pool's promises, with stand-ins for the child at its port: one cut however many ask, limits, replacement."""

import asyncio
import json
from asyncio import IncompleteReadError
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from framehouse.kernel.errors import NotFound, TemporarilyUnavailable, UnsupportedMedia
from framehouse.media.segment_plan import CutTrack
from framehouse.playback.cutting import CutterPool

TRACK = CutTrack("v1", 0, "video", 30000, tuple(range(0, 1000, 10)), 0, 1, 0)
Answer = Callable[[dict[str, object]], bytes]


class Die(Exception):
    """Raised by an answer: the child ends here."""


class Children:
    """A SpawnChild whose children answer what `answer` says, once `gate` is open."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.gate = answer, asyncio.Event()
        self.gate.set()
        self.started = self.ended = 0
        self.requests: list[dict[str, object]] = []

    @asynccontextmanager
    async def __call__(self, argv: Sequence[str]) -> AsyncIterator["_Child"]:
        self.started += 1
        try:
            yield _Child(self)
        finally:
            self.ended += 1


class _Child:
    def __init__(self, children: Children) -> None:
        self._children, self._payload = children, b""

    async def write(self, data: bytes) -> None:
        self._request = json.loads(data)
        self._children.requests.append(self._request)

    async def read_line(self) -> bytes:
        await self._children.gate.wait()
        try:
            self._payload = self._children.answer(self._request)
        except Die:
            return b""
        except UnsupportedMedia as error:
            refusal = {"ok": False, "bytes": 0, "kind": "UnsupportedMedia", "message": error.message}
            return json.dumps(refusal).encode() + b"\n"
        return json.dumps({"ok": True, "bytes": len(self._payload)}).encode() + b"\n"

    async def read_exactly(self, size_bytes: int) -> bytes:
        if len(self._payload) < size_bytes:
            raise IncompleteReadError(self._payload, size_bytes)
        return self._payload


def number_of(request: dict[str, object]) -> bytes:
    return str(request["cut"]["number"]).encode()  # type: ignore[index]


async def test_one_cut_however_many_ask() -> None:
    children = Children(number_of)
    children.gate.clear()
    async with CutterPool(children, size=2) as pool:
        asking = [asyncio.create_task(pool.segment("f", TRACK, 1 + n % 2)) for n in range(100)]
        await asyncio.sleep(0)
        children.gate.set()
        assert await asyncio.gather(*asking) == [b"1", b"2"] * 50
    assert len(children.requests) == 2


async def test_who_gives_up_does_not_take_it_from_the_others() -> None:
    children = Children(number_of)
    children.gate.clear()
    async with CutterPool(children, size=1) as pool:
        first, second = (asyncio.create_task(pool.segment("f", TRACK, 3)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        children.gate.set()
        assert await second == b"3"
    assert len(children.requests) == 1


async def test_a_full_queue_says_so() -> None:
    children = Children(number_of)
    children.gate.clear()
    async with CutterPool(children, size=1, queue_limit=2) as pool:
        waiting = []
        for number in (1, 2, 3):
            waiting.append(asyncio.create_task(pool.segment("f", TRACK, number)))
            while len(children.requests) < 1:
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(TemporarilyUnavailable, match="Too many"):
            await pool.segment("f", TRACK, 4)
        children.gate.set()
        assert await asyncio.gather(*waiting) == [b"1", b"2", b"3"]
        assert await pool.segment("f", TRACK, 4) == b"4"


async def test_a_dead_child_is_replaced_and_its_request_tried_again() -> None:
    deaths = [Die(), Die()]

    def answer(request: dict[str, object]) -> bytes:
        if deaths and number_of(request) == b"5":
            raise deaths.pop()
        return number_of(request)

    children = Children(answer)
    async with CutterPool(children, size=1) as pool:
        with pytest.raises(UnsupportedMedia, match="stopped twice"):
            await pool.segment("f", TRACK, 5)
        assert await pool.segment("f", TRACK, 5) == b"5"
    assert children.started == children.ended == 3


async def test_a_child_that_hangs_is_ended() -> None:
    children = Children(number_of)
    children.gate.clear()
    async with CutterPool(children, size=1, time_limit_s=0.01) as pool:
        with pytest.raises(TemporarilyUnavailable, match="too long"):
            await pool.segment("f", TRACK, 1)
        children.gate.set()
        assert await pool.segment("f", TRACK, 1) == b"1"
    assert children.started == children.ended == 2


async def test_a_refusal_is_passed_on_and_the_child_kept() -> None:
    def answer(request: dict[str, object]) -> bytes:
        raise UnsupportedMedia("The source is damaged here.")

    children = Children(answer)
    async with CutterPool(children, size=1) as pool:
        for _ in range(2):
            with pytest.raises(UnsupportedMedia, match="damaged here"):
                await pool.segment("f", TRACK, 1)
    assert children.started == 1


async def test_a_child_that_cannot_be_started_is_an_error_of_the_request() -> None:
    @asynccontextmanager
    async def nothing(argv: Sequence[str]) -> AsyncIterator[_Child]:
        raise FileNotFoundError(argv[0])
        yield

    async with CutterPool(nothing, size=1) as pool:
        for _ in range(2):
            with pytest.raises(TemporarilyUnavailable, match="could be started"):
                await pool.segment("f", TRACK, 1)


async def test_children_come_with_work_and_leave_when_idle() -> None:
    children = Children(number_of)
    async with CutterPool(children, size=2, keep_warm=0, idle_s=0.01) as pool:
        assert children.started == 0
        assert await pool.segment("f", TRACK, 1) == b"1"
        async with asyncio.timeout(5):
            while children.ended < 1:
                await asyncio.sleep(0.001)
        assert await pool.segment("f", TRACK, 2) == b"2"
    assert children.started == children.ended == 2


async def test_leaving_tells_who_still_waits() -> None:
    children = Children(number_of)
    children.gate.clear()
    pool = CutterPool(children, size=1)
    async with pool:
        waiting = [asyncio.create_task(pool.segment("f", TRACK, n)) for n in (1, 2)]
        while not children.requests:
            await asyncio.sleep(0)
    for task in waiting:
        with pytest.raises(TemporarilyUnavailable, match="stopping"):
            await task
    with pytest.raises(TemporarilyUnavailable, match="not running"):
        await pool.segment("f", TRACK, 1)
    assert children.started == children.ended


@pytest.mark.parametrize("number", [-1, 0, 100])
async def test_segments_that_are_not_in_the_plan(number: int) -> None:
    async with CutterPool(Children(number_of), size=1) as pool:
        with pytest.raises(NotFound):
            await pool.segment("f", TRACK, number)
