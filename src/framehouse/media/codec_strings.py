"""What decoder configurations and samples say to a manifest: codec strings (RFC 6381), whether a picture is a real
entry point, and frame rates as people name them.
"""

from fractions import Fraction

from framehouse.kernel.errors import UnsupportedMedia

_IDR = 5
COMMON_RATES = tuple(
    Fraction(rate) * scale for rate in (24, 25, 30, 48, 50, 60) for scale in (Fraction(1), Fraction(1000, 1001))
)


def avc_codec(configuration: bytes) -> str:
    """`avc1.PPCCLL` from an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1): profile, constraints, level.
    Raises UnsupportedMedia for anything else, such as a bare byte stream."""
    if len(configuration) < 7 or configuration[0] != 1:
        raise UnsupportedMedia("The H.264 stream has no decoder configuration of its own.")
    return f"avc1.{configuration[1:4].hex()}"


def is_idr(sample: bytes, configuration: bytes) -> bool:
    """Whether an H.264 sample has an IDR picture (NAL unit type 5; ISO/IEC 14496-10, 7.4.1), so that decoding may begin
    there; containers also mark other intra pictures (open GOP), at which browsers do not seek."""
    prefix = (configuration[4] & 0b11) + 1
    position = 0
    while position + prefix < len(sample):
        if sample[position + prefix] & 0b11111 == _IDR:
            return True
        position += prefix + int.from_bytes(sample[position : position + prefix], "big")
    return False


def aac_codec(configuration: bytes) -> str:
    """`mp4a.40.N` with the audio object type of an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1)."""
    if len(configuration) < 2:
        raise UnsupportedMedia("The AAC stream has no decoder configuration.")
    kind = configuration[0] >> 3
    if kind == 31:
        kind = 32 + ((configuration[0] & 0b111) << 3 | configuration[1] >> 5)
    return f"mp4a.40.{kind}"


def named_rate(rate: Fraction) -> Fraction:
    """The common rate that this one is within 0.04% of (so that 29.97 and 30 stay apart), else thousandths, above 0."""
    near = min(COMMON_RATES, key=lambda common: abs(common - rate))
    if abs(near - rate) <= near * Fraction(4, 10_000):
        return near
    return max(Fraction(1, 1000), Fraction(round(rate * 1000), 1000))
