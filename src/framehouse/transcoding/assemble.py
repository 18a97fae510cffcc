"""Joins the chunks of each rung into one file. Chunks are fragments that carry their absolute time, so joining is
appending what follows the first chunk's header."""

import asyncio
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from framehouse.infra.process import run
from framehouse.media.boxes import fragment_body_offset
from framehouse.media.encode import AUDIO_RATE_HZ, trim_audio_argv
from framehouse.transcoding.chunks import Settled, settle, settle_sound
from framehouse.transcoding.context import TranscodingContext
from framehouse.transcoding.encode import piece_key
from framehouse.transcoding.job import SOUND, Job, Piece
from framehouse.transcoding.model import Chunk, Ladder

HEAD_BYTES = 64 * 1024


class BrokenSource(Exception):
    """The encoded pieces do not make a whole video; the message is for its owner."""


@dataclass(frozen=True)
class Assembled:
    """One file per rung and audio rendition, and what they amount to."""

    video: dict[str, Path]
    audio: dict[str, Path]
    duration_s: Fraction
    frames: int


async def assemble(
    context: TranscodingContext,
    job: Job,
    ladder: Ladder,
    chunks: Sequence[Chunk],
    pieces: Sequence[Piece],
    folder: Path,
) -> Assembled:
    """Fetch and join a job's pieces into `folder`. Raises BrokenSource with a sentence when they have holes."""
    counts = {piece.number: piece.frames or {} for piece in pieces}
    if chunks:
        settled = settle(ladder, chunks, [counts[chunk.number] for chunk in chunks])
    else:
        settled = settle_sound(ladder, [Fraction(ticks, AUDIO_RATE_HZ) for ticks in counts[SOUND].values()])
    if settled.problems:
        raise BrokenSource(" ".join(settled.problems))
    video = {rung.name: await _join(context, job, rung.name, settled, folder) for rung in ladder.rungs}
    audio = {rendition.name: await _sound(context, job, rendition.name, settled, folder) for rendition in ladder.audio}
    return Assembled(video, audio, settled.duration_s, settled.frames)


async def _join(context: TranscodingContext, job: Job, name: str, settled: Settled, folder: Path) -> Path:
    joined = folder / f"{name}.mp4"
    for number in range(settled.use_chunks):
        async with context.library.storage.localize(piece_key(job, number, name), folder) as chunk:
            await asyncio.to_thread(append_chunk, chunk, joined, first=number == 0)
    return joined


def append_chunk(chunk: Path, joined: Path, *, first: bool) -> None:
    """Append a chunk's fragments; the first chunk comes with its header."""
    # "r+b" and a seek, not "ab": sendfile(2) refuses a target that is open for appending
    with chunk.open("rb") as source, joined.open("wb" if first else "r+b") as target:
        target.seek(0, os.SEEK_END)
        offset = 0 if first else fragment_body_offset(source.read(HEAD_BYTES))
        left = os.fstat(source.fileno()).st_size - offset
        target.flush()
        position = offset
        while left > 0:
            moved = os.sendfile(target.fileno(), source.fileno(), position, left)
            if not moved:
                raise OSError(f"{chunk.name} ended early")
            position, left = position + moved, left - moved


async def _sound(context: TranscodingContext, job: Job, name: str, settled: Settled, folder: Path) -> Path:
    whole = folder / f"{name}.mp4"
    async with context.library.storage.localize(piece_key(job, SOUND, name), folder) as piece:
        if not (settled.use_chunks and settled.is_shorter):
            await asyncio.to_thread(shutil.copyfile, piece, whole)
        else:
            argv = trim_audio_argv(context.tools.ffmpeg, piece, whole, settled.duration_s)
            await run(argv, limits=context.limits(context.settings.encode_timeout_s))
    return whole
