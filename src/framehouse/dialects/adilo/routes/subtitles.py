"""Subtitles that are uploaded or generated, and their translations."""

from collections.abc import AsyncIterator

from fastapi import APIRouter

from framehouse import library, speech
from framehouse.dialects.adilo import schemas, translate
from framehouse.dialects.adilo.errors import STYLE, Missing
from framehouse.dialects.adilo.routes.envelope import said
from framehouse.dialects.gateway import Call, Caller, parse, refusals, takes
from framehouse.kernel import InvalidInput, NotFound, PayloadTooLarge
from framehouse.library import CAPTION_MAX_BYTES
from framehouse.speech import InstalledEngines, SpeechKind, SpeechState, language_of

FILE_FIELD = "file"
NO_SUBTITLE = "No subtitle found for this file"
NO_TRANSLATION = "No translation found for this language"
router = APIRouter(tags=["Subtitles"])


@router.post(
    "/files/subtitle/upload",
    summary="Upload a subtitle",
    description="multipart/form-data with a WebVTT, SubRip or SubStation Alpha file in `file`. It takes the place of "
    "the one that was uploaded before in its language. Players that open from now on offer it.",
    openapi_extra=takes(body=schemas.SubtitleRequest, file=FILE_FIELD),
)
async def upload_subtitle(call: Caller) -> schemas.Envelope[schemas.Subtitle]:
    call.may_change()
    async with call.upload_form(FILE_FIELD) as form:
        content = await _bounded(form.data(lambda _: None))
        given = parse(schemas.SubtitleRequest, form.fields)
    video = await library.get_video(call.library, call.owner, translate.file_id(given.file_id))
    tag = language_of(given.language).tag
    caption = await library.add_caption(
        call.library, call.owner, video.id, language=tag, content=content, takes_place=True
    )
    answer = translate.subtitle(call.context, call.links, video, caption)
    return said("The subtitle was uploaded", answer)


@router.post(
    "/files/subtitle/generate",
    summary="Generate a subtitle",
    description="From what is spoken in the file, in the language that is spoken. The answer comes at once; "
    "`GET /files/{file_id}/meta` tells how far the work is. 422 where nothing installed recognises the language.",
    openapi_extra=takes(body=schemas.SubtitleRequest, required=True),
)
async def generate_subtitle(call: Caller) -> schemas.Envelope[schemas.Subtitle]:
    call.may_change()
    given = await call.body(schemas.SubtitleRequest)
    video_id = translate.file_id(given.file_id)
    job = await speech.request_recognition(call.library, _engines(call), call.owner, video_id, given.language)
    return said("The subtitle is generating", translate.work(job))


@router.get(
    "/files/{file_id}/subtitle/download",
    summary="Get a subtitle's download URL",
    description="Of the best one there is: uploaded, embedded in the file, or generated. 404 while there is none, with "
    "what is known of the work on it.",
    openapi_extra=takes(query=schemas.OptionalLanguageQuery),
    responses=refusals(STYLE, 404, _404=f"{NO_SUBTITLE}."),
)
async def download_subtitle(file_id: str, call: Caller) -> schemas.Envelope[schemas.Subtitle]:
    video = await library.get_video(call.library, call.owner, translate.file_id(file_id))
    wanted = call.query(schemas.OptionalLanguageQuery).language
    code = language_of(wanted).tag if wanted else None
    captions = await library.list_captions(call.library, call.owner, video.id)
    caption = translate.best_subtitle(captions, code)
    if caption is None:
        jobs = await speech.jobs_of(call.library, call.owner, video.id)
        raise Missing(translate.missing(NO_SUBTITLE, jobs, SpeechKind.RECOGNITION, code))
    answer = translate.subtitle(call.context, call.links, video, caption)
    return said("The subtitle download url was generated", answer)


@router.post(
    "/files/translation/generate",
    summary="Generate a translation",
    description="Of the file's subtitle, into another language; its times stay. The answer comes at once, as for "
    "subtitles. 404 where there is no subtitle, or nothing installed translates the pair.",
    openapi_extra=takes(body=schemas.SubtitleRequest, required=True),
    responses=refusals(STYLE, 404, _404=f"{NO_TRANSLATION}."),
    tags=["Translation"],
)
async def generate_translation(call: Caller) -> schemas.Envelope[schemas.Subtitle]:
    call.may_change()
    given = await call.body(schemas.SubtitleRequest)
    video = await library.get_video(call.library, call.owner, translate.file_id(given.file_id))
    language = language_of(given.language)
    try:
        job = await speech.request_translation(call.library, _engines(call), call.owner, video.id, None, language.tag)
    except NotFound as error:
        raise Missing(f"{NO_TRANSLATION}: {error.message}") from error
    except InvalidInput as error:
        if error.fields.get("language") == speech.NOT_INSTALLED:
            raise Missing(f"{NO_TRANSLATION}: {error.message}") from error
        raise
    done = job.state is SpeechState.DONE
    return said("The translation was generated" if done else "The translation is generating", translate.work(job))


@router.get(
    "/files/{file_id}/translation/download",
    summary="Get a translation's download URL",
    description="404 until it is there, with what is known of the work on it.",
    openapi_extra=takes(query=schemas.LanguageQuery),
    responses=refusals(STYLE, 404, _404=f"{NO_TRANSLATION}."),
    tags=["Translation"],
)
async def download_translation(file_id: str, call: Caller) -> schemas.Envelope[schemas.Subtitle]:
    video = await library.get_video(call.library, call.owner, translate.file_id(file_id))
    language = language_of(call.query(schemas.LanguageQuery).language)
    captions = await library.list_captions(call.library, call.owner, video.id)
    caption = translate.translation_in(captions, language.tag)
    if caption is None:
        jobs = await speech.jobs_of(call.library, call.owner, video.id)
        raise Missing(translate.missing(NO_TRANSLATION, jobs, SpeechKind.TRANSLATION, language.tag))
    answer = translate.subtitle(call.context, call.links, video, caption)
    return said("The translation download url was generated", answer)


def _engines(call: Call) -> InstalledEngines:
    """Anew for each request: what was installed meanwhile counts."""
    return InstalledEngines(call.context.settings)


async def _bounded(data: AsyncIterator[bytes]) -> bytes:
    content = bytearray()
    async for block in data:
        content += block
        if len(content) > CAPTION_MAX_BYTES:
            problem = f"must have at most {CAPTION_MAX_BYTES} bytes"
            raise PayloadTooLarge(f"the subtitle {problem}", fields={FILE_FIELD: problem})
    return bytes(content)
