"""Videos: list, get, edit, delete. How they come in is in `uploads`."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Response

from framehouse import library
from framehouse.dialects.gateway import Call, Caller, KeptParts, UploadForm, list_answer, parse, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.answers import answer, with_named_tags
from framehouse.dialects.sproutvideo.routes.lists import around, window
from framehouse.kernel import VideoId
from framehouse.library import OutputKind, Video
from framehouse.media.pictures import picture_format

POSTER_FIELD = "custom_poster_frame"
_ID_BEFORE = b'{"id":"'
HEAD_BYTES = 32  # what tells a picture's format
router = APIRouter(tags=["Videos"])
_kept = KeptParts()


@router.get(
    "/videos",
    summary="List your videos",
    description="The account's videos a page at a time, the newest first unless asked otherwise. "
    "`next_page` and `previous_page` carry the filters on and are null at the ends.",
    openapi_extra=takes(query=schemas.VideoListQuery),
    response_model=schemas.VideoList,
)
async def list_videos(call: Caller) -> Response:
    given = call.query(schemas.VideoListQuery)
    links = call.links
    known: dict[int, bytes] = {}

    def is_known(fingerprint: int) -> bool:
        part = _kept.get((fingerprint, links.viewers))
        if part is not None:
            known[fingerprint] = part
        return part is not None

    query = translate.query(given, window(given))
    page = await library.list_versions(call.library, call.owner, query, [OutputKind.DOWNLOAD], is_known)
    parts: list[bytes] = []
    for version in page.items:
        if version.fingerprint in known:
            parts.append(known[version.fingerprint])
        elif version.video is not None:
            made = translate.video(call.context, links, version.video, version.outputs)
            parts.append(_kept.keep((version.fingerprint, links.viewers), made))
    return list_answer(around(call, given, page.total), "videos", await _with_plays(call, parts))


@router.get(
    "/videos/{id}",
    summary="Get a single video",
    description="Embed codes play from the moment the video is playable, `deployed` says that everything is made. "
    "Poster frame URLs answer a placeholder until the pictures exist.",
    responses=refusals(DOCUMENTED, 404),
)
async def get_video(id: str, call: Caller) -> schemas.Video:  # noqa: A002  (the parameter's documented name)
    return await answer(call, await library.get_video(call.library, call.owner, translate.ids.video_id(id)))


@router.put(
    "/videos/{id}",
    summary="Edit a video",
    description="Changes the fields that are sent and no others. `tags` replaces all tags; an empty array clears them. "
    "In multipart/form-data `custom_poster_frame` may be a picture, which becomes the poster frame.",
    openapi_extra=takes(body=schemas.VideoEdit, optional_file=POSTER_FIELD),
    responses=refusals(DOCUMENTED, 404, 409, 415, 507, _415="The poster frame is no picture that can be read."),
)
async def edit_video(id: str, call: Caller) -> schemas.Video:  # noqa: A002  (as above)
    call.may_change()
    video_id = translate.ids.video_id(id)
    async with call.form(POSTER_FIELD) as form:
        if form.has_file:
            data = _poster(call, video_id, form)
            changed = await library.add_poster(call.library, call.owner, video_id, data)
        else:
            changed = await _change(call, video_id, form.fields)
    return await answer(call, changed)


@router.delete(
    "/videos/{id}",
    summary="Delete a video",
    description="The video is gone at once for everybody; its last data is answered.",
    responses=refusals(DOCUMENTED, 404),
)
async def delete_video(id: str, call: Caller) -> schemas.Video:  # noqa: A002  (as above)
    call.may_change()
    video = await library.get_video(call.library, call.owner, translate.ids.video_id(id))
    last = await answer(call, video)
    await library.delete_video(call.library, call.owner, video.id)
    return last


async def _with_plays(call: Call, parts: list[bytes]) -> list[bytes]:
    """The kept objects say 0 plays, since what is kept must not change with them. Each begins with its id; no text
    inside can look like the field, since its quotes would be escaped."""
    ids = [translate.ids.video_id(part[len(_ID_BEFORE) :].partition(b'"')[0].decode()) for part in parts]
    plays = await call.context.audience.play_counts.of(call.owner.tenant_id, ids)
    return [
        part.replace(b'"plays":0,', b'"plays":%d,' % plays[video], 1) for part, video in zip(parts, ids, strict=True)
    ]


async def _poster(call: Call, video_id: VideoId, form: UploadForm) -> AsyncIterator[bytes]:
    """The picture's bytes. The fields around it are in effect before they end, so that a wrong one stops the storing;
    beside what is no picture, which will be refused, they are not."""
    head = b""
    async for block in form.data(lambda _fields: None):
        head += block[: HEAD_BYTES - len(head)]
        yield block
    if picture_format(head) is not None:
        await _change(call, video_id, form.fields)


async def _change(call: Call, video_id: VideoId, fields: dict[str, Any]) -> Video:
    given = parse(schemas.VideoEdit, fields)
    video = await library.get_video(call.library, call.owner, video_id)
    changes = translate.changes(given, video, call.principal.tenant.profile)
    changed = await library.change_video(call.library, call.owner, video.id, changes)
    return await with_named_tags(call, changed, given.tag_names or [])
