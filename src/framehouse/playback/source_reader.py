"""Reads sources with the media library: opens them, indexes them, builds init segments and cuts. Runs only in the
confined child (`cutter_process`); what to cut was decided by `media.segment_plan`, what was indexed is in
`media.source_index` terms. MP4/MOV and Matroska only, local files only.
"""

# Packet is generic for type checkers only: its annotations must not be evaluated.
from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Discard, Stream
from av.video.stream import VideoStream

from framehouse.kernel.errors import NotFound, UnsupportedMedia
from framehouse.media.fragment import Sample, fit_init, write_segment

MAX_SEGMENT_BYTES = 256 * 1024 * 1024
# Coarse clocks (Matroska counts milliseconds) put a sample up to one and a half steps beside its place.
_SNAP_S = Fraction(15, 10_000)
# Audio may lie in the file this much before video of the same time; more is looked for step by step.
_INTERLEAVE_S = 2
_LEADING_PICTURES = 64


@dataclass(frozen=True)
class Cut:
    """One segment to cut; the fields are those of `CutTrack`, `end` is None for the track's last segment and
    `lead_ticks` 0 but in its first."""

    number: int
    start: int
    end: int | None
    timescale: int
    shift_ticks: int
    frame_ticks: int
    first_pts_ticks: int
    reorder_ticks: int
    lead_ticks: int


class OpenSource:
    """One open file. Not for several threads. Every method raises UnsupportedMedia (or what the media library raises)
    for a file that is not what it seems; the object stays usable."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.container = _open(path)
        self.is_matroska = "matroska" in self.container.format.name

    def close(self) -> None:
        self.container.close()

    def stream(self, index: int) -> Stream:
        if not 0 <= index < len(self.container.streams):
            raise NotFound(f"The source has no stream {index}.")
        return self.container.streams[index]

    def init_segment(self, index: int, timescale: int) -> bytes:
        """`ftyp` and `moov` for the track alone, without an edit list."""
        stream = self.stream(index)
        if not isinstance(stream, VideoStream | AudioStream):
            raise UnsupportedMedia(f"Stream {index} is neither video nor audio.")
        target = io.BytesIO()
        options = {
            # empty_moov: a moov without samples, written at once; default_base_moof and cmaf: the brands of segments.
            "movflags": "empty_moov+default_base_moof+cmaf",
            # Our media times are already final; an edit list would shift them again.
            "use_editlist": "0",
        }
        with av.open(target, "w", format="mp4", options=options) as output:
            output.add_stream_from_template(stream)  # pyright: ignore[reportUnknownMemberType] - untyped **kwargs
            output.start_encoding()
            output.close()
        return fit_init(_without_tail(target.getvalue()), timescale)

    def cut(self, index: int, cut: Cut) -> bytes:
        """The segment's bytes. Every sample of the track is in exactly one segment of a plan."""
        stream = self.stream(index)
        video = isinstance(stream, VideoStream)
        samples, end_ticks = self._cut_video(stream, cut) if video else self._cut_audio(stream, cut)
        return write_segment(cut.number, samples, end_ticks + cut.shift_ticks)

    def packets(self, stream: Stream, seek_by: Stream, seek_ticks: int) -> Iterator[Packet[Stream]]:
        """The stream's packets from the key frame of `seek_by` at or before `seek_ticks` (in its time base)."""
        for each in self.container.streams:
            each.discard = Discard.default if each.index == stream.index else Discard.all
        self.container.seek(seek_ticks, stream=seek_by, backward=True)
        for packet in self.container.demux(stream):
            if packet.size:
                yield packet

    def packets_from_start(self, index: int) -> Iterator[Packet[Stream]]:
        """All packets of the stream, in a container of their own: in Matroska a seek to the first key frame skips what
        other tracks have before it."""
        with _open(self._path) as container:
            for packet in container.demux(container.streams[index]):
                if packet.size:
                    yield packet

    def index_time(self, packet: Packet[Stream]) -> int | None:
        """The packet's time as the container's index counts: decoding time in MP4, presentation time in Matroska."""
        return packet.pts if self.is_matroska else packet.dts

    def _cut_video(self, stream: Stream, cut: Cut) -> tuple[list[Sample], int]:
        chosen: list[Packet[Stream]] = []
        size, end_ticks = 0, None
        packets = self.packets(stream, stream, cut.start)
        for packet in packets:
            time = self.index_time(packet)
            if packet.pts is None or (time is None and packet.is_keyframe):
                raise UnsupportedMedia("A video sample has no time.")
            if not chosen and (not packet.is_keyframe or time is None or time < cut.start):
                continue
            if chosen and cut.end is not None and packet.is_keyframe and time is not None and time >= cut.end:
                end_ticks = _first_shown(packet, packets) - cut.reorder_ticks if self.is_matroska else time
                break
            size = _within_limit(size + packet.size)
            chosen.append(packet)
        if not chosen:
            raise UnsupportedMedia("The source ends before this segment.")
        if end_ticks is None and cut.end is not None:
            raise UnsupportedMedia("The source ends within this segment.")
        decode_ticks = self._decode_ticks(chosen, cut.reorder_ticks)
        samples = [
            Sample(dts + cut.shift_ticks, (packet.pts or 0) + cut.shift_ticks, bytes(packet), packet.is_keyframe)
            for packet, dts in zip(chosen, decode_ticks, strict=True)
        ]
        first = samples[0]
        samples[0] = replace(
            first, dts_ticks=first.dts_ticks - cut.lead_ticks, pts_ticks=first.pts_ticks - cut.lead_ticks
        )
        last_ticks = decode_ticks[-1] + (chosen[-1].duration or cut.frame_ticks)
        return samples, last_ticks if end_ticks is None else end_ticks

    def _decode_ticks(self, packets: list[Packet[Stream]], reorder_ticks: int) -> list[int]:
        """The source's decoding times; from Matroska, which has none, the presentation times in order, moved back by
        the reordering delay: without state, so that segments join whoever cuts them."""
        if not self.is_matroska:
            return [packet.dts if packet.dts is not None else packet.pts or 0 for packet in packets]
        shown = [packet.pts or 0 for packet in packets]
        times = [time - reorder_ticks for time in sorted(shown)]
        latest = times[-1] + 1
        for position in reversed(range(len(times))):
            # Deeper reordering than the index saw: decoded just in time.
            latest = times[position] = min(times[position], shown[position], latest - 1)
        return times

    def _cut_audio(self, stream: Stream, cut: Cut) -> tuple[list[Sample], int]:
        """Where the file's index does not know the audio samples, starts earlier and earlier until the sample before
        the segment was seen, so that none is missed."""
        back_s = _INTERLEAVE_S
        while True:
            packets, certain = self._audio_packets(stream, cut, back_s)
            samples, seen_before = self._collect_audio(cut, packets)
            if certain or seen_before:
                break
            back_s *= 4
        if not samples:
            raise UnsupportedMedia("The source has no audio samples in this segment.")
        last = samples[-1].dts_ticks - cut.shift_ticks + cut.frame_ticks
        return samples, last if cut.end is None else cut.end

    def _audio_packets(self, stream: Stream, cut: Cut, back_s: int) -> tuple[Iterator[Packet[Stream]], bool]:
        """The stream's packets from some time before the segment on, and whether none of its own can be missing."""
        if not self.is_matroska:
            return self.packets(stream, stream, int(Fraction(cut.start, cut.timescale) / _base(stream))), True
        video = self.container.streams.video
        start_s = Fraction(cut.start, cut.timescale) - back_s
        if video and len(video[0].index_entries):
            seek_ticks = int(start_s / _base(video[0]))
            if seek_ticks > video[0].index_entries[0].timestamp:
                return self.packets(stream, video[0], seek_ticks), False
        return self.packets_from_start(stream.index), True

    def _collect_audio(self, cut: Cut, packets: Iterator[Packet[Stream]]) -> tuple[list[Sample], bool]:
        samples: list[Sample] = []
        size, seen_before = 0, False
        for packet in packets:
            ticks = on_grid(packet, cut)
            if ticks < cut.start:
                seen_before = True
                continue
            if cut.end is not None and ticks >= cut.end:
                break
            size = _within_limit(size + packet.size)
            ticks += cut.shift_ticks
            samples.append(Sample(ticks, ticks, bytes(packet), sync=True))
        return samples, seen_before


