"""What the cutter found in a source without reading its media: tracks, key frames, ends and rates.

Written as JSON by the confined child and read by everyone else. The decision what to cut is in `segment_plan`.
"""

import json
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from framehouse.kernel.errors import InvalidInput


@dataclass(frozen=True)
class VideoIndex:
    """One H.264 track. Times are ticks of `timescale`.

    `keyframe_ticks` are the container's index times (decoding times in MP4, presentation times in Matroska),
    thinned to at most two a second; adding `presentation_delay_ticks` makes them presentation times.
    `decode_delay_ticks` is how long before its presentation time the first sample is decoded (B-frames).
    Presentation times before zero are media that an edit list hides.
    """

    stream: int
    codec: str
    timescale: int
    first_pts_ticks: int
    end_pts_ticks: int
    presentation_delay_ticks: int
    decode_delay_ticks: int
    keyframe_ticks: tuple[int, ...]
    keyframe_bytes: tuple[int, ...]  # bytes from each key frame to the next (to the end for the last), this track's own
    average_bps: int
    width: int
    height: int
    rotation_degrees: int
    frame_rate: Fraction
    index_complete: bool


@dataclass(frozen=True)
class AudioIndex:
    """One AAC track. Times are ticks of `timescale`, which is the sample rate where the container's clock is coarser;
    `frame_ticks` is the length of one access unit."""

    stream: int
    codec: str
    timescale: int
    first_pts_ticks: int
    end_pts_ticks: int
    frame_ticks: int
    average_bps: int
    sample_rate_hz: int
    channels: int
    language: str
    title: str
    default: bool


@dataclass(frozen=True)
class SourceIndex:
    """`obstacle` says in a sentence why the source cannot be cut, when the child already knows."""

    container: str
    size_bytes: int
    video: VideoIndex | None
    audio: tuple[AudioIndex, ...]
    obstacle: str | None = None


def index_to_json(index: SourceIndex) -> str:
    body = asdict(index)
    if index.video:
        body["video"]["frame_rate"] = [index.video.frame_rate.numerator, index.video.frame_rate.denominator]
    return json.dumps(body, separators=(",", ":"))


def index_from_json(text: str | bytes) -> SourceIndex:
    """Raises InvalidInput if the text is not an index."""
    try:
        body: dict[str, Any] = json.loads(text)
        video = body["video"]
        if video is not None:
            video["frame_rate"] = Fraction(*video["frame_rate"])
            video["keyframe_ticks"] = tuple(video["keyframe_ticks"])
            video["keyframe_bytes"] = tuple(video["keyframe_bytes"])
        return SourceIndex(
            container=body["container"],
            size_bytes=body["size_bytes"],
            video=VideoIndex(**video) if video is not None else None,
            audio=tuple(AudioIndex(**track) for track in body["audio"]),
            obstacle=body["obstacle"],
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise InvalidInput(f"The source index cannot be read: {error!r}") from error
