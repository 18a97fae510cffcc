"""WebVTT side files (W3C WebVTT): read leniently, with SubRip as well, and written strictly.

Cue settings, styles and regions are kept out: what players agree on is time and text. Manifests point to the result.
Encodings and other formats are in `subtitle_text`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from framehouse.kernel.errors import InvalidInput

MAX_CUES = 100_000
_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")


@dataclass(frozen=True)
class Cue:
    """Times in milliseconds of the presentation; `text` may have several lines, never an empty one."""

    start_ms: int
    end_ms: int
    text: str


def parse(text: str) -> tuple[Cue, ...]:
    """The cues of a WebVTT or SubRip file, in order of time. Raises InvalidInput if it has no cue at all.

    Blocks that are no cue (notes, styles, broken timings) are passed over, as browsers do (W3C WebVTT, 6.1).
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    cues: list[Cue] = []
    for block in re.split(r"\n[ \t]*\n+", plain):
        cue = _cue(block.split("\n"))
        if cue:
            cues.append(cue)
        if len(cues) > MAX_CUES:
            raise InvalidInput(f"A caption file may have at most {MAX_CUES} cues.")
    if not cues:
        raise InvalidInput("No caption was found in the file; WebVTT or SubRip (.vtt, .srt) is expected.")
    return tuple(sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms)))


def write(cues: Iterable[Cue]) -> str:
    """A WebVTT file; cues that end before they begin are left out."""
    blocks = ["WEBVTT"]
    for cue in cues:
        lines = [line for line in cue.text.replace("-->", "--&gt;").split("\n") if line.strip()]
        if lines and cue.end_ms > cue.start_ms >= 0:
            blocks.append("\n".join([f"{timestamp(cue.start_ms)} --> {timestamp(cue.end_ms)}", *lines]))
    return "\n\n".join(blocks) + "\n"


def timestamp(time_ms: int) -> str:
    """`HH:MM:SS.mmm` (W3C WebVTT, 4.1)."""
    seconds, milliseconds = divmod(time_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{milliseconds:03d}"


def _cue(lines: list[str]) -> Cue | None:
    for position, line in enumerate(lines[:3]):
        timing = _TIMING.match(line)
        if timing:
            start, end = _milliseconds(timing.groups()[:4]), _milliseconds(timing.groups()[4:])
            text = "\n".join(each.rstrip() for each in lines[position + 1 :] if each.strip())
            return Cue(start, end, text) if text and end > start else None
    return None


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))
