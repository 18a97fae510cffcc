"""Pictures by their first bytes, and the size of a JPEG by its frame header."""

import pytest

from framehouse.media.pictures import PictureFormat, jpeg_size, picture_format


def webp(chunk: bytes, flags: int = 0) -> bytes:
    return b"RIFF" + bytes(4) + b"WEBP" + chunk + bytes(4) + bytes([flags]) + bytes(11)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\xff\xd8\xff\xe0", PictureFormat.JPEG),
        (b"\x89PNG\r\n\x1a\n", PictureFormat.PNG),
        (b"GIF87a", PictureFormat.GIF),
        (b"GIF89a", PictureFormat.GIF),
        (webp(b"VP8 "), PictureFormat.WEBP),
        (webp(b"VP8 ", 0x02), PictureFormat.WEBP),
        (webp(b"VP8X", 0x10), PictureFormat.WEBP),
        (webp(b"VP8X", 0x12), PictureFormat.ANIMATED_WEBP),
        (webp(b"VP8X")[:20], PictureFormat.WEBP),
        (b"", None),
        (b"\xff\xd8", None),
        (b"RIFF" + bytes(4) + b"WAVE", None),
        (b"<svg", None),
        (b"%PDF-1.7", None),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(head: bytes, found: PictureFormat | None) -> None:
    assert picture_format(head) is found


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


FRAME = b"\x08" + (360).to_bytes(2, "big") + (640).to_bytes(2, "big") + b"\x03"


@pytest.mark.parametrize("marker", [0xC0, 0xC2])
def test_the_size_of_a_jpeg_is_in_its_frame_header(marker: int) -> None:
    before = segment(0xE0, b"JFIF") + segment(0xC4, b"\xc0" * 30)  # a table is no frame
    assert jpeg_size(b"\xff\xd8" + before + segment(marker, FRAME)) == (640, 360)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8" + segment(0xE0, b"JFIF"),
        b"\xff\xd8" + segment(0xC0, FRAME)[:8],
        b"\xff\xd8garbage that goes on",
    ],
)
def test_a_jpeg_without_a_frame_has_no_size(data: bytes) -> None:
    assert jpeg_size(data) is None
