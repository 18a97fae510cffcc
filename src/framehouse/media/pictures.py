"""Pictures that somebody uploads as a poster frame: which format the bytes are in, how ffmpeg makes a poster of them,
and how large that came out.

The format is told by the first bytes and handed to ffmpeg, so that only that format's reader ever sees them.
"""

from enum import StrEnum
from pathlib import Path

from framehouse.media.images import full_range, jpeg

MAX_PIXELS = 50_000_000  # 8K has 33 million; what a picture unfolds to is bounded before it is decoded
_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # ITU-T T.81, table B.1: SOF markers only


class PictureFormat(StrEnum):
    """By the name of ffmpeg's reader for one picture."""

    JPEG = "jpeg_pipe"
    PNG = "png_pipe"
    GIF = "gif"
    WEBP = "webp_pipe"
    ANIMATED_WEBP = "webp_anim"


def picture_format(head: bytes) -> PictureFormat | None:
    """By at least the first 21 bytes; None for anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return PictureFormat.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureFormat.PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return PictureFormat.GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        # WebP Container Specification, "Extended File Format": the second bit of the flags says that it moves.
        is_animated = head[12:16] == b"VP8X" and len(head) > 20 and bool(head[20] & 0x02)
        return PictureFormat.ANIMATED_WEBP if is_animated else PictureFormat.WEBP
    return None


def poster_argv(
    ffmpeg: str | Path,
    picture: Path,
    kind: PictureFormat,
    poster: tuple[Path, tuple[int, int]],
    thumbnail: tuple[Path, tuple[int, int]],
) -> list[str]:
    """A JPEG poster and a thumbnail of a picture's first frame, each fitted into its box and never enlarged.

    The picture is turned upright as its camera says. Nothing of its metadata is in the result.
    """
    (poster_path, poster_box), (thumbnail_path, thumbnail_box) = poster, thumbnail
    graph = [
        # Where the picture is transparent it becomes black, whatever colour is hidden there.
        "[0:v:0]format=gbrap,premultiply=inplace=1,format=gbrp,split=2[p][q]",
        f"[p]{_fitted(*poster_box)},setsar=1,{full_range()}[poster]",
        f"[q]{_fitted(*thumbnail_box)},setsar=1,{full_range()}[thumb]",
    ]
    return [
        *(str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
        *("-max_pixels", str(MAX_PIXELS)),
        # One reader and plain files only: a picture names no others to open.
        *("-f", kind.value, "-protocol_whitelist", "file", "-i", f"file:{picture}"),
        *("-filter_complex", ";".join(graph)),
        *("-map", "[poster]", "-map_metadata", "-1", *jpeg(3), f"file:{poster_path}"),
        *("-map", "[thumb]", "-map_metadata", "-1", *jpeg(5), f"file:{thumbnail_path}"),
    ]


def _fitted(max_width: int, max_height: int) -> str:
    """As `images.fit`, in ffmpeg's own arithmetic: only it knows the size of the upright picture."""
    scale = f"min(1\\,min({max_width}/iw\\,{max_height}/ih))"
    width, height = (f"max(2\\,2*round({side}*{scale}/2))" for side in ("iw", "ih"))
    return f"scale=w={width}:h={height}:flags=lanczos"


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG file (ITU-T T.81, B.2.2); None when it has no frame header."""
    at = 2  # after the start of image
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in _START_OF_FRAME:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
