"""The last look before anything is published: rules over the facts of packaged renditions. No file is opened here;
the facts come from `media.boxes` (segments) and `media.hls` (playlists).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from framehouse.media.boxes import InitFacts, SegmentFacts

MAX_DRIFT_S = Fraction(50, 1000)
_TICK_S = Fraction(2, 1000)
"""Rounding of playlists (three decimals) and of different time scales."""


@dataclass(frozen=True)
class PackagedRendition:
    """One packaged track: its initialisation, its segments in order and the durations its playlist promises."""

    name: str
    kind: str
    """`video` or `audio`."""
    init: InitFacts
    segments: tuple[SegmentFacts, ...]
    playlist_s: tuple[Fraction, ...]

    def seconds(self, ticks: int) -> Fraction:
        return Fraction(ticks, self.init.timescale)

    @property
    def start_s(self) -> Fraction:
        return self.seconds(self.segments[0].first_pts)

    @property
    def end_s(self) -> Fraction:
        return self.seconds(max(segment.end_pts for segment in self.segments))


def verify_package(
    renditions: Sequence[PackagedRendition],
    *,
    duration_s: Fraction,
    frame_s: Fraction,
    frames: int = 0,
    segment_s: Fraction = Fraction(4),
    must_be_encrypted: bool = False,
) -> list[str]:
    """Everything that is wrong, as sentences; empty when the package may be published.

    `duration_s`, `frames` and `segment_s` are what was planned; `frame_s` is one video frame, or one AAC frame
    (1024/48000 s) when there is no video.
    """
    problems = [f"{r.name} has no segments." for r in renditions if not r.segments]
    whole = [r for r in renditions if r.segments]
    videos = [r for r in whole if r.kind == "video"]
    # Without video, tracks of sound may have different lengths: the longest is the film's.
    whole_s = duration_s if videos else max((r.end_s for r in whole), default=duration_s)
    for rendition in whole:
        own_s = duration_s if videos or rendition.end_s == whole_s else rendition.end_s
        problems += _own_problems(rendition, own_s, frame_s, frames)
        if must_be_encrypted and not rendition.init.is_encrypted:
            problems.append(f"{rendition.name} is not encrypted.")
    problems += _alignment(videos)
    problems += _drift(videos, [r for r in whole if r.kind == "audio"], segment_s)
    return problems if renditions else ["There is nothing in the package."]


def _own_problems(r: PackagedRendition, duration_s: Fraction, frame_s: Fraction, frames: int) -> list[str]:
    problems: list[str] = []
    # AAC comes in packets of 1024 samples: the last one may reach beyond the end.
    slack = frame_s + _TICK_S + (Fraction(1024, 44100) if r.kind == "audio" else 0)
    if abs(r.start_s) > _TICK_S:
        problems.append(f"{r.name} begins at {float(r.start_s):.3f} s instead of 0.")
    if abs(r.end_s - duration_s) > slack:
        problems.append(f"{r.name} lasts {float(r.end_s):.3f} s, the video {float(duration_s):.3f} s.")
    samples = sum(segment.samples for segment in r.segments)
    if r.kind == "video" and frames and samples != frames:
        problems.append(f"{r.name} has {samples} frames instead of {frames}.")
    for number, (left, right) in enumerate(zip(r.segments, r.segments[1:], strict=False), start=1):
        if left.decode_time + left.duration != right.decode_time:
            problems.append(f"{r.name}: segment {number + 1} does not begin where segment {number} ends.")
    late = [n for n, segment in enumerate(r.segments, start=1) if r.kind == "video" and not segment.starts_with_sync]
    if late:
        problems.append(f"{r.name}: segment {late[0]} does not begin with a key frame.")
    return [*problems, *_playlist_problems(r)]


def _playlist_problems(r: PackagedRendition) -> list[str]:
    if len(r.playlist_s) != len(r.segments):
        return [f"{r.name}: the playlist names {len(r.playlist_s)} segments, there are {len(r.segments)}."]
    for number, (promised, segment) in enumerate(zip(r.playlist_s, r.segments, strict=True), start=1):
        if abs(promised - r.seconds(segment.duration)) > _TICK_S:
            real = float(r.seconds(segment.duration))
            return [f"{r.name}: the playlist gives segment {number} {float(promised):.3f} s, it has {real:.3f} s."]
    return []


def _alignment(videos: Sequence[PackagedRendition]) -> list[str]:
    """Players switch rungs at segments and seek to key frames: both must lie at the same times in all rungs."""
    if not videos:
        return []
    first = videos[0]
    problems: list[str] = []
    for other in videos[1:]:
        for number, (a, b) in enumerate(zip(first.segments, other.segments, strict=False), start=1):
            keys_a = [first.seconds(pts) for pts in a.sync_pts]
            if keys_a != [other.seconds(pts) for pts in b.sync_pts]:
                problems.append(f"{other.name} and {first.name} have different key frames in segment {number}.")
                break
        if len(first.segments) != len(other.segments):
            problems.append(f"{other.name} has {len(other.segments)} segments, {first.name} has {len(first.segments)}.")
    return problems


def _drift(videos: Sequence[PackagedRendition], audios: Sequence[PackagedRendition], segment_s: Fraction) -> list[str]:
    """Sound against picture: at the beginning, at the end and in the time line between."""
    problems: list[str] = []
    for audio in audios:
        for video in videos[:1]:
            for place, gap in (("beginning", audio.start_s - video.start_s), ("end", audio.end_s - video.end_s)):
                if abs(gap) > MAX_DRIFT_S:
                    problems.append(f"{audio.name} is {float(gap) * 1000:+.0f} ms off the picture at the {place}.")
        if any(audio.seconds(segment.duration) > segment_s * 2 for segment in audio.segments):
            problems.append(f"{audio.name} has a segment of more than {float(segment_s * 2):g} s.")
    return problems
