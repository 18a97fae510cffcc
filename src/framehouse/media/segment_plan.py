"""Where a browser-playable source is cut into segments without encoding it, and what its manifests say.

`plan` is a pure function from a `SourceIndex`; the bytes are cut elsewhere, from the bounds decided here.
Video is cut at key frames; audio at the first sample at or after the same instants.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Literal

from framehouse.kernel.errors import UnsupportedMedia
from framehouse.media.presentation import AudioTrack, Presentation, SegmentTimeline, TextTrack, VideoTrack
from framehouse.media.source_index import AudioIndex, SourceIndex, VideoIndex

SEGMENT_S = 4
LONGEST_SEGMENT_S = 12
# A late video is shown by its first picture from the start; longer than this, that would be a wrong film.
LATEST_VIDEO_S = 5
# Some players place the first segment of every HLS playlist at zero: audio would be early by as much as it begins late.
LATEST_AUDIO_S = Fraction(1, 20)
# AAC priming is about 0.05 s; an edit list that hides more means a trimmed clip, which only encoding shows rightly.
LONGEST_HIDDEN_START_S = Fraction(1, 4)


class NotCuttable(UnsupportedMedia):
    """The source cannot be published by cutting and has to be encoded first; the message says why."""


@dataclass(frozen=True)
class CutTrack:
    """One track's cuts. Segment `number` (from 1) holds the samples from `bounds[number - 1]` up to `bounds[number]`;
    the last one holds all the rest.

    Bounds are index times of the source (see `VideoIndex`, `AudioIndex`); `shift_ticks` is added to the source's
    times, the same duration in every track, so that no decoding time is negative (`tfdt` is unsigned).
    `reorder_ticks` is set where the source has no decoding times (Matroska): they are that much before the
    presentation times in order. `lead_ticks` is how much earlier than in the source the first picture is shown, so
    that a video that begins late is there from the presentation's beginning.
    """

    id: str
    stream: int
    kind: Literal["video", "audio"]
    timescale: int
    bounds: tuple[int, ...]
    shift_ticks: int
    frame_ticks: int
    first_pts_ticks: int
    reorder_ticks: int = 0
    lead_ticks: int = 0

    @property
    def segment_count(self) -> int:
        return len(self.bounds) - 1


@dataclass(frozen=True)
class CutPlan:
    """Everything that the cutter and the manifests need; kept with the video so that both always agree."""

    tracks: tuple[CutTrack, ...]
    presentation: Presentation

    def track(self, track_id: str) -> CutTrack | None:
        return next((track for track in self.tracks if track.id == track_id), None)


def plan(index: SourceIndex, text: tuple[TextTrack, ...] = ()) -> CutPlan:
    """Raises NotCuttable with the reason when this source has to be encoded before it can be played."""
    if index.obstacle:
        raise NotCuttable(index.obstacle)
    if index.video is None and not index.audio:
        raise NotCuttable("The source has neither H.264 video nor AAC audio.")
    first_s = min(Fraction(track.first_pts_ticks, track.timescale) for track in _indexed(index))
    if -first_s > LONGEST_HIDDEN_START_S:
        raise NotCuttable(f"An edit list hides the first {float(-first_s):.1f} s of the source.")
    # Where the presentation begins in the source: at its zero, which AAC priming precedes, or at its first sample.
    zero_s = max(Fraction(0), first_s)
    lead_s = _lead_s(index, zero_s)
    shift_s = -min(_first_decoded_s(track, lead_s) for track in _indexed(index))
    video = _video_cuts(index.video, shift_s, lead_s) if index.video else None
    instants = _instants(index, video)
    audio = [_audio_cuts(f"a{n}", track, instants, shift_s) for n, track in enumerate(index.audio, start=1)]
    end_s = max(Fraction(track.end_pts_ticks, track.timescale) for track in _indexed(index))
    default = next((n for n, track in enumerate(index.audio) if track.default), 0)
    presentation = Presentation(
        duration_ms=round((end_s - zero_s) * 1000),
        video=(_video_track(index.video, video, zero_s),) if index.video and video else (),
        audio=tuple(
            _audio_track(track, cuts, zero_s, default=n == default)
            for n, (track, cuts) in enumerate(zip(index.audio, audio, strict=True))
        ),
        text=text,
    )
    return CutPlan((*((video,) if video else ()), *audio), presentation)


def _indexed(index: SourceIndex) -> tuple[VideoIndex | AudioIndex, ...]:
    return (*((index.video,) if index.video else ()), *index.audio)


def _lead_s(index: SourceIndex, zero_s: Fraction) -> Fraction:
    """How long the presentation has begun when the video does."""
    late_s = max((Fraction(track.first_pts_ticks, track.timescale) - zero_s for track in index.audio), default=0)
    if late_s > LATEST_AUDIO_S:
        raise NotCuttable(f"An audio track begins {float(late_s):.1f} s after the video.")
    if not index.video:
        return Fraction(0)
    lead_s = max(Fraction(0), Fraction(index.video.first_pts_ticks, index.video.timescale) - zero_s)
    if lead_s > LATEST_VIDEO_S:
        raise NotCuttable(f"The video begins {float(lead_s):.1f} s after the audio.")
    return lead_s


def _first_decoded_s(track: VideoIndex | AudioIndex, lead_s: Fraction) -> Fraction:
    first_s = Fraction(track.first_pts_ticks, track.timescale)
    if isinstance(track, AudioIndex):
        return first_s
    return first_s - Fraction(track.decode_delay_ticks, track.timescale) - lead_s


def _video_cuts(video: VideoIndex, shift_s: Fraction, lead_s: Fraction) -> CutTrack:
    if not video.index_complete or not video.keyframe_ticks:
        raise NotCuttable("The source has no complete index of its key frames.")
    bounds = _spaced(video.keyframe_ticks, SEGMENT_S * video.timescale)
    end = video.end_pts_ticks - video.presentation_delay_ticks
    if end <= bounds[-1]:
        raise NotCuttable("The video's last key frame lies after its end.")
    bounds.append(end)
    lead = round(lead_s * video.timescale)
    longest_s = max(max(b - a for a, b in pairwise(bounds)), bounds[1] - bounds[0] + lead) / video.timescale
    if longest_s > LONGEST_SEGMENT_S:
        raise NotCuttable(f"Key frames are {longest_s:.1f} s apart; at most {LONGEST_SEGMENT_S} s can be cut.")
    return CutTrack(
        id="v1",
        stream=video.stream,
        kind="video",
        timescale=video.timescale,
        bounds=tuple(bounds),
        shift_ticks=round(shift_s * video.timescale),
        frame_ticks=max(1, round(video.timescale / video.frame_rate)),
        first_pts_ticks=video.first_pts_ticks,
        reorder_ticks=video.decode_delay_ticks - video.presentation_delay_ticks,
        lead_ticks=lead,
    )


def _spaced(keyframes: tuple[int, ...], least: int) -> list[int]:
    bounds = [keyframes[0]]
    for time in keyframes:
        if time - bounds[-1] >= least:
            bounds.append(time)
    return bounds


def _instants(index: SourceIndex, video: CutTrack | None) -> list[Fraction]:
    """The instants, in seconds of the source's presentation, at which all audio is cut; past the video every 4 s."""
    instants: list[Fraction] = []
    end = max((Fraction(track.end_pts_ticks, track.timescale) for track in index.audio), default=Fraction(0))
    begin = min((Fraction(track.first_pts_ticks, track.timescale) for track in index.audio), default=Fraction(0))
    if index.video and video:
        delay = index.video.presentation_delay_ticks
        instants = [Fraction(bound + delay, video.timescale) for bound in video.bounds[1:-1]]
    last = max(instants[-1], begin) if instants else begin
    while (last := last + SEGMENT_S) < end:
        instants.append(last)
    return instants


