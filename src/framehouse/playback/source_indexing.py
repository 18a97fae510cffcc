"""Builds a `SourceIndex` from an open source: from the container's own index, reading no media but one packet per
track (and, in Matroska, those after the last key frame). Runs only in the confined child.
"""

# Packet is generic for type checkers only: its annotations must not be evaluated.
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from av.audio.stream import AudioStream
from av.index import IndexEntries
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from framehouse.kernel.errors import UnsupportedMedia
from framehouse.media.codec_strings import aac_codec, avc_codec, is_idr, named_rate
from framehouse.media.fragment import init_rotation_degrees
from framehouse.media.source_index import AudioIndex, SourceIndex, VideoIndex
from framehouse.playback.matroska_tails import Tail, matroska_tails
from framehouse.playback.source_reader import OpenSource

AAC_FRAME_SAMPLES = 1024
_REORDER_SAMPLES = 128
# The last key frame must be this near the end for the index to count as complete.
_INDEX_REACH_S = 30
_BROWSER_PROFILES = {66, 77, 88, 100}  # Baseline, Main, Extended, High: all 8-bit 4:2:0 (ISO/IEC 14496-10, annex A)


def index_source(source: OpenSource, file_path: str) -> SourceIndex:
    """Never raises for a source that merely cannot be cut: that is the index's `obstacle`."""
    size_bytes = Path(file_path).stat().st_size
    empty = SourceIndex(source.container.format.name, size_bytes, None, ())
    try:
        streams = list(source.container.streams)
        pictures = [s for s in streams if isinstance(s, VideoStream) and not s.disposition & Disposition.attached_pic]
        sounds = [s for s in streams if isinstance(s, AudioStream)]
        if source.is_matroska and (pictures or sounds):
            _load_cues(source, pictures[0] if pictures else sounds[0])
        tails = matroska_tails(source, pictures, sounds) if source.is_matroska else {}
        audio = _audio_indexes(source, sounds, tails)
        video = _video_index(source, pictures[0], tails, audio) if pictures else None
    except UnsupportedMedia as obstacle:
        return replace(empty, obstacle=str(obstacle))
    return replace(empty, video=video, audio=audio)


def _load_cues(source: OpenSource, stream: Stream) -> None:
    """Matroska's index is read at the first seek only. Without one the library would read the whole file."""
    source.container.seek(0, stream=stream, backward=True)
    entries, duration_s = stream.index_entries, (source.container.duration or 0) / 1_000_000
    if not len(entries) or not duration_s:
        raise UnsupportedMedia("The source has no index (cues).")
    reached_s = entries[len(entries) - 1].timestamp / _timescale(stream)
    if isinstance(stream, VideoStream) and reached_s < duration_s - _INDEX_REACH_S:
        raise UnsupportedMedia("The source has no index (cues) of its whole length.")


