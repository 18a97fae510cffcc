"""Codec strings and frame rates, from configurations as encoders write them."""

from fractions import Fraction

import pytest

from framehouse.kernel.errors import UnsupportedMedia
from framehouse.media.codec_strings import aac_codec, avc_codec, is_idr, named_rate


def test_codec_strings() -> None:
    assert avc_codec(bytes.fromhex("0164001fffe1001967")) == "avc1.64001f"
    assert aac_codec(bytes.fromhex("1190")) == "mp4a.40.2"
    assert aac_codec(bytes.fromhex("2b11")) == "mp4a.40.5"
    assert aac_codec(bytes.fromhex("f940")) == "mp4a.40.42"
    for broken in (b"", b"\0\0\0\1\x67\x64\0\x1f"):
        with pytest.raises(UnsupportedMedia):
            avc_codec(broken)


def test_entry_points_are_told_from_other_intra_pictures() -> None:
    configuration = bytes.fromhex("0164001fff")
    parameters, sei = bytes.fromhex("0000000267640000000168"), bytes.fromhex("00000003060500")
    assert is_idr(parameters + bytes.fromhex("000000036588aa"), configuration)
    assert not is_idr(sei + bytes.fromhex("000000034188aa"), configuration)
    assert not is_idr(b"", configuration)


@pytest.mark.parametrize(
    ("rate", "named"),
    [
        (Fraction(2997, 100), Fraction(30000, 1001)),
        (Fraction(30), Fraction(30)),
        (Fraction(23976, 1000), Fraction(24000, 1001)),
        (Fraction(324450000, 11216969), Fraction(28925, 1000)),
        (Fraction(1, 100_000), Fraction(1, 1000)),
    ],
)
def test_rates(rate: Fraction, named: Fraction) -> None:
    assert named_rate(rate) == named
