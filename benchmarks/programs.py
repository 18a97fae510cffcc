"""Runs tools as the product does, through infra's supervisor, and says what they cost."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av

from framehouse.infra.process import Limits, run

TIMEOUT_S = 400


@dataclass(frozen=True)
class Cost:
    cpu_s: float
    wall_s: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu_s + other.cpu_s, self.wall_s + other.wall_s)


def execute(argvs: Sequence[Sequence[str]]) -> Cost:
    """One after another; the sum."""

    async def every() -> Cost:
        cost = Cost(0, 0)
        for argv in argvs:
            done = await run(list(argv), limits=Limits(wall_s=TIMEOUT_S))
            cost += Cost(done.cpu_s, done.wall_s)
        return cost

    return asyncio.run(every())


def quiet(ffmpeg: Path) -> list[str]:
    return [str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]


@dataclass(frozen=True)
class Encoded:
    frames: int
    size_bytes: int
    """Of the pictures alone, whatever the container adds."""


def encoded(files: Sequence[Path]) -> Encoded:
    """Counted over all the files' video tracks."""
    frames = size = 0
    for file in files:
        with av.open(file) as container:
            for packet in container.demux(video=0):
                frames, size = frames + (packet.size > 0), size + packet.size
    return Encoded(frames, size)
