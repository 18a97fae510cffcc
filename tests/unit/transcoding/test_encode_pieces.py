"""Progress of a job from its pieces, and the joining of what they made."""

import os
from pathlib import Path

import pytest

from framehouse.transcoding.assemble import append_chunk
from framehouse.transcoding.encode import count_frames, job_percent
from framehouse.transcoding.job import SOUND, Piece, PieceState


def pieces(sound: int | None, *chunks: int) -> list[Piece]:
    numbers = [*([(SOUND, sound)] if sound is not None else []), *enumerate(chunks)]
    return [Piece(1, n, PieceState.RUNNING, percent, 1, None, None, None, None, None) for n, percent in numbers]


@pytest.mark.parametrize(
    ("given", "percent"),
    [
        (pieces(None), 0),
        (pieces(100), 100),
        (pieces(50), 50),
        (pieces(None, 100, 0), 50),
        (pieces(100, 0, 0), 5),
        (pieces(0, 100, 100), 95),
        (pieces(100, 100, 100), 100),
    ],
)
def test_chunks_count_alike_and_the_sound_a_twentieth(given: list[Piece], percent: int) -> None:
    assert job_percent(given) == percent


def box(kind: bytes, payload: bytes = b"") -> bytes:
    return (8 + len(payload)).to_bytes(4, "big") + kind + payload


HEAD = box(b"ftyp", b"isom") + box(b"moov", b"facts")


def body(number: int, size_bytes: int = 1000) -> bytes:
    return box(b"moof", bytes([number])) + box(b"mdat", bytes([number]) * size_bytes)


def test_chunks_are_joined_under_the_first_ones_header(tmp_path: Path) -> None:
    """Three, since appending to a file that is there already is another case than the first."""
    joined = tmp_path / "joined.mp4"
    for number in range(3):
        chunk = tmp_path / f"{number}.mp4"
        chunk.write_bytes(HEAD + body(number, size_bytes=300_000))
        append_chunk(chunk, joined, first=number == 0)
    assert joined.read_bytes() == HEAD + b"".join(body(number, size_bytes=300_000) for number in range(3))


def test_a_first_chunk_replaces_what_an_earlier_attempt_left(tmp_path: Path) -> None:
    chunk, joined = tmp_path / "0.mp4", tmp_path / "joined.mp4"
    chunk.write_bytes(HEAD + body(0))
    joined.write_bytes(os.urandom(5000))
    append_chunk(chunk, joined, first=True)
    assert joined.read_bytes() == HEAD + body(0)


@pytest.mark.parametrize("content", [b"", HEAD, b"not media at all"])
def test_a_file_without_fragments_has_no_frames(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f.mp4").write_bytes(content)
    assert count_frames(tmp_path / "f.mp4") == 0
    assert count_frames(tmp_path / "missing.mp4") == 0
