"""Where the tracks of a Matroska file end and how heavy its audio is, which its index does not say: read off the last
seconds. Runs only in the confined child; the rest of the index is in `source_indexing`.
"""

# Packet is generic for type checkers only: its annotations must not be evaluated.
from __future__ import annotations

from av.audio.stream import AudioStream
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from framehouse.kernel.errors import UnsupportedMedia
from framehouse.playback.source_reader import OpenSource


class Tail:
    """What was read of one Matroska track after the last key frame of the video."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.last: tuple[int, int] | None = None
        self.size_bytes = 0

    def add(self, packet: Packet[Stream]) -> None:
        if packet.pts is None:
            return
        self.first = packet.pts if self.first is None else min(self.first, packet.pts)
        self.size_bytes += packet.size
        if self.last is None or packet.pts > self.last[0]:
            self.last = (packet.pts, packet.duration or 0)

    def end(self, otherwise: int) -> int:
        return sum(self.last) if self.last else otherwise

    def rate_bps(self, timescale: int) -> int:
        span = self.end(0) - (self.first or 0)
        return self.size_bytes * 8 * timescale // span if span > 0 else 0


def matroska_tails(source: OpenSource, pictures: list[VideoStream], sounds: list[AudioStream]) -> dict[int, Tail]:
    """Matroska says neither where each track ends nor how heavy it is; both are read off the last seconds. The cues'
    last key frame but a few, so that every track has samples there."""
    tails: dict[int, Tail] = {}
    for stream in (*pictures[:1], *sounds):
        lead: Stream = pictures[0] if pictures else stream
        entries = lead.index_entries
        if not len(entries):
            raise UnsupportedMedia("The source has no index (cues).")
        tail = tails[stream.index] = Tail()
        for back in (1, 4, len(entries)):
            for packet in source.packets(stream, lead, entries[max(0, len(entries) - back)].timestamp):
                tail.add(packet)
            if tail.last:
                break
    return tails
