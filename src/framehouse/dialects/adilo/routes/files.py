"""Files: uploads in three steps, what is known of one, its downloads, its end."""

from fastapi import APIRouter

from framehouse import library, speech
from framehouse.dialects.adilo import schemas, translate
from framehouse.dialects.adilo.routes.envelope import SUCCESS, said
from framehouse.dialects.gateway import Call, Caller, takes
from framehouse.kernel import to_base64url
from framehouse.library import OutputKind, Video

router = APIRouter(tags=["Files"])


@router.post(
    "/files/upload/start",
    summary="Initiate a file upload",
    description="Step 1 of 3. `uploadId` and `key` name the upload in the next steps; the size is a promise that the "
    "parts are held to.",
    openapi_extra=takes(body=schemas.UploadStart, required=True),
)
async def start_upload(call: Caller) -> schemas.Envelope[schemas.Upload]:
    call.may_change()
    given = await call.body(schemas.UploadStart)
    project = await library.get_project(call.library, call.owner, translate.project_id(given.project_id))
    new = translate.new_video(call.context, call.principal.tenant, project, given)
    upload = await library.start_upload(
        call.library, call.owner, new, size_bytes=int(given.filesize), mime_type=given.mime_type
    )
    answer = schemas.Upload(uploadId=to_base64url(upload.id), key=translate.upload_key(upload))
    return said("The file upload was initiated", answer)


@router.get(
    "/files/upload/get-signed-url/{uploadId}/{partNumber}",
    summary="Get a signed upload URL",
    description="Step 2 of 3: a URL to PUT one part to. Its answer's ETag header is needed in step 3. Parts may be "
    "sent in any order, at the same time and again.",
    openapi_extra=takes(query=schemas.PartUrlQuery),
)
async def sign_part(uploadId: str, partNumber: int, call: Caller) -> schemas.Envelope[schemas.PartUrl]:  # noqa: N803  (the vendor's names)
    call.may_change()
    key = call.query(schemas.PartUrlQuery).key
    upload = await library.get_upload(call.library, call.owner, translate.upload_id(uploadId))
    translate.check_key(upload, key)
    url = await library.sign_upload_part(call.library, call.owner, upload.id, partNumber)
    return said("Signed URL generated", schemas.PartUrl(method="PUT", url=call.links.storage(url)))


@router.post(
    "/files/upload/complete",
    summary="Complete a file upload",
    description="Step 3 of 3: joins the parts into the file. After a mistake in the list nothing is lost: correct it "
    "and call again. Repeating a successful call answers the same file.",
    openapi_extra=takes(body=schemas.UploadComplete, required=True),
)
async def complete_upload(call: Caller) -> schemas.Envelope[schemas.File]:
    call.may_change()
    given = await call.body(schemas.UploadComplete)
    upload = await library.get_upload(call.library, call.owner, translate.upload_id(given.uploadId))
    translate.check_key(upload, given.key)
    parts = [(part.PartNumber, part.ETag) for part in given.parts]
    video = await library.complete_upload(call.library, call.owner, upload.id, parts)
    return said("The file upload was completed", translate.file(call.context, call.links, video))


@router.get(
    "/files/{file_id}/update/get-signed-url",
    summary="Get a signed URL for new media",
    description="Step 1 of 2 of replacing a file's media under the same id: a URL to PUT the whole new file to. The "
    "fields may stand in the query or in a body. Asking again gives up the URL before.",
    openapi_extra=takes(query=schemas.UpdateStart),
)
async def start_update(file_id: str, call: Caller) -> schemas.Envelope[schemas.PartUrl]:
    call.may_change()
    video_id = translate.file_id(file_id)
    await library.get_video(call.library, call.owner, video_id)  # another team's file is no matter of fields
    given = await call.query_or_body(schemas.UpdateStart)
    url = await library.start_update(
        call.library,
        call.owner,
        video_id,
        translate.file_name(given.filename),
        size_bytes=int(given.filesize),
        mime_type=given.mime_type,
        keeps_statistics=not given.clear_statistics,
        protected=given.drm_protection,
    )
    return said("Signed url generated", schemas.PartUrl(method="PUT", url=call.links.storage(url)))


@router.put(
    "/files/{file_id}/update/complete",
    summary="Complete a file's update",
    description="Step 2 of 2. The file plays its old media until the new ones are ready, and keeps its id and "
    "addresses; `status` and `progress` tell how far that is. Repeating the call changes nothing.",
)
async def complete_update(file_id: str, call: Caller) -> schemas.Envelope[schemas.File]:
    call.may_change()
    video = await library.complete_update(call.library, call.owner, translate.file_id(file_id))
    return said("File updated", translate.file(call.context, call.links, video))


@router.get("/files/{file_id}", summary="Get a file", description="By its id; 403 for any other team's id.")
async def get_file(file_id: str, call: Caller) -> schemas.Envelope[schemas.File]:
    video = await _video(call, file_id)
    return said("The file was fetched", translate.file(call.context, call.links, video))


@router.get(
    "/files/{file_id}/meta",
    summary="Get a file's meta data",
    description="What is known of the file, with its subtitles.",
)
async def get_file_meta(file_id: str, call: Caller) -> schemas.Envelope[schemas.FileMeta]:
    video = await _video(call, file_id)
    captions = await library.list_captions(call.library, call.owner, video.id)
    jobs = await speech.jobs_of(call.library, call.owner, video.id)
    file = translate.file(call.context, call.links, video)
    meta = translate.with_subtitles(call.context, call.links, video, file, captions, jobs)
    return said("The file meta data was fetched", meta)


@router.get(
    "/files/{file_id}/download",
    summary="Get download URLs",
    description="One per quality that is ready, the best first, and the uploaded file itself as `original`.",
)
async def download_file(file_id: str, call: Caller) -> schemas.Envelope[list[schemas.Download]]:
    video = await _video(call, file_id)
    made = await library.outputs_of(call.library, [video.id], [OutputKind.DOWNLOAD])
    urls = translate.downloads(call.context, call.links, video, made.get(video.id, []))
    return schemas.Envelope(status=SUCCESS, message="The download urls were generated", payload=urls)


@router.delete("/files/{file_id}", summary="Delete a file", description="It is gone at once for everybody.")
async def delete_file(file_id: str, call: Caller) -> schemas.Envelope[schemas.Deleted]:
    call.may_change()
    await library.delete_video(call.library, call.owner, translate.file_id(file_id))
    return said("The file was deleted", schemas.Deleted(id=file_id))


async def _video(call: Call, file_id: str) -> Video:
    return await library.get_video(call.library, call.owner, translate.file_id(file_id))
