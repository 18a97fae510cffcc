"""Reading of ISO base media boxes (ISO/IEC 14496-12): enough to join fragmented files and to know what a segment holds.

Works on bytes in memory; of a segment only the part before `mdat`'s payload is needed. Writing boxes is not here.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from framehouse.kernel.errors import InvalidInput

_NON_SYNC = 0x10000


@dataclass(frozen=True)
class Box:
    kind: str
    start: int
    """Of the box's header."""
    payload: int
    end: int


@dataclass(frozen=True)
class InitFacts:
    """What a segment's initialisation part says of its one track."""

    handler: str
    timescale: int
    media_time: int
    """Ticks that the edit list (`elst`) takes off every presentation time; 0 without one."""
    default_duration: int
    default_flags: int
    codec_config: bytes
    """The decoder configuration (`avcC` or `esds` payload): equal in all chunks that may be joined."""
    is_encrypted: bool
    key_id: bytes


@dataclass(frozen=True)
class SegmentFacts:
    """One media segment (one or more fragments) in ticks of its track; the edit list is already applied."""

    decode_time: int
    first_pts: int
    end_pts: int
    duration: int
    samples: int
    sync_pts: tuple[int, ...]
    starts_with_sync: bool


def iter_boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes side by side in a range; a last box may reach beyond the data (a head of a file was read)."""
    limit = len(data) if end is None else min(end, len(data))
    while start + 8 <= limit:
        size, kind = struct.unpack_from(">I4s", data, start)
        payload = start + 8
        if size == 1 and start + 16 <= limit:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            payload = start + 16
        stop = limit if size == 0 else start + size
        if stop < payload:
            raise InvalidInput(f"A box at byte {start} claims {size} bytes, less than its own header.")
        yield Box(kind.decode("latin-1"), start, payload, stop)
        start = stop


def find_boxes(data: bytes, path: str, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """All boxes at a path such as `moov/trak/mdia/mdhd`."""
    head, _, rest = path.partition("/")
    for box in iter_boxes(data, start, end):
        if box.kind != head:
            continue
        if not rest:
            yield box
        else:
            yield from find_boxes(data, rest, box.payload, box.end)


def fragment_body_offset(head: bytes) -> int:
    """Where the first fragment of a fragmented file begins: from there on, later chunks are appended to the first.

    `head` is the file's beginning (64 KiB are plenty). Raises InvalidInput when there is no fragment in it.
    """
    for box in iter_boxes(head):
        if box.kind in {"moof", "styp", "sidx", "prft", "emsg"}:
            return box.start
    raise InvalidInput("The file has no fragment: it is empty or not a fragmented MP4.")


def parse_init(data: bytes) -> InitFacts:
    """Facts of `ftyp`+`moov` with one track. Raises InvalidInput when a box that must be there is missing."""
    try:
        mdhd = next(find_boxes(data, "moov/trak/mdia/mdhd"))
        hdlr = next(find_boxes(data, "moov/trak/mdia/hdlr"))
        stsd = next(find_boxes(data, "moov/trak/mdia/minf/stbl/stsd"))
        trex = next(find_boxes(data, "moov/mvex/trex"))
        timescale = struct.unpack_from(">I", data, mdhd.payload + (20 if data[mdhd.payload] == 1 else 12))[0]
        _, _, duration, _, flags = struct.unpack_from(">5I", data, trex.payload + 4)
    except (StopIteration, struct.error, IndexError) as error:
        raise InvalidInput("The initialisation segment is damaged.") from error
    entry = data[stsd.payload : stsd.end]
    key_at = entry.find(b"tenc")
    # tenc (ISO/IEC 23001-7): version+flags, reserved, pattern, isProtected, IV size, then the 16 bytes of the key id.
    key_id = entry[key_at + 12 : key_at + 28] if key_at >= 0 else b""
    return InitFacts(
        handler=data[hdlr.payload + 8 : hdlr.payload + 12].decode("latin-1"),
        timescale=timescale,
        media_time=_media_time(data),
        default_duration=duration,
        default_flags=flags,
        codec_config=_configuration(entry),
        is_encrypted=key_at >= 0,
        key_id=key_id,
    )


def _configuration(entry: bytes) -> bytes:
    for kind in (b"avcC", b"esds"):
        at = entry.find(kind)
        if at >= 4:
            size = struct.unpack_from(">I", entry, at - 4)[0]
            return entry[at + 4 : at - 4 + size]
    return b""


def _media_time(data: bytes) -> int:
    """media_time of an edit list with one entry; empty edits (-1) do not occur in what we write."""
    for elst in find_boxes(data, "moov/trak/edts/elst"):
        version, count = data[elst.payload], struct.unpack_from(">I", data, elst.payload + 4)[0]
        if count >= 1:
            layout, at = (">q", elst.payload + 16) if version == 1 else (">i", elst.payload + 12)
            return max(0, struct.unpack_from(layout, data, at)[0])
    return 0


def parse_segment(data: bytes, init: InitFacts) -> SegmentFacts:
    """Facts of one media segment from its `moof` boxes. Raises InvalidInput for a segment without samples."""
    decode_time: int | None = None
    clock = 0
    times: list[tuple[int, int, bool]] = []
    try:
        for traf in find_boxes(data, "moof/traf"):
            tfdt = next(find_boxes(data, "tfdt", traf.payload, traf.end))
            clock = struct.unpack_from(">Q" if data[tfdt.payload] == 1 else ">I", data, tfdt.payload + 4)[0]
            decode_time = clock if decode_time is None else decode_time
            duration, flags = _defaults(data, traf, init)
            for trun in find_boxes(data, "trun", traf.payload, traf.end):
                for span, is_sync, offset in _samples(data, trun, duration, flags):
                    times.append((clock + offset - init.media_time, span, is_sync))
                    clock += span
    except (StopIteration, struct.error, IndexError) as error:
        raise InvalidInput("The segment is damaged or cut off.") from error
    if decode_time is None or not times:
        raise InvalidInput("The segment holds no samples.")
    return SegmentFacts(
        decode_time=decode_time,
        first_pts=min(pts for pts, _, _ in times),
        end_pts=max(pts + span for pts, span, _ in times),
        duration=clock - decode_time,
        samples=len(times),
        sync_pts=tuple(pts for pts, _, is_sync in times if is_sync),
        starts_with_sync=times[0][2],
    )


def _defaults(data: bytes, traf: Box, init: InitFacts) -> tuple[int, int]:
    """Sample duration and flags from `tfhd`, else from `trex` (ISO/IEC 14496-12 section 8.8.7)."""
    tfhd = next(find_boxes(data, "tfhd", traf.payload, traf.end))
    present = struct.unpack_from(">I", data, tfhd.payload)[0] & 0xFFFFFF
    at = tfhd.payload + 8 + (8 if present & 0x1 else 0) + (4 if present & 0x2 else 0)
    duration, flags = init.default_duration, init.default_flags
    if present & 0x8:
        duration = struct.unpack_from(">I", data, at)[0]
        at += 4
    at += 4 if present & 0x10 else 0
    if present & 0x20:
        flags = struct.unpack_from(">I", data, at)[0]
    return duration, flags


def _samples(data: bytes, trun: Box, duration: int, flags: int) -> Iterator[tuple[int, bool, int]]:
    """Duration, sync and composition offset of each sample of a `trun` (ISO/IEC 14496-12 section 8.8.8)."""
    head, count = struct.unpack_from(">II", data, trun.payload)
    version, present = head >> 24, head & 0xFFFFFF
    at = trun.payload + 8 + (4 if present & 0x1 else 0)
    first_flags: int | None = None
    if present & 0x4:
        first_flags = struct.unpack_from(">I", data, at)[0]
        at += 4
    for number in range(count):
        span, offset, own_flags = duration, 0, flags
        if present & 0x100:
            span = struct.unpack_from(">I", data, at)[0]
            at += 4
        at += 4 if present & 0x200 else 0
        if present & 0x400:
            own_flags = struct.unpack_from(">I", data, at)[0]
            at += 4
        elif number == 0 and first_flags is not None:
            own_flags = first_flags
        if present & 0x800:
            offset = struct.unpack_from(">i" if version else ">I", data, at)[0]
            at += 4
        yield span, not own_flags & _NON_SYNC, offset
