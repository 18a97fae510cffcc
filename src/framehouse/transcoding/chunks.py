"""Cutting of a planned ladder into chunks, and what the chunks' results add up to. Pure; the durable steps are in
`workflows`.

A chunk is a whole number of segments, so that joining never cuts one; the repeated pictures at the end belong to
the last chunk, whose real pictures they continue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from framehouse.media.encode import FrameSpan
from framehouse.transcoding.model import Chunk, Ladder

CHUNK_S = 60


def plan_chunks(ladder: Ladder, *, chunk_s: int = CHUNK_S) -> tuple[Chunk, ...]:
    """Chunks of about `chunk_s` seconds in order; one chunk when the source cannot be entered in the middle.

    A remainder shorter than half a chunk is added to the last one.
    """
    if not ladder.rungs:
        return ()
    rung = ladder.rungs[0]
    real = ladder.frames - ladder.tail_frames
    segments = max(1, round(chunk_s / rung.segment_s))
    size = segments * rung.segment_frames
    count = 1
    if ladder.timeline.seekable:
        count = max(1, real // size + (1 if real % size >= size // 2 else 0))
    chunks: list[Chunk] = []
    for number in range(count):
        is_last = number == count - 1
        frames = ladder.frames - number * size if is_last else size
        span = FrameSpan(number * size, frames, ladder.tail_frames if is_last else 0)
        chunks.append(Chunk(number, span, is_last))
    return tuple(chunks)


@dataclass(frozen=True)
class Settled:
    """What the encoded chunks really amount to."""

    frames: int
    use_chunks: int
    """Chunks 0..use_chunks-1 are joined; the rest came out empty."""
    duration_s: Fraction
    is_shorter: bool
    """The source ended before its index said so: audio is to be cut to `duration_s`."""
    problems: tuple[str, ...]


def settle(ladder: Ladder, chunks: Sequence[Chunk], frames_by_rung: Sequence[Mapping[str, int]]) -> Settled:
    """Counts of frames per chunk and rung against the plan.

    A source that ends early may leave its last chunks short or empty; a hole in the middle, rungs that differ or
    no frame at all are problems, as sentences.
    """
    rate = ladder.rungs[0].frame_rate
    problems: list[str] = []
    total, used, ended = 0, 0, False
    for chunk, counts in zip(chunks, frames_by_rung, strict=True):
        got = {counts.get(rung.name, 0) for rung in ladder.rungs}
        if len(got) != 1:
            listed = ", ".join(f"{rung.name}: {counts.get(rung.name, 0)}" for rung in ladder.rungs)
            problems.append(f"Chunk {chunk.number} has different numbers of frames in its renditions ({listed}).")
        frames = min(got)
        if frames and ended:
            problems.append(f"Frames are missing before chunk {chunk.number}: the source is damaged in the middle.")
        ended = ended or frames < chunk.span.count
        if frames:
            used, total = chunk.number + 1, total + frames
    if total == 0:
        problems.append("No picture of the video could be decoded.")
    return Settled(total, used, total / rate, total < ladder.frames, tuple(problems))


def settle_sound(ladder: Ladder, encoded_s: Sequence[Fraction]) -> Settled:
    """For a source without video: its length is what came out, since some containers (MP3, ADTS) only estimate it.

    `encoded_s` are the lengths of the encoded renditions. One that has an index and ends a second early was cut off:
    what is there is published, and `is_shorter` says so.
    """
    longest = max(encoded_s, default=Fraction(0))
    problems = () if longest > 0 else ("No sound could be decoded.",)
    is_shorter = ladder.timeline.seekable and longest < ladder.duration_s - 1
    return Settled(0, 0, longest, is_shorter, problems)
