"""Segments as boxes. That players take them is proven with real media in the end-to-end tests."""

from struct import unpack_from

import pytest

from framehouse.kernel.errors import InvalidInput
from framehouse.media.fragment import Sample, fit_init, init_rotation_degrees, write_segment


def sample(dts: int, pts: int, data: bytes = b"x") -> Sample:
    return Sample(dts, pts, data, sync=dts == 0)


def test_data_offset_points_at_the_media() -> None:
    segment = write_segment(7, [sample(0, 2, b"one"), sample(1, 4, b"three")], 2)
    moof = segment.index(b"moof") - 4
    trun = segment.index(b"trun")
    offset = unpack_from(">i", segment, trun + 12)[0]
    assert segment[moof + offset :] == b"onethree"
    assert unpack_from(">I", segment, segment.index(b"mfhd") + 8)[0] == 7


@pytest.mark.parametrize(
    "samples",
    [[], [sample(-1, 0)], [sample(1, 0)], [sample(1, 1), sample(1, 2)], [sample(2, 2), sample(1, 2)]],
)
def test_impossible_times_are_refused(samples: list[Sample]) -> None:
    with pytest.raises(InvalidInput):
        write_segment(1, samples, 10)


def test_an_init_segment_without_its_boxes_is_refused() -> None:
    for broken in (b"", b"\0\0\0\0moov", b"\0\0\0\x08free"):
        with pytest.raises(InvalidInput):
            fit_init(broken, 1000)
        with pytest.raises(InvalidInput):
            init_rotation_degrees(broken)
