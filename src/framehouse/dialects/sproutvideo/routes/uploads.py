"""The ways of a file into the account: with a key, by URL, with an upload token from a browser, in place of another."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from framehouse import library
from framehouse.dialects.gateway import (
    AnyVisitor,
    Call,
    Caller,
    UploadForm,
    Visitor,
    check_extension,
    from_any_origin,
    opened_form,
    parse,
    preflight,
    refusals,
    takes,
)
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED, in_vendors_words
from framehouse.dialects.sproutvideo.routes.answers import answer, with_named_tags
from framehouse.identity import Principal, Role
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, FramehouseError, to_hex
from framehouse.library import NewVideo, UploadToken, Video

FILE_FIELD = "source_video"
Admit = Callable[[Transaction], Awaitable[None]]
router = APIRouter(tags=["Videos"])
_413 = "The account's storage quota would be exceeded, or the fields are too large."
_415 = "The file's extension is not supported; `supported_file_extensions` lists those that are."


@router.post(
    "/videos",
    summary="Upload a new video",
    description="multipart/form-data with the file in `source_video`, or any body with its address in "
    "`source_video_url`. The answer comes when every byte is stored, or when the address is noted; the video is then "
    "`inspecting`. Fields may stand before or after the file, except `token`, which stands before it. "
    "With an upload token no key is needed, and with its `return_url` the answer is a redirect there.",
    openapi_extra=takes(body=schemas.VideoUpload, optional_file=FILE_FIELD),
    response_model=schemas.Video,
    dependencies=[Depends(from_any_origin)],
    responses=refusals(
        DOCUMENTED, 404, 409, 413, 415, 507, _404="There is no such folder.", _409="The upload token was used already.",
        _413=_413, _415=_415,
    ),
)  # fmt: skip
async def upload_video(visitor: AnyVisitor) -> schemas.Video | Response:
    token: UploadToken | None = None
    if visitor.call is None and "multipart/form-data" not in visitor.request.headers.get("content-type", "").lower():
        raise visitor.refusal()  # before anything of a stranger's body is read
    try:
        async with opened_form(visitor.request, FILE_FIELD) as form:
            if visitor.call is not None:
                return await answer(visitor.call, await _receive(visitor.call, form))
            text, token, bearer = await _bearer(visitor, form)
            call = visitor.admit(bearer)
            form.require_file()
            video = await _receive(call, form, _claim(call, text))
            if token.return_url is None:
                return await answer(call, video)
            return _back(token.return_url, successful="true", video_id=to_hex(video.id))
    except FramehouseError as error:
        if token is None or token.return_url is None:
            raise
        return _back(token.return_url, error_message=in_vendors_words(error.message))


@router.options("/videos", include_in_schema=False, dependencies=[Depends(from_any_origin)])
async def before_upload(request: Request) -> Response:
    """Upload forms that show progress are asked about first by the browser."""
    return preflight(request, "POST, OPTIONS")


@router.post(
    "/videos/{id}/replace",
    summary="Replace a video's file",
    description="multipart/form-data with the new file in `source_video`. Id, embed codes and settings stay; viewers "
    "watch the old version until the new one is ready.",
    openapi_extra=takes(body=schemas.Nothing, file=FILE_FIELD),
    responses=refusals(DOCUMENTED, 404, 409, 413, 415, 507, _413=_413, _415=_415),
)
async def replace_video(id: str, call: Caller) -> schemas.Video:  # noqa: A002  (the parameter's documented name)
    call.may_change()
    video_id = translate.ids.video_id(id)
    async with call.upload_form(FILE_FIELD) as form:
        check_extension(form.file_name)
        data = form.data(lambda _fields: None)
        video = await library.replace_media(call.library, call.owner, video_id, data, form.file_name)
    return await answer(call, video)


@router.post(
    "/upload_tokens",
    summary="Create an upload token",
    description="Lets a browser send one file to `POST /videos` without the key: the form has the token in `token`, "
    "before the file. With `return_url` it is sent there afterwards, with `successful=true` and `video_id`, or with "
    "`error_message`.",
    openapi_extra=takes(body=schemas.UploadTokenCreate),
)
async def create_upload_token(call: Caller) -> schemas.UploadToken:
    call.may_change()
    given = await call.body(schemas.UploadTokenCreate)
    token = await library.issue_upload_token(
        call.library, call.owner, return_url=given.return_url, life_s=given.seconds_valid
    )
    return schemas.UploadToken(token=token)


async def _receive(call: Call, form: UploadForm, admit: Admit | None = None) -> Video:
    """The video of a form or body. `admit` has the last word, in the transaction that makes it."""
    call.may_change()
    given = parse(schemas.VideoUpload, form.fields)
    if not form.has_file and given.source_video_url is not None:
        url = given.source_video_url
        new = translate.new_video(call.context, call.principal.tenant, given, library.file_name_in(url))
        video = await library.receive_from_url(call.library, call.owner, new, url)
        return await with_named_tags(call, video, given.tag_names or [])
    form.require_file()
    check_extension(form.file_name)
    early = _new_video(call, form.fields, form.file_name)

    def settle() -> NewVideo:
        return _new_video(call, form.fields, form.file_name)

    # Called once before the file's stream ends as well: a wrong field stops the storing.
    data = form.data(lambda _fields: settle() and None)
    video = await library.receive_video(call.library, call.owner, early, data, settle=settle, admit=admit)
    return await with_named_tags(call, video, parse(schemas.VideoUpload, form.fields).tag_names or [])


def _new_video(call: Call, fields: dict[str, Any], file_name: str) -> NewVideo:
    return translate.new_video(call.context, call.principal.tenant, parse(schemas.VideoUpload, fields), file_name)


async def _bearer(visitor: Visitor, form: UploadForm) -> tuple[str, UploadToken, Principal]:
    """Whoever has a good token may do on this route what an editor may. Unauthenticated for everybody else."""
    text = parse(schemas.UploadTokenField, form.fields).token
    token = await library.find_upload_token(visitor.context.library, text) if text else None
    if text is None or token is None:
        raise visitor.refusal()
    tenant = await visitor.context.identity.get_tenant(token.tenant_id)
    if not tenant.active:
        raise visitor.refusal()
    return text, token, Principal(tenant, Role.EDITOR)


def _claim(call: Call, text: str) -> Admit:
    """A token is good for one upload: of two at the same moment the one that is stored first has it."""

    async def claim(tx: Transaction) -> None:
        if not await library.use_upload_token(tx, text, call.context.clock.now()):
            raise Conflict("this upload token was used already, or has expired")

    return claim


def _back(return_url: str, **outcome: str) -> Response:
    """303 (RFC 9110 section 15.4.4), so that the browser goes there with GET."""
    query = "&".join(part for part in (urlsplit(return_url).query, urlencode(outcome)) if part)
    return RedirectResponse(urlsplit(return_url)._replace(query=query).geturl(), 303)
