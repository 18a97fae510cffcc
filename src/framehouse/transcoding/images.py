"""Poster frames, thumbnails and the storyboard of a video."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import structlog

from framehouse import library
from framehouse.infra.process import ProcessFailed, run
from framehouse.kernel import SourceId, TenantId, UnsupportedMedia, VideoId, to_hex
from framehouse.media.images import (
    ImageSize,
    fit,
    plan_storyboard,
    poster_times,
    posters_argv,
    storyboard_argv,
    storyboard_vtt,
)
from framehouse.media.probe import parse_probe
from framehouse.transcoding.assemble import Assembled
from framehouse.transcoding.context import TranscodingContext
from framehouse.transcoding.ladder import plan_ladder
from framehouse.transcoding.model import Ladder
from framehouse.transcoding.presets import find_preset

POSTER_BOX_PX = (1280, 720)
THUMBNAIL_BOX_PX = (320, 180)
IMAGES_TIMEOUT_S = 600
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Picture:
    name: str
    file: Path


@dataclass(frozen=True)
class Frame:
    """A poster frame's two files; `size` is the larger one's."""

    number: int
    poster: Path
    thumbnail: Path
    size: ImageSize


async def make_images(context: TranscodingContext, tenant: str, video_number: int, source_number: int) -> None:
    """Four poster frames and their thumbnails, straight from the source. Idempotent."""
    tenant_id, video_id = TenantId(UUID(tenant)), VideoId(video_number)
    async with context.library.database.read() as tx:
        source = await library.source_for_work(tx, tenant_id, SourceId(source_number))
        video = await library.video_for_work(tx, tenant_id, video_id, lock=False)
    if source is None or video is None or source.media_info is None:
        return
    info = parse_probe(json.dumps(source.media_info))
    try:
        ladder = plan_ladder(info, find_preset(video.preset))
    except UnsupportedMedia:
        return
    if info.video is None or not ladder.rungs:
        return
    width, height = info.video.display_width, info.video.display_height
    poster, thumbnail = fit(width, height, *POSTER_BOX_PX), fit(width, height, *THUMBNAIL_BOX_PX)
    with context.workspace("images") as folder:
        times = poster_times(ladder.duration_s)
        files = [(folder / f"poster{n}.jpg", folder / f"thumbnail{n}.jpg") for n in range(len(times))]
        async with context.library.storage.localize(source.object_key, folder) as path:
            argv = posters_argv(
                context.tools.ffmpeg,
                path,
                ladder.video_index,
                ladder.timeline,
                times,
                ladder.conversion,
                poster,
                thumbnail,
                files,
            )
            try:
                await run(argv, limits=context.limits(IMAGES_TIMEOUT_S))
            except ProcessFailed as error:
                log.warning("posters could not be made", video=to_hex(video_id), why=str(error))
        # Without a damaged place in the source; the others still serve.
        whole = [n for n, pair in enumerate(files) if all(file.is_file() for file in pair)]
        frames = [Frame(number, *files[number], poster) for number in whole]
        prefix, made = await store_frames(context, video_id, frames)
    async with context.library.database.write() as tx:
        await library.record_frames(tx, context.clock, tenant_id, video_id, source.id, made, prefix)


async def store_frames(
    context: TranscodingContext, video_id: VideoId, frames: Sequence[Frame]
) -> tuple[str, list[library.Output]]:
    """The promised prefix that the files are under now, and the outputs that are to be recorded."""
    prefix = library.output_prefix(video_id, library.new_output_id())
    async with context.library.database.write() as tx:
        await library.promise_output(tx, context.clock, prefix, library.ABANDONED_AFTER)

    async def store(frame: Frame, kind: library.OutputKind, file: Path, size: tuple[int | None, int | None]) -> None:
        stored = await context.library.storage.put_file(f"{prefix}{kind.value}/{frame.number}.jpg", file)
        id_, name, now = library.new_output_id(), str(frame.number), context.clock.now()
        made.append(library.Output(id_, video_id, kind, name, stored.key, stored.size_bytes, *size, None, None, now))

    made: list[library.Output] = []
    for frame in frames:
        await store(frame, library.OutputKind.POSTER, frame.poster, (frame.size.width, frame.size.height))
        await store(frame, library.OutputKind.THUMBNAIL, frame.thumbnail, (None, None))
    return prefix, made


async def make_storyboard(
    context: TranscodingContext, ladder: Ladder, assembled: Assembled, folder: Path
) -> list[Picture]:
    """Sheets of tiles and the WebVTT that names them, from the smallest rung."""
    rung = ladder.rungs[-1]
    gop_s = Fraction(rung.gop_frames) / rung.frame_rate
    plan = plan_storyboard(assembled.duration_s, gop_s, rung.width, rung.height)
    pattern = folder / "storyboard%d.jpg"
    await run(
        storyboard_argv(context.tools.ffmpeg, assembled.video[rung.name], plan, pattern),
        limits=context.limits(IMAGES_TIMEOUT_S),
    )
    sheets = [Picture(f"{number}.jpg", folder / f"storyboard{number}.jpg") for number in range(1, plan.sheets + 1)]
    text = folder / "storyboard.vtt"
    text.write_text(storyboard_vtt(plan, [sheet.name for sheet in sheets]), encoding="utf-8")
    return [*sheets, Picture("storyboard.vtt", text)]
