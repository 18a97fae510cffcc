"""A player that is not ours: ffmpeg fetches manifests and segments from the edge, decodes them, tells what it saw."""

import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tests.e2e.run_tools import FFMPEG

TIMEOUT_S = 60


@dataclass(frozen=True)
class Heard:
    """One decoded stream: its kind, and its presentation times in seconds."""

    kind: str
    start_s: float
    end_s: float
    frames: int


def watch(url: str | Path) -> list[Heard]:
    """Decode every rung and all the sound to the end; any complaint of the decoder is a failure.

    Every rung, since ffmpeg's HLS reader complains by itself of a variant that it was told to leave out.
    """
    argv = [FFMPEG, "-nostdin", "-hide_banner", "-v", "error", "-xerror", "-i", str(url)]
    # -copyts: times as the manifest has them, not moved to zero; passthrough: no frame is repeated or dropped
    argv += ["-copyts", "-map", "0:v?", "-map", "0:a?", "-fps_mode", "passthrough", "-f", "framecrc", "-"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=TIMEOUT_S)
    assert done.returncode == 0, f"{url}\n{done.stderr[-3000:]}"
    assert not done.stderr.strip(), f"{url}\n{done.stderr[-3000:]}"
    return _streams(done.stdout)


def _streams(told: str) -> list[Heard]:
    """The framecrc muxer prints `#tb` and `#media_type` per stream, then `stream, dts, pts, duration, size, crc`."""
    bases: dict[int, Fraction] = {}
    kinds: dict[int, str] = {}
    spans: dict[int, list[tuple[Fraction, Fraction]]] = {}
    for line in told.splitlines():
        if line.startswith(("#tb ", "#media_type ")):
            name, _, value = line.partition(": ")
            number = int(name.rpartition(" ")[2])
            if name.startswith("#tb"):
                bases[number] = Fraction(value)
            else:
                kinds[number] = value
        elif not line.startswith("#"):
            number, _dts, pts, duration = (int(part) for part in line.split(",")[:4])
            spans.setdefault(number, []).append((pts * bases[number], (pts + duration) * bases[number]))
    return [
        Heard(kinds[n], float(min(a for a, _ in s)), float(max(b for _, b in s)), len(s))
        for n, s in sorted(spans.items())
    ]


def expect_film(heard: list[Heard], duration_s: float, *, video: bool, sounds: int, slack_s: float = 0.05) -> None:
    """The film is as long as it should be, and picture and sound begin and end together within 50 ms."""
    pictures = [one for one in heard if one.kind == "video"]
    heard_sounds = [one for one in heard if one.kind == "audio"]
    assert bool(pictures) is video
    assert len(heard_sounds) == sounds
    for one in heard:
        assert abs(one.end_s - one.start_s - duration_s) <= slack_s, (one, duration_s)
    for picture in pictures:
        for sound in heard_sounds:
            assert abs(sound.start_s - picture.start_s) < 0.05, (picture, sound)
            assert abs(sound.end_s - picture.end_s) < 0.05, (picture, sound)
