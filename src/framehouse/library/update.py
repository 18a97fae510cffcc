"""New media for a video in one PUT: which update is open for a video is remembered here, its client keeps nothing.

Uploads and replacements are in `upload` and `replace`; an update is an upload of one part.
"""

from framehouse.kernel import Conflict, InvalidInput, VideoId
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.manage import get_video
from framehouse.library.model import Video
from framehouse.library.store import media
from framehouse.library.upload import (
    abort_upload,
    complete_upload,
    list_upload_parts,
    sign_upload_part,
    start_replacement,
)
from framehouse.library.upload_model import Upload, UploadState

ONLY_PART = 1


async def start_update(
    context: LibraryContext,
    owner: Owner,
    video_id: VideoId,
    file_name: str,
    *,
    size_bytes: int,
    mime_type: str | None = None,
    keeps_statistics: bool = True,
    protected: bool | None = None,
) -> str:
    """A URL to PUT the whole file to. An update that is open already is given up for this one.

    Raises as `start_replacement`.
    """
    before = await _last(context, owner, video_id)
    upload = await start_replacement(
        context, owner, video_id, file_name, size_bytes=size_bytes, mime_type=mime_type,
        keeps_statistics=keeps_statistics, protected=protected,
    )  # fmt: skip
    if before is not None and before.state is UploadState.OPEN:
        await abort_upload(context, owner, before.id)
    return await sign_upload_part(context, owner, upload.id, ONLY_PART)


async def complete_update(context: LibraryContext, owner: Owner, video_id: VideoId) -> Video:
    """What was PUT last takes the place of the video's media once it is ready; repeating it is fine.

    NotFound for the video; Conflict when no update was started, or it is over; InvalidInput while the file, or a part
    of it, has not arrived.
    """
    video = await get_video(context, owner, video_id)
    upload = await _last(context, owner, video_id)
    if upload is None:
        raise Conflict("no update of this file was started: get a signed URL for one first")
    if upload.state is UploadState.COMPLETED:
        return video
    parts = await list_upload_parts(context, owner, upload.id)
    if not parts:
        raise InvalidInput("the file has not arrived yet: PUT it to the signed URL first")
    return await complete_upload(context, owner, upload.id, [(part.number, part.etag) for part in parts])


async def _last(context: LibraryContext, owner: Owner, video_id: VideoId) -> Upload | None:
    async with context.database.read() as tx:
        return await media.last_replacement_upload(tx, owner.tenant_id, video_id)