def _audio_cuts(track_id: str, audio: AudioIndex, instants: list[Fraction], shift_s: Fraction) -> CutTrack:
    """Bounds on the grid of access units; a segment of less than half a second is joined to its neighbour."""
    bounds = [audio.first_pts_ticks]
    least = audio.timescale // 2
    for instant in instants:
        frames = ceil((instant * audio.timescale - audio.first_pts_ticks) / audio.frame_ticks)
        bound = audio.first_pts_ticks + frames * audio.frame_ticks
        if bound - bounds[-1] >= least and audio.end_pts_ticks - bound >= least:
            bounds.append(bound)
    if audio.end_pts_ticks <= bounds[-1]:
        raise NotCuttable("An audio track of the source has no samples.")
    return CutTrack(
        id=track_id,
        stream=audio.stream,
        kind="audio",
        timescale=audio.timescale,
        bounds=(*bounds, audio.end_pts_ticks),
        shift_ticks=round(shift_s * audio.timescale),
        frame_ticks=audio.frame_ticks,
        first_pts_ticks=audio.first_pts_ticks,
    )


def _timeline(cuts: CutTrack, delay_ticks: int) -> SegmentTimeline:
    bounds = [cuts.bounds[0] - cuts.lead_ticks, *cuts.bounds[1:]]
    durations = (b - a for a, b in pairwise(bounds))
    return SegmentTimeline.of(durations, max(0, bounds[0] + delay_ticks + cuts.shift_ticks))


def _video_track(video: VideoIndex, cuts: CutTrack, zero_s: Fraction) -> VideoTrack:
    turned = video.rotation_degrees % 180 != 0
    return VideoTrack(
        id=cuts.id,
        codec=video.codec,
        timescale=cuts.timescale,
        segments=_timeline(cuts, video.presentation_delay_ticks),
        bandwidth_bps=max([video.average_bps, *_segment_rates(video, cuts)]),
        average_bps=video.average_bps,
        width=video.height if turned else video.width,
        height=video.width if turned else video.height,
        frame_rate=video.frame_rate,
        presentation_offset_ticks=round(zero_s * cuts.timescale) + cuts.shift_ticks,
    )


def _segment_rates(video: VideoIndex, cuts: CutTrack) -> Iterator[int]:
    """Bits per second of each segment, from the bytes between key frames."""
    for begin, end in pairwise(cuts.bounds):
        first, last = bisect_left(video.keyframe_ticks, begin), bisect_left(video.keyframe_ticks, end)
        size = sum(video.keyframe_bytes[first:last])
        yield round(size * 8 * video.timescale / max(end - begin, video.timescale // 2))


def _audio_track(audio: AudioIndex, cuts: CutTrack, zero_s: Fraction, *, default: bool) -> AudioTrack:
    return AudioTrack(
        id=cuts.id,
        codec=audio.codec,
        timescale=cuts.timescale,
        segments=_timeline(cuts, 0),
        # AAC in a source is near constant; a fifth above the mean covers the bit reservoir.
        bandwidth_bps=audio.average_bps * 6 // 5,
        average_bps=audio.average_bps,
        language=audio.language,
        name=audio.title or (audio.language if audio.language != "und" else f"Audio {cuts.id[1:]}"),
        channels=audio.channels,
        sample_rate_hz=audio.sample_rate_hz,
        default=default,
        presentation_offset_ticks=round(zero_s * cuts.timescale) + cuts.shift_ticks,
    )
