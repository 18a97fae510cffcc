"""Pictures of a video: poster frames and thumbnails from the source, the storyboard's tiles and its WebVTT text.

Cheap for two hours of film: posters decode one key frame each after a seek, the storyboard decodes only the key
frames of the smallest rendition. Which poster is chosen, and where files lie, is decided above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from framehouse.media.encode import Timeline, input_argv
from framehouse.media.filters import PictureConversion, deinterlace_chain, smaller_chain, source_chain

TILE_WIDTH_PX = 160
TILES_PER_SIDE = 10
MAX_TILES = 500
EXACT_POSTERS_UNTIL_S = 60
POSTER_SHARES = (Fraction(1, 10), Fraction(3, 10), Fraction(1, 2), Fraction(7, 10))


@dataclass(frozen=True)
class ImageSize:
    width: int
    height: int


@dataclass(frozen=True)
class Storyboard:
    """Tiles of a sprite: tile i shows the picture at i * interval_s; `sheets` files of 10 x 10 tiles."""

    tile_width: int
    tile_height: int
    interval_s: Fraction
    every_nth_keyframe: int
    tiles: int
    sheets: int
    duration_s: Fraction


def poster_times(duration_s: Fraction) -> list[Fraction]:
    """Four times spread over the film, none at its black beginning or its credits."""
    return [duration_s * share for share in POSTER_SHARES]


def posters_argv(
    ffmpeg: str | Path,
    source: str | Path,
    stream_index: int,
    timeline: Timeline,
    times_s: Sequence[Fraction],
    conversion: PictureConversion,
    poster: ImageSize,
    thumbnail: ImageSize,
    outputs: Sequence[tuple[Path, Path]],
) -> list[str]:
    """One JPEG poster and one thumbnail per time, in one process with a seek for each.

    In a long film the key frame at or before the time is taken; in a short one, where key frames may be few, the
    frame itself.
    """
    is_long = max(times_s, default=Fraction(0)) > EXACT_POSTERS_UNTIL_S
    argv = [str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    graph: list[str] = []
    for number, time_s in enumerate(times_s):
        # noaccurate_seek + nokey: decode exactly one key frame and nothing towards the asked time.
        argv += ["-skip_frame", "nokey", "-noaccurate_seek"] if is_long else []
        # The container's own times where they can be trusted, otherwise counted from its start.
        argv += ["-seek_timestamp", "1"] if timeline.seekable else []
        argv += ["-ss", f"{float(timeline.shift_s + time_s):.3f}"]
        argv += input_argv(source)
        # The key frame lies before the asked time: without its own zero it would be dropped as too early.
        chain = [
            "setpts=PTS-STARTPTS",
            *deinterlace_chain(conversion),
            *source_chain(conversion, poster.width, poster.height),
        ]
        graph.append(f"[{number}:{stream_index}]{','.join(chain)},split=2[p{number}][q{number}]")
        graph.append(f"[p{number}]{full_range()}[poster{number}]")
        small = ",".join(smaller_chain(thumbnail.width, thumbnail.height))
        graph.append(f"[q{number}]{small},{full_range()}[thumb{number}]")
    argv += ["-filter_complex", ";".join(graph)]
    for number, (poster_path, thumbnail_path) in enumerate(outputs):
        argv += ["-map", f"[poster{number}]", *jpeg(3), f"file:{poster_path}"]
        argv += ["-map", f"[thumb{number}]", *jpeg(5), f"file:{thumbnail_path}"]
    return argv


def full_range() -> str:
    """JPEG files are BT.601, full range, whatever the video was (JFIF, ITU-T T.871)."""
    return "scale=out_range=pc:out_color_matrix=bt601,format=yuvj420p"


def jpeg(quality: int) -> list[str]:
    # One picture, no numbering pattern in the name; quality 2 (best) to 31.
    return ["-frames:v", "1", "-update", "1", "-c:v", "mjpeg", "-q:v", str(quality), "-f", "image2"]


def fit(width: int, height: int, max_width: int, max_height: int) -> ImageSize:
    """Largest even size of the same shape inside the box, never larger than the picture, at least 2 x 2."""
    scale = min(Fraction(1), Fraction(max_width, width), Fraction(max_height, height))
    return ImageSize(*(max(2, round(side * scale / 2) * 2) for side in (width, height)))


def plan_storyboard(duration_s: Fraction, gop_s: Fraction, width: int, height: int) -> Storyboard:
    """Interval in whole GOPs so that at most MAX_TILES tiles come out; tiles 160 px wide (portrait: 160 px high)."""
    keyframes = max(1, -(-duration_s // gop_s))
    nth = max(1, -(-keyframes // MAX_TILES))
    tiles = -(-keyframes // nth)
    size = fit(width, height, TILE_WIDTH_PX, TILE_WIDTH_PX)
    return Storyboard(
        tile_width=size.width,
        tile_height=size.height,
        interval_s=gop_s * nth,
        every_nth_keyframe=nth,
        tiles=tiles,
        sheets=-(-tiles // (TILES_PER_SIDE * TILES_PER_SIDE)),
        duration_s=duration_s,
    )


def storyboard_argv(ffmpeg: str | Path, rendition: Path, plan: Storyboard, output_pattern: Path) -> list[str]:
    """Sheets from a joined rung (the smallest will do); `output_pattern` holds `%d`, counted from 1."""
    chain = [
        f"select='not(mod(n,{plan.every_nth_keyframe}))'",
        *smaller_chain(plan.tile_width, plan.tile_height),
        full_range(),
        f"tile={TILES_PER_SIDE}x{TILES_PER_SIDE}",
    ]
    return [
        *(str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
        # Only key frames are decoded: the rung has one every GOP, on the grid, so n counts them.
        *("-skip_frame", "nokey", *input_argv(rendition), "-vf", ",".join(chain)),
        # passthrough: a sheet comes every hundred tiles, and the muxer must not repeat it to keep a rate.
        *("-fps_mode", "passthrough", "-c:v", "mjpeg", "-q:v", "5", "-f", "image2", f"file:{output_pattern}"),
    ]


def storyboard_vtt(plan: Storyboard, sheet_urls: Sequence[str]) -> str:
    """WebVTT whose cues name a tile by a media fragment (`#xywh=`, W3C Media Fragments URI 1.0)."""
    lines = ["WEBVTT", ""]
    per_sheet = TILES_PER_SIDE * TILES_PER_SIDE
    for tile in range(plan.tiles):
        start = tile * plan.interval_s
        end = min(plan.duration_s, start + plan.interval_s)
        row, column = divmod(tile % per_sheet, TILES_PER_SIDE)
        area = f"{column * plan.tile_width},{row * plan.tile_height},{plan.tile_width},{plan.tile_height}"
        lines += [f"{_clock(start)} --> {_clock(end)}", f"{sheet_urls[tile // per_sheet]}#xywh={area}", ""]
    return "\n".join(lines)


def _clock(time_s: Fraction) -> str:
    total_ms = round(time_s * 1000)
    minutes, ms = divmod(total_ms, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{ms // 1000:02d}.{ms % 1000:03d}"
