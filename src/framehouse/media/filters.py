"""ffmpeg filter chains that turn any decoded picture into 8-bit BT.709 4:2:0 of a given size with square pixels.

What the sizes are is the ladder's decision; how a chain becomes a process's arguments is `encode` and `images`.
"""

from dataclasses import dataclass

MIN_SIDE_PX = 16
"""One macroblock: smaller H.264 pictures are legal, and decoders in the field refuse them."""


@dataclass(frozen=True)
class PictureConversion:
    """What has to happen to the source's pictures, whatever the target size."""

    deinterlace: bool = False
    hdr_transfer: str = ""
    """`smpte2084` (PQ) or `arib-std-b67` (HLG) to be tone-mapped; empty for SDR."""
    hdr_primaries: str = "bt2020"
    hdr_matrix: str = "bt2020nc"
    in_matrix: str = ""
    """Assumed YCbCr matrix when the source does not say (`bt601` or `bt709`); empty: as tagged."""


def deinterlace_chain(conversion: PictureConversion) -> list[str]:
    """One frame per frame (25i stays 25 fps), only where the decoder flags fields, so that mixed sources survive."""
    return ["bwdif=mode=send_frame:parity=auto:deint=interlaced"] if conversion.deinterlace else []


def source_chain(conversion: PictureConversion, width: int, height: int) -> list[str]:
    """Source picture to SDR BT.709 limited-range yuv420p of exactly this size."""
    if conversion.hdr_transfer:
        return [*_tone_map(conversion, width, height), *_tags()]
    matrix = f":in_color_matrix={conversion.in_matrix}" if conversion.in_matrix else ""
    # Bicubic: what x264 presets are tuned with; full-range and RGB sources come out limited, as players expect.
    scale = f"scale={width}:{height}:flags=bicubic{matrix}:out_color_matrix=bt709:out_range=tv"
    return [scale, "format=yuv420p", *_tags()]


def smaller_chain(width: int, height: int) -> list[str]:
    """From an already converted picture to a smaller one."""
    return [f"scale={width}:{height}:flags=bicubic", "setsar=1"]


def pad_chain(content_width: int, content_height: int, width: int, height: int) -> list[str]:
    """Black borders around a picture that is smaller than the coded frame (only tiny sources)."""
    if (content_width, content_height) == (width, height):
        return []
    return [f"pad={width}:{height}:-1:-1:color=black"]


def _tone_map(conversion: PictureConversion, width: int, height: int) -> list[str]:
    """HDR to SDR on the CPU: linear light, BT.709 primaries, mobius curve (keeps the mid-tones), BT.709 again.

    The scaling comes first because linear float pictures are the dearest. 203 cd/m2 is the reference white of
    ITU-R BT.2408, so that graphics keep the brightness of an SDR programme.
    """
    tags = f"tin={conversion.hdr_transfer}:min={conversion.hdr_matrix}:pin={conversion.hdr_primaries}"
    return [
        f"zscale=w={width}:h={height}:filter=bicubic:{tags}:t=linear:npl=203",
        "format=gbrpf32le",
        "zscale=p=bt709",
        "tonemap=tonemap=mobius:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
        "format=yuv420p",
    ]


def _tags() -> list[str]:
    """Says what the picture now is (players guess by height otherwise), and square pixels."""
    return ["setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709", "setsar=1"]
