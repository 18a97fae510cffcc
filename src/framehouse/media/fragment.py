"""Writes one CMAF media segment (`styp`, `moof`, `mdat`) and fits an init segment to it (ISO 14496-12).

Written here and not by a muxer because segments cut apart from each other must still fit together to the tick.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, degrees
from struct import pack, unpack_from

from framehouse.kernel.errors import InvalidInput

_SYNC_SAMPLE = 0x02000000  # depends on no other sample (ISO/IEC 14496-12, 8.8.3.1)
_OTHER_SAMPLE = 0x01010000  # depends on others, is not a sync sample
_DEFAULT_BASE_IS_MOOF = 0x020000
_TRUN_FLAGS = 0x000001 | 0x000100 | 0x000200 | 0x000400 | 0x000800  # data offset; duration, size, flags, composition
_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


@dataclass(frozen=True)
class Sample:
    """One access unit; times on the segment's media timeline, `pts_ticks` not before `dts_ticks`."""

    dts_ticks: int
    pts_ticks: int
    data: bytes
    sync: bool


def write_segment(number: int, samples: Sequence[Sample], end_ticks: int) -> bytes:
    """A segment of samples in decoding order whose last one lasts until `end_ticks`, the next segment's first decoding
    time. Raises InvalidInput if there is no sample, or if times are negative or do not grow.

    Composition offsets are never negative although `trun` version 1 allows it: libavformat, and so many players, show
    fragments that have negative ones late by the largest of them.
    """
    if not samples:
        raise InvalidInput("A segment needs at least one sample.")
    times = [sample.dts_ticks for sample in samples]
    times.append(max(end_ticks, times[-1] + 1))
    if times[0] < 0 or any(a >= b for a, b in pairwise(times)) or any(s.pts_ticks < s.dts_ticks for s in samples):
        raise InvalidInput("The decoding times of a segment are negative or out of order.")
    rows = b"".join(
        pack(
            ">IIIi",
            until - sample.dts_ticks,
            len(sample.data),
            _SYNC_SAMPLE if sample.sync else _OTHER_SAMPLE,
            sample.pts_ticks - sample.dts_ticks,
        )
        for sample, until in zip(samples, times[1:], strict=True)
    )
    moof_size = len(_moof(number, times[0], len(samples), rows, 0))
    moof = _moof(number, times[0], len(samples), rows, moof_size + 8)
    media = b"".join(sample.data for sample in samples)
    return _box(b"styp", b"msdh" + pack(">I", 0) + b"msdhmsixcmfs") + moof + _box(b"mdat", media)


def fit_init(init: bytes, timescale: int) -> bytes:
    """The one-track init segment `init` with its media timescale set (`mdhd`, 8.4.2), all else as it was."""
    at = _find(init, b"mdhd") + 8
    version = init[at]
    position = at + (20 if version == 1 else 12)
    return init[:position] + pack(">I", timescale) + init[position + 4 :]


def init_rotation_degrees(init: bytes) -> int:
    """The clockwise rotation in the track header's matrix (`tkhd`, 8.3.2): 0, 90, 180 or 270."""
    at = _find(init, b"tkhd") + 8
    matrix = at + (52 if init[at] == 1 else 40)
    a, b = unpack_from(">ii", init, matrix)
    return round(degrees(atan2(b, a)) / 90) * 90 % 360


def _find(data: bytes, kind: bytes) -> int:
    """The offset of the first box of that kind, looked for in the track's containers."""
    position, end = 0, len(data)
    while position + 8 <= end:
        size, found = unpack_from(">I4s", data, position)
        if found == kind:
            return position
        if size < 8:
            break
        position += 8 if found in _CONTAINERS else size
    raise InvalidInput(f"The init segment has no {kind.decode()} box.")


def _moof(number: int, decode_ticks: int, count: int, rows: bytes, data_offset: int) -> bytes:
    mfhd = _box(b"mfhd", pack(">II", 0, number))
    tfhd = _box(b"tfhd", pack(">II", _DEFAULT_BASE_IS_MOOF, 1))
    tfdt = _box(b"tfdt", pack(">IQ", 1 << 24, decode_ticks))
    trun = _box(b"trun", pack(">IIi", 1 << 24 | _TRUN_FLAGS, count, data_offset) + rows)
    return _box(b"moof", mfhd + _box(b"traf", tfhd + tfdt + trun))


def _box(kind: bytes, body: bytes) -> bytes:
    return pack(">I4s", len(body) + 8, kind) + body
