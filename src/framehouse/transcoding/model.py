"""What is encoded: presets, the ladder planned for one source, and its chunks. Data only; plans are made in `ladder`
and `chunks`, argument vectors in `media.encode`."""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from framehouse.media.encode import AudioRendition, FrameSpan, Rung, Timeline
from framehouse.media.filters import PictureConversion


class OutputKind(Enum):
    """What a preset ends in."""

    ADAPTIVE = "adaptive"
    """CMAF for HLS and DASH, a ladder of rungs."""
    DOWNLOAD = "download"
    """One MP4 file with one rung."""
    AUDIO = "audio"
    """Sound only: CMAF and an MP4 file."""


@dataclass(frozen=True)
class Preset:
    """A named recipe. `max_height` is the short side of the 16:9 box that no rung leaves; 0 for sound only."""

    name: str
    description: str
    kind: OutputKind
    max_height: int
    is_protected: bool
    creates_download: bool
    video_codec: str = "h264"
    audio_codec: str = "aac"


@dataclass(frozen=True)
class Ladder:
    """All that one source becomes under one preset; rungs largest first."""

    preset: str
    rungs: tuple[Rung, ...]
    audio: tuple[AudioRendition, ...]
    timeline: Timeline
    conversion: PictureConversion
    video_index: int
    """Stream index of the video in the source; -1 without video."""
    frames: int
    """Output frames of every rung, repeated ones at the end included; 0 without video."""
    tail_frames: int
    """How many of them repeat the last picture because the sound goes on."""
    duration_s: Fraction

    @property
    def segment_s(self) -> Fraction:
        return self.rungs[0].segment_s if self.rungs else Fraction(4)


@dataclass(frozen=True)
class Chunk:
    """A part of the video that one process encodes in all rungs."""

    number: int
    span: FrameSpan
    is_last: bool
