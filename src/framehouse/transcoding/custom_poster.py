"""The poster frame that an owner uploaded: one confined decode into a JPEG of the usual size and its thumbnail."""

from pathlib import Path
from uuid import UUID

from framehouse import library
from framehouse.infra.process import Limits, ProcessFailed, run
from framehouse.kernel import TenantId, UnsupportedMedia, VideoId
from framehouse.media.images import ImageSize
from framehouse.media.pictures import jpeg_size, picture_format, poster_argv
from framehouse.transcoding.context import GIB, TranscodingContext
from framehouse.transcoding.images import POSTER_BOX_PX, THUMBNAIL_BOX_PX, Frame, store_frames

HEAD_BYTES = 32
# What decodes for longer than this, or unfolds to more, is a bomb and not somebody's picture.
CONFINED = Limits(wall_s=60, cpu_s=60, memory_bytes=4 * GIB, file_size_bytes=64 * 1024**2, open_files=64, niceness=5)


async def make_custom_poster(context: TranscodingContext, tenant: str, video_number: int, picture_number: int) -> None:
    """Make and publish the poster of an uploaded picture; UnsupportedMedia when it is no picture. Idempotent."""
    tenant_id, video_id = TenantId(UUID(tenant)), VideoId(video_number)
    async with context.library.database.read() as tx:
        picture = await library.picture_for_work(tx, video_id, library.OutputId(picture_number))
    if picture is None:
        return
    with context.workspace("poster") as folder:
        async with context.library.storage.localize(picture.object_key, folder) as path:
            frame = await decode_picture(context, path, folder)
        prefix, made = await store_frames(context, video_id, [frame])
    async with context.library.database.write() as tx:
        await library.poster_made(tx, context.clock, tenant_id, picture, made, prefix)


async def decode_picture(context: TranscodingContext, path: Path, folder: Path) -> Frame:
    """The frame's files in `folder`. UnsupportedMedia with a sentence when the picture cannot be decoded."""
    with path.open("rb") as file:
        kind = picture_format(file.read(HEAD_BYTES))
    poster, thumbnail = folder / "custom-poster.jpg", folder / "custom-thumbnail.jpg"
    if kind is None:
        raise UnsupportedMedia("it is no picture in JPEG, PNG, WebP or GIF format.")
    argv = poster_argv(context.tools.ffmpeg, path, kind, (poster, POSTER_BOX_PX), (thumbnail, THUMBNAIL_BOX_PX))
    try:
        await run(argv, limits=CONFINED)
        size = jpeg_size(poster.read_bytes())
    except (ProcessFailed, FileNotFoundError) as error:
        raise UnsupportedMedia("it is damaged, too large or not a picture.") from error
    if size is None or not thumbnail.is_file():
        raise UnsupportedMedia("no picture came out of it.")
    return Frame(library.CUSTOM_POSTER, poster, thumbnail, ImageSize(*size))