def _open(path: str) -> InputContainer:
    try:
        return av.open(
            f"file:{path}",
            "r",
            options={
                # Only these two demuxers: a playlist in disguise must not make us open other files.
                "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm",
                # Only local files, whatever a file refers to.
                "protocol_whitelist": "file",
            },
        )
    except FileNotFoundError as error:
        raise NotFound("The source's file is not there.") from error
    except (FFmpegError, ValueError) as error:
        raise UnsupportedMedia("The source is not an MP4, MOV or Matroska file that can be opened.") from error


def on_grid(packet: Packet[Stream], cut: Cut) -> int:
    """The packet's presentation time in the track's ticks. From a coarser clock it is put onto the grid of access units
    when it is within the clock's rounding of it: without state, so that every segment agrees."""
    if packet.pts is None:
        raise UnsupportedMedia("An audio sample has no presentation time.")
    if packet.time_base == Fraction(1, cut.timescale):
        return packet.pts
    ticks = round(packet.pts * packet.time_base * cut.timescale)
    frames = round(Fraction(ticks - cut.first_pts_ticks, cut.frame_ticks))
    grid = cut.first_pts_ticks + frames * cut.frame_ticks
    return grid if abs(grid - ticks) <= _SNAP_S * cut.timescale else ticks


def _first_shown(keyframe: Packet[Stream], following: Iterator[Packet[Stream]]) -> int:
    """The earliest presentation time from this key frame on: its own, or a leading picture's (open GOP)."""
    first = keyframe.pts if keyframe.pts is not None else 0
    limit = first
    for _, packet in zip(range(_LEADING_PICTURES), following, strict=False):
        if packet.pts is None or packet.pts > limit:
            break
        first = min(first, packet.pts)
    return first


def _within_limit(size: int) -> int:
    if size > MAX_SEGMENT_BYTES:
        raise UnsupportedMedia(f"One segment would be larger than {MAX_SEGMENT_BYTES // 1024 // 1024} MiB.")
    return size


def _base(stream: Stream) -> Fraction:
    if not stream.time_base:
        raise UnsupportedMedia(f"Stream {stream.index} has no time base.")
    return stream.time_base


def _without_tail(data: bytes) -> bytes:
    """Only `ftyp` and `moov`: closing a muxer may add an index of fragments that is not there."""
    position = 0
    while position + 8 <= len(data):
        size, kind = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + 8]
        if kind not in (b"ftyp", b"moov") or size < 8:
            break
        position += size
    return data[:position]