def _video_index(
    source: OpenSource, stream: VideoStream, tails: dict[int, Tail], audio: tuple[AudioIndex, ...]
) -> VideoIndex:
    timescale = _timescale(stream)
    codec = _avc_codec(stream)
    entries = stream.index_entries
    if not len(entries) or not entries[0].is_keyframe:
        raise UnsupportedMedia("The source has no index that begins with a key frame.")
    if not source.is_matroska and stream.frames < len(entries):
        raise UnsupportedMedia("The source is a fragmented MP4, which has no index of its whole length.")
    keyframes = list(_keyframes(stream, timescale // 2))
    _check_entry_points(source, stream, keyframes)
    first_pts, delay = _first_times(source, stream, keyframes[0])
    end = tails[stream.index].end(0) if source.is_matroska else _mp4_video_end(stream, delay)
    duration_s = Fraction(source.container.duration or 0, 1_000_000)
    average_bps = _video_rate(source, stream, audio, duration_s)
    context = stream.codec_context
    return VideoIndex(
        stream=stream.index,
        codec=codec,
        timescale=timescale,
        first_pts_ticks=first_pts,
        end_pts_ticks=end,
        presentation_delay_ticks=delay,
        decode_delay_ticks=_reorder_ticks(source, stream, keyframes) if source.is_matroska else delay,
        keyframe_ticks=tuple(keyframes),
        keyframe_bytes=_bytes_between(source, stream, keyframes, average_bps, audio),
        average_bps=average_bps,
        width=round(context.width * (context.sample_aspect_ratio or Fraction(1))),
        height=context.height,
        rotation_degrees=init_rotation_degrees(source.init_segment(stream.index, timescale)),
        frame_rate=named_rate(stream.average_rate or stream.guessed_rate or Fraction(25)),
        index_complete=Fraction(end, timescale) >= duration_s - _INDEX_REACH_S,
    )


def _check_entry_points(source: OpenSource, stream: VideoStream, keyframes: list[int]) -> None:
    """Reads a few key frames all over the film, the second among them: an open GOP shows there first."""
    spread = {1, len(keyframes) - 1, *(len(keyframes) * n // 6 for n in range(6))}
    for number in sorted(spread & set(range(len(keyframes)))):
        packet = next(source.packets(stream, stream, keyframes[number]), None)
        if packet is not None and not is_idr(bytes(packet), stream.codec_context.extradata or bytes(5)):
            raise UnsupportedMedia("Players cannot begin at the key frames of the source (open GOP).")


def _first_times(source: OpenSource, stream: Stream, seek_ticks: int) -> tuple[int, int]:
    """The first sample's presentation time, and how much later that is than its index time."""
    first = next(source.packets(stream, stream, seek_ticks), None)
    index_time = source.index_time(first) if first else None
    if first is None or first.pts is None or index_time is None:
        raise UnsupportedMedia("The source's first video sample has no time.")
    return first.pts, first.pts - index_time


def _reorder_ticks(source: OpenSource, stream: Stream, keyframes: list[int]) -> int:
    """How much later than its presentation time any of the first and of some middle samples would be decoded if samples
    were decoded in the order of their presentation times."""
    deepest = 0
    for begin in (keyframes[0], keyframes[len(keyframes) // 2]):
        packets = source.packets(stream, stream, begin)
        shown = [
            packet.pts for _, packet in zip(range(_REORDER_SAMPLES), packets, strict=False) if packet.pts is not None
        ]
        # The last ones' companions were not read.
        deepest = max([deepest, *(b - a for a, b in zip(shown[:-16], sorted(shown), strict=False))])
    return deepest


def _mp4_video_end(stream: VideoStream, delay_ticks: int) -> int:
    """The end of the last sample, which lasts as long as the one before it."""
    entries = stream.index_entries
    last = entries[len(entries) - 1].timestamp
    step = last - entries[len(entries) - 2].timestamp if len(entries) > 1 else _timescale(stream) // 25
    return last + step + delay_ticks


def _keyframes(stream: VideoStream, least_ticks: int) -> Iterator[int]:
    """Index times of key frames at least that far apart, found by the library's binary search: the index of a long
    film has some hundred thousand entries, of which few are looked at."""
    entries = stream.index_entries
    time = entries[0].timestamp
    while True:
        found = _search(entries, time, backward=False)
        if found < 0:
            return
        entry = entries[found]
        if entry.is_discard and entry.timestamp > entries[0].timestamp + least_ticks:
            raise UnsupportedMedia("An edit list hides parts in the middle of the source.")
        yield entry.timestamp
        time = entry.timestamp + max(1, least_ticks)


def _search(entries: IndexEntries, time: int, *, backward: bool) -> int:
    """The number of the key frame at or before (or after) that time, -1 if there is none."""
    return entries.search_timestamp(time, backward=backward)  # pyright: ignore[reportUnknownMemberType] - untyped


def _bytes_between(
    source: OpenSource, stream: VideoStream, keyframes: list[int], average_bps: int, audio: tuple[AudioIndex, ...]
) -> tuple[int, ...]:
    """This track's bytes from key frame to key frame, estimated from file positions: audio that is interleaved is
    taken off at its mean rate, in the measure in which it is interleaved at all."""
    entries = stream.index_entries
    chosen = [entries[_search(entries, time, backward=True)] for time in keyframes]
    last = entries[len(entries) - 1]
    end = source.container.size if source.is_matroska else last.pos + last.size
    spans = [max(0, b - a) for a, b in zip([e.pos for e in chosen], [*[e.pos for e in chosen[1:]], end], strict=True)]
    times = [*keyframes, max(last.timestamp, keyframes[-1] + 1)]
    seconds = [(b - a) / _timescale(stream) for a, b in pairwise(times)]
    audio_bytes = sum(track.average_bps for track in audio) / 8
    excess = sum(spans) - average_bps / 8 * sum(seconds)
    mixed = min(1.0, max(0.0, excess / (audio_bytes * sum(seconds)))) if audio_bytes else 0.0
    return tuple(max(0, round(span - mixed * audio_bytes * s)) for span, s in zip(spans, seconds, strict=True))


def _audio_indexes(source: OpenSource, streams: list[AudioStream], tails: dict[int, Tail]) -> tuple[AudioIndex, ...]:
    """All AAC tracks. A track in another codec is left out if there is an AAC one: it comes with the encoded ladder."""
    usable = [stream for stream in streams if stream.codec_context.name == "aac" and stream.codec_context.extradata]
    if streams and not usable:
        raise UnsupportedMedia(f"The audio is {streams[0].codec_context.name}, not AAC.")
    return tuple(_audio_index(source, stream, tails) for stream in usable)


def _audio_index(source: OpenSource, stream: AudioStream, tails: dict[int, Tail]) -> AudioIndex:
    base = _timescale(stream)
    context = stream.codec_context
    if context.codec_tag == "enca":
        raise UnsupportedMedia("The source is encrypted.")
    timescale = base if base >= context.sample_rate // 2 else context.sample_rate
    frame = round(Fraction((context.frame_size or AAC_FRAME_SAMPLES) * timescale, context.sample_rate))
    entries = stream.index_entries
    if source.is_matroska:
        first = next(source.packets_from_start(stream.index), None)
    else:
        first = next(source.packets(stream, stream, entries[0].timestamp if len(entries) else 0), None)
    if first is None or first.pts is None:
        raise UnsupportedMedia("An audio track of the source has no samples.")
    first_ticks = round(first.pts * Fraction(timescale, base))
    end, average_bps = _audio_extent(source, stream, tails, (first_ticks, frame, timescale))
    return AudioIndex(
        stream=stream.index,
        codec=aac_codec(context.extradata or b""),
        timescale=timescale,
        first_pts_ticks=first_ticks,
        end_pts_ticks=end,
        frame_ticks=frame,
        average_bps=average_bps,
        sample_rate_hz=context.sample_rate,
        channels=context.channels,
        language=stream.language or "und",
        title=(stream.metadata.get("title") or "")[:200],
        default=bool(stream.disposition & Disposition.default),
    )


def _audio_extent(
    source: OpenSource, stream: AudioStream, tails: dict[int, Tail], grid: tuple[int, int, int]
) -> tuple[int, int]:
    """The track's end, in its ticks, and its mean rate in bits per second; `grid` is first time, frame, timescale."""
    first, frame, timescale = grid
    if source.is_matroska:
        base, tail = _timescale(stream), tails[stream.index]
        end = round(Fraction(tail.end(0), base) * timescale)
        return first + max(1, round(Fraction(end - first, frame))) * frame, tail.rate_bps(base)
    entries = stream.index_entries
    if not len(entries):
        raise UnsupportedMedia("The source has no index of its audio.")
    return entries[len(entries) - 1].timestamp + frame, stream.codec_context.bit_rate or 0


def _video_rate(source: OpenSource, stream: VideoStream, audio: tuple[AudioIndex, ...], duration_s: Fraction) -> int:
    """MP4 knows the track's bytes; in Matroska the rest of the file beside the audio is the video."""
    if stream.codec_context.bit_rate:
        return stream.codec_context.bit_rate
    total = round(source.container.size * 8 / duration_s) if duration_s else 0
    return max(0, total - sum(track.average_bps for track in audio))


def _avc_codec(stream: VideoStream) -> str:
    context = stream.codec_context
    if context.name != "h264":
        raise UnsupportedMedia(f"The video is {context.name}, not H.264.")
    if context.codec_tag == "encv":
        raise UnsupportedMedia("The source is encrypted.")
    codec = avc_codec(context.extradata or b"")
    if (context.extradata or b"\0\0")[1] not in _BROWSER_PROFILES:
        raise UnsupportedMedia("Browsers do not play this H.264 profile (more than 8 bits or 4:2:0).")
    return codec


def _timescale(stream: Stream) -> int:
    base = stream.time_base
    if not base or base.numerator != 1:
        raise UnsupportedMedia(f"Stream {stream.index} counts time in an unusual unit.")
    return base.denominator
