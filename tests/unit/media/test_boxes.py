"""Reading of boxes, on bytes built here so that every field is known."""

import struct

import pytest

from framehouse.kernel.errors import InvalidInput
from framehouse.media.boxes import fragment_body_offset, iter_boxes, parse_init, parse_segment


def box(kind: str, *payload: bytes) -> bytes:
    body = b"".join(payload)
    return struct.pack(">I4s", 8 + len(body), kind.encode()) + body


def u32(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def init(*, media_time: int = 1000, timescale: int = 12000) -> bytes:
    stsd = box("stsd", u32(0, 1), box("avc1", b"\0" * 78, box("avcC", b"CONFIG")))
    mdia = box(
        "mdia",
        box("mdhd", u32(0, 0, 0, timescale, 0, 0)),
        box("hdlr", u32(0, 0), b"vide", b"\0" * 13),
        box("minf", box("stbl", stsd)),
    )
    edts = box("edts", box("elst", u32(0, 1, 0, media_time, 0x10000)))
    trex = box("mvex", box("trex", u32(0, 1, 1, 500, 0, 0x10000)))
    return box("ftyp", b"iso5") + box("moov", box("trak", edts, mdia), trex)


def segment(decode_time: int, *, version: int = 0) -> bytes:
    """Three samples of 500 ticks; I, then P shown last, then B."""
    trun = box("trun", u32((version << 24) | 0x804, 3, 0x2000000), struct.pack(">3i", 1000, 1500, 500))
    traf = box("traf", box("tfhd", u32(0x020000, 1)), box("tfdt", u32(0, decode_time)), trun)
    return box("moof", box("mfhd", u32(0, 1)), traf) + box("mdat", b"data")


def test_init_facts() -> None:
    facts = parse_init(init())
    assert (facts.handler, facts.timescale, facts.media_time, facts.codec_config) == ("vide", 12000, 1000, b"CONFIG")
    assert not facts.is_encrypted


@pytest.mark.parametrize("version", [0, 1])
def test_segment_times_have_the_edit_list_applied(version: int) -> None:
    facts = parse_segment(segment(6000, version=version), parse_init(init()))
    assert (facts.decode_time, facts.duration, facts.samples) == (6000, 1500, 3)
    assert (facts.first_pts, facts.end_pts) == (6000, 7500)
    assert (facts.sync_pts, facts.starts_with_sync) == ((6000,), True)


def test_joining_begins_at_the_first_fragment() -> None:
    head = init()
    assert fragment_body_offset(head + segment(0)) == len(head)
    with pytest.raises(InvalidInput):
        fragment_body_offset(head)


@pytest.mark.parametrize("data", [b"", b"\0" * 7, box("moov"), box("ftyp", b"x") + box("moov", box("trak"))])
def test_a_damaged_init_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_init(data)


def test_a_cut_off_segment_is_refused() -> None:
    whole = segment(0)
    facts = parse_init(init())
    for length in range(len(whole) - 12):
        try:
            parse_segment(whole[:length], facts)
        except InvalidInput:
            continue
        pytest.fail(f"{length} bytes of a segment were taken for a whole one")


def test_boxes_that_claim_less_than_their_header_do_not_loop() -> None:
    with pytest.raises(InvalidInput):
        list(iter_boxes(struct.pack(">I4s", 4, b"free") + b"\0" * 16))
