"""SproutVideo's requests: each authorises, translates, calls one use case and translates its answer back."""

from typing import Any

from fastapi import APIRouter

from framehouse import library
from framehouse.dialects.gateway import Call, Caller, check_extension, numbered, page_links, parse, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.library import NewVideo, OutputKind, Video, VideoChanges

FILE_FIELD = "source_video"
router = APIRouter(tags=["Videos"])


@router.get(
    "/videos",
    summary="List your videos",
    description="The account's videos a page at a time, the newest first unless asked otherwise. "
    "`next_page` and `previous_page` carry the filters on and are null at the ends.",
    openapi_extra=takes(query=schemas.VideoListQuery),
)
async def list_videos(call: Caller) -> schemas.VideoList:
    given = call.query(schemas.VideoListQuery)
    per_page = min(given.per_page, schemas.PER_PAGE_MAX)
    page = await library.list_videos(call.library, call.owner, translate.query(given, numbered(given.page, per_page)))
    links = page_links(call.links, given.page, per_page, page.total)
    return schemas.VideoList(
        total=page.total, next_page=links.next, previous_page=links.previous, videos=await _answers(call, page.items)
    )


@router.get(
    "/videos/{id}",
    summary="Get a single video",
    description="Embed codes play from the moment the video is playable, `deployed` says that everything is made. "
    "Poster frame URLs answer a placeholder until the pictures exist.",
    responses=refusals(DOCUMENTED, 404),
)
async def get_video(id: str, call: Caller) -> schemas.Video:  # noqa: A002  (the parameter's documented name)
    return await _answer(call, await library.get_video(call.library, call.owner, translate.video_id(id)))


@router.post(
    "/videos",
    summary="Upload a new video",
    description="multipart/form-data with the file in `source_video`. The answer comes when every byte is stored; "
    "the video is then `inspecting`. Fields may stand before or after the file, except `notification_url` and "
    "`folder_id`, which stand before it.",
    openapi_extra=takes(body=schemas.VideoUpload, file=FILE_FIELD),
    responses=refusals(
        DOCUMENTED,
        404,
        413,
        415,
        507,
        _404="There is no such folder.",
        _413="The account's storage quota would be exceeded, or the fields are too large.",
        _415="The file's extension is not supported; `supported_file_extensions` lists those that are.",
    ),
)
async def upload_video(call: Caller) -> schemas.Video:
    call.may_change()
    async with call.upload_form(FILE_FIELD) as form:
        check_extension(form.file_name)
        early = _new_video(call, form.fields, form.file_name)

        def settle() -> NewVideo:
            return _new_video(call, form.fields, form.file_name)

        # Called once before the file's stream ends as well: a wrong field stops the storing.
        data = form.data(lambda _fields: settle() and None)
        video = await library.receive_video(call.library, call.owner, early, data, settle=settle)
    names = parse(schemas.VideoUpload, form.fields).tag_names or []
    return await _answer(call, await _with_named_tags(call, video, names))


@router.put(
    "/videos/{id}",
    summary="Edit a video",
    description="Changes the fields that are sent and no others. `tags` replaces all tags; an empty array clears them.",
    openapi_extra=takes(body=schemas.VideoEdit),
    responses=refusals(DOCUMENTED, 404),
)
async def edit_video(id: str, call: Caller) -> schemas.Video:  # noqa: A002  (as above)
    call.may_change()
    given = await call.body(schemas.VideoEdit)
    changed = await library.change_video(call.library, call.owner, translate.video_id(id), translate.changes(given))
    return await _answer(call, await _with_named_tags(call, changed, given.tag_names or []))


@router.delete(
    "/videos/{id}",
    summary="Delete a video",
    description="The video is gone at once for everybody; its last data is answered.",
    responses=refusals(DOCUMENTED, 404),
)
async def delete_video(id: str, call: Caller) -> schemas.Video:  # noqa: A002  (as above)
    call.may_change()
    video = await library.get_video(call.library, call.owner, translate.video_id(id))
    answer = await _answer(call, video)
    await library.delete_video(call.library, call.owner, video.id)
    return answer


def _new_video(call: Call, fields: dict[str, Any], file_name: str) -> NewVideo:
    return translate.new_video(call.context, call.principal.tenant, parse(schemas.VideoUpload, fields), file_name)


async def _with_named_tags(call: Call, video: Video, names: list[str]) -> Video:
    """The video with tags by name beside the ones it has; those that are missing are made."""
    if not names:
        return video
    tags = [await library.ensure_tag(call.library, call.owner, name) for name in names]
    changes = VideoChanges(tag_ids=(*video.tag_ids, *(tag.id for tag in tags)))
    return await library.change_video(call.library, call.owner, video.id, changes)


async def _answer(call: Call, video: Video) -> schemas.Video:
    return (await _answers(call, [video]))[0]


async def _answers(call: Call, videos: "list[Video] | tuple[Video, ...]") -> list[schemas.Video]:
    downloads = await library.outputs_of(call.library, [video.id for video in videos], [OutputKind.DOWNLOAD])
    links = call.links
    return [translate.video(call.context, links, video, downloads.get(video.id, [])) for video in videos]
