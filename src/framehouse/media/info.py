"""What a media file holds, as facts: the answer of a probe. Where the facts come from is `probe`; what they allow is
`playable` and the ladder."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class VideoTrack:
    index: int
    codec: str
    profile: str
    level: int
    pix_fmt: str
    bit_depth: int
    width: int
    height: int
    sample_aspect: Fraction
    display_width: int
    """After the pixel aspect ratio and the rotation; square pixels."""
    display_height: int
    rotation_degrees: int
    """Clockwise turn that shows the picture upright: 0, 90, 180 or 270."""
    frame_rate: Fraction
    """Average; 0 when unknown."""
    base_rate: Fraction
    """Lowest rate whose grid holds all time stamps (ffprobe's r_frame_rate); 0 when unknown."""
    is_vfr: bool
    is_interlaced: bool
    color_transfer: str
    color_primaries: str
    color_space: str
    color_range: str
    is_hdr: bool
    start_s: Fraction
    duration_s: Fraction
    """0 when the container does not say."""
    frames: int


@dataclass(frozen=True)
class AudioTrack:
    index: int
    codec: str
    profile: str
    channels: int
    layout: str
    sample_rate_hz: int
    language: str
    title: str
    is_default: bool
    start_s: Fraction
    duration_s: Fraction


@dataclass(frozen=True)
class SubtitleTrack:
    index: int
    codec: str
    language: str
    title: str
    is_text: bool
    is_default: bool
    is_forced: bool


@dataclass(frozen=True)
class MediaInfo:
    container: tuple[str, ...]
    duration_ms: int
    size_bytes: int
    bit_rate_bps: int
    start_s: Fraction
    video: VideoTrack | None
    audio: tuple[AudioTrack, ...]
    subtitles: tuple[SubtitleTrack, ...]

    @property
    def has_reliable_index(self) -> bool:
        """Whether length and seeks can be trusted; if not, the source is first copied to Matroska.

        A recording that a browser or a crashed program left behind has neither a length nor an index.
        """
        return self.duration_ms > 0 and bool({"mov", "mp4", "matroska", "webm"} & set(self.container))


def tracks_text(info: MediaInfo) -> str:
    """One line for logs and `explain`: what the file is."""
    parts = [f"{'/'.join(info.container[:1])} {info.duration_ms / 1000:.1f} s"]
    if info.video:
        v = info.video
        size = f"{v.display_width}x{v.display_height}{' HDR' if v.is_hdr else ''}"
        parts.append(f"{v.codec} {size} {float(v.frame_rate):.5g} fps")
    parts += [f"{a.codec} {a.channels}ch {a.language}" for a in info.audio]
    return ", ".join(parts)
