"""Subtitles of a video."""

from fastapi import APIRouter

from framehouse import library
from framehouse.dialects.gateway import Call, Caller, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.lists import around, sliced
from framehouse.library import UNCHANGED, Caption

router = APIRouter(tags=["Subtitles"])


@router.get(
    "/videos/{video_id}/subtitles",
    summary="List a video's subtitles",
    description="Those that were sent and those that came with the file, with their text.",
    openapi_extra=takes(query=schemas.ListQuery),
    responses=refusals(DOCUMENTED, 404),
)
async def list_subtitles(video_id: str, call: Caller) -> schemas.SubtitleList:
    given = call.query(schemas.ListQuery)
    captions = await library.list_captions(call.library, call.owner, translate.ids.video_id(video_id))
    subtitles = [await _answer(call, caption) for caption in sliced(given, captions)]
    return schemas.SubtitleList(**around(call, given, len(captions)), subtitles=subtitles)


@router.get(
    "/videos/{video_id}/subtitles/{id}",
    summary="Get a single subtitle",
    description="With its text as WebVTT.",
    responses=refusals(DOCUMENTED, 404),
)
async def get_subtitle(video_id: str, id: str, call: Caller) -> schemas.Subtitle:  # noqa: A002  (the documented name)
    video, caption = translate.ids.video_id(video_id), translate.ids.subtitle_id(id)
    return await _answer(call, await library.get_caption(call.library, call.owner, video, caption))


@router.post(
    "/videos/{video_id}/subtitles",
    summary="Create a new subtitle",
    description="From WebVTT or SubRip. Players that open from now on offer it.",
    openapi_extra=takes(body=schemas.SubtitleCreate, required=True),
    responses=refusals(DOCUMENTED, 404, 409, 507),
)
async def create_subtitle(video_id: str, call: Caller) -> schemas.Subtitle:
    call.may_change()
    given = await call.body(schemas.SubtitleCreate)
    video = translate.ids.video_id(video_id)
    caption = await library.add_caption(call.library, call.owner, video, language=given.language, content=given.content)
    return await _answer(call, caption)


@router.put(
    "/videos/{video_id}/subtitles/{id}",
    summary="Edit a subtitle",
    description="Changes the fields that are sent and no others.",
    openapi_extra=takes(body=schemas.SubtitleEdit),
    responses=refusals(DOCUMENTED, 404, 409, 507),
)
async def edit_subtitle(video_id: str, id: str, call: Caller) -> schemas.Subtitle:  # noqa: A002  (as above)
    call.may_change()
    given = await call.body(schemas.SubtitleEdit)
    video, caption = translate.ids.video_id(video_id), translate.ids.subtitle_id(id)
    changed = await library.change_caption(
        call.library,
        call.owner,
        video,
        caption,
        language=given.language if given.language is not None else UNCHANGED,
        content=given.content if given.content is not None else UNCHANGED,
    )
    return await _answer(call, changed)


@router.delete(
    "/videos/{video_id}/subtitles/{id}",
    summary="Delete a subtitle",
    description="Its last data is answered.",
    responses=refusals(DOCUMENTED, 404),
)
async def delete_subtitle(video_id: str, id: str, call: Caller) -> schemas.Subtitle:  # noqa: A002  (as above)
    call.may_change()
    video, caption = translate.ids.video_id(video_id), translate.ids.subtitle_id(id)
    last = await _answer(call, await library.get_caption(call.library, call.owner, video, caption))
    await library.delete_caption(call.library, call.owner, video, caption)
    return last


async def _answer(call: Call, caption: Caption) -> schemas.Subtitle:
    return translate.subtitle(caption, await library.caption_text(call.library, caption))
