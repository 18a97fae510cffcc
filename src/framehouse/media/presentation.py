"""What a player needs to know of one playable thing: its tracks, their segments, its protection.

One model feeds both manifest writers (`hls`, `dash`) whether the segments are cut on demand from the source
or come from the encoded ladder. Nothing here knows where the bytes are; URIs are relative to the presentation's base:
`{track_id}/init.mp4`, `{track_id}/{number}.m4s`, `{text_id}.vtt`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Literal

from framehouse.kernel.errors import InvalidInput

TRACK_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}\Z")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")
TextKind = Literal["subtitles", "captions", "chapters", "descriptions"]


@dataclass(frozen=True)
class Run:
    """`count` segments in a row (at least 1) of the same duration."""

    duration_ticks: int
    count: int


@dataclass(frozen=True)
class SegmentTimeline:
    """Consecutive segments without gaps, run-length coded. `start_ticks` is the earliest presentation time in the
    first, on the media timeline (for video that is later than its `tfdt` by the delay of B-frames)."""

    runs: tuple[Run, ...]
    start_ticks: int = 0

    @classmethod
    def of(cls, durations_ticks: Iterable[int], start_ticks: int = 0) -> "SegmentTimeline":
        runs = tuple(Run(duration, sum(1 for _ in same)) for duration, same in groupby(durations_ticks))
        if any(run.duration_ticks <= 0 for run in runs):
            raise InvalidInput("A segment must last at least one tick.")
        return cls(runs, start_ticks)

    def __len__(self) -> int:
        return sum(run.count for run in self.runs)

    @property
    def total_ticks(self) -> int:
        return sum(run.duration_ticks * run.count for run in self.runs)

    @property
    def end_ticks(self) -> int:
        return self.start_ticks + self.total_ticks

    def durations_ticks(self) -> Iterator[int]:
        for run in self.runs:
            for _ in range(run.count):
                yield run.duration_ticks


@dataclass(frozen=True)
class _Segmented:
    """What video and audio tracks share. `id` is also the folder's name in the URI.

    `presentation_offset_ticks` is the media time at which the presentation's zero lies: what is before it
    (AAC priming) is decoded and not heard. `bandwidth_bps` is the peak of any one segment.
    """

    id: str
    codec: str  # RFC 6381
    timescale: int
    segments: SegmentTimeline
    bandwidth_bps: int
    average_bps: int

    def __post_init__(self) -> None:
        check_track_id(self.id)
        if self.timescale <= 0 or not self.segments.runs:
            raise InvalidInput(f"Track {self.id} needs a timescale and at least one segment.")


@dataclass(frozen=True)
class VideoTrack(_Segmented):
    """`width` and `height` are those shown, after rotation and with square pixels."""

    width: int
    height: int
    frame_rate: Fraction
    presentation_offset_ticks: int = 0
    init_name: str = "init.mp4"
    segment_name: str = "{number}.m4s"


@dataclass(frozen=True)
class AudioTrack(_Segmented):
    """`language` is BCP 47 or `und`; tracks of one `group` are alternatives of each other in HLS."""

    language: str
    name: str
    channels: int
    sample_rate_hz: int
    default: bool = False
    group: str = "audio"
    presentation_offset_ticks: int = 0
    init_name: str = "init.mp4"
    segment_name: str = "{number}.m4s"


@dataclass(frozen=True)
class TextTrack:
    """A WebVTT side file that covers the whole presentation."""

    id: str
    language: str
    name: str
    kind: TextKind = "subtitles"
    default: bool = False
    forced: bool = False

    def __post_init__(self) -> None:
        check_track_id(self.id)

    @property
    def url(self) -> str:
        return f"{self.id}.vtt"


@dataclass(frozen=True)
class Protection:
    """Common encryption (ISO/IEC 23001-7) with one key for all tracks. `key_id` and `iv` are 32 hexadecimal digits,
    `pssh` whole `pssh` boxes in base64; the addresses are written as given and may be relative."""

    key_id: str
    scheme: Literal["cbcs"] = "cbcs"
    pssh: tuple[str, ...] = ()
    license_url: str | None = None
    hls_key_uri: str | None = None
    iv: str | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9a-f]{32}", self.key_id):
            raise InvalidInput("A key id is 32 lower-case hexadecimal digits.")


@dataclass(frozen=True)
class Presentation:
    """Immutable; a changed set of tracks is another presentation under another base."""

    duration_ms: int
    video: tuple[VideoTrack, ...] = ()
    audio: tuple[AudioTrack, ...] = ()
    text: tuple[TextTrack, ...] = ()
    protection: Protection | None = None

    def __post_init__(self) -> None:
        ids = [track.id for track in (*self.video, *self.audio, *self.text)]
        if len(set(ids)) != len(ids):
            raise InvalidInput("Two tracks of a presentation have the same id.")
        if not self.video and not self.audio:
            raise InvalidInput("A presentation needs a video or an audio track.")

    def segmented(self) -> tuple[VideoTrack | AudioTrack, ...]:
        return (*self.video, *self.audio)

    def track(self, track_id: str) -> VideoTrack | AudioTrack | TextTrack | None:
        return next((t for t in (*self.video, *self.audio, *self.text) if t.id == track_id), None)


def check_track_id(track_id: str) -> None:
    """Track ids become folder names and XML ids, so they are plain: raises InvalidInput otherwise."""
    if not TRACK_ID.match(track_id) or track_id[0].isdigit():
        raise InvalidInput(f"{track_id!r} cannot be a track id: a letter, then letters, digits, '-' or '_'.")


def language_tag(language: str) -> str | None:
    """The language as manifests may carry it: None if unknown (`und`) or not shaped as a tag (RFC 5646, 2.1)."""
    return language if language != "und" and LANGUAGE.match(language) else None
