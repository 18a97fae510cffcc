"""Multipart uploads from the browser: start, sign a part, what has arrived, complete, give up. `/api/uploads`.

The bytes go straight to the signed URLs, not through here.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from framehouse import library
from framehouse.console.answers import json_answer, no_content
from framehouse.console.bodies import CompleteBody, UploadBody, read_body
from framehouse.console.context import ConsoleContext
from framehouse.console.sessions import Endpoint, SessionEndpoint, library_owner, reads, writes
from framehouse.console.video_json import installation_prefix, video_json
from framehouse.identity import Permission, Session, Tenant
from framehouse.kernel import InvalidInput, NotFound, UploadId, from_hex, to_hex
from framehouse.library import NewVideo, Privacy, Upload, UploadState

PART_SIZE_BYTES = 16 << 20  # S3 wants at least 5 MiB; a part that was cut off is sent again whole


class UploadRoutes:
    def __init__(self, context: ConsoleContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        identity, one = self._context.identity, "/api/uploads/{id}"

        def uploads(endpoint: SessionEndpoint) -> Endpoint:
            return writes(identity, endpoint, permission=Permission.UPLOAD_VIDEO)

        return [
            Route("/api/uploads", uploads(self.start), methods=["POST"]),
            Route(one, reads(identity, self.upload), methods=["GET"]),
            Route(f"{one}/parts/{{number:int}}", uploads(self.sign_part), methods=["POST"]),
            Route(f"{one}/complete", uploads(self.complete), methods=["POST"]),
            Route(one, uploads(self.abort), methods=["DELETE"]),
        ]

    async def start(self, request: Request, session: Session) -> Response:
        body = await read_body(request, UploadBody)
        settings = self._context.settings
        new = NewVideo(
            title=library.title_from(body.file_name),
            file_name=body.file_name,
            privacy=_first_privacy(session.tenant),
            preset=settings.default_preset,
            wants_download=settings.default_downloads,
        )
        upload = await library.start_upload(
            self._context.library,
            library_owner(session),
            new,
            size_bytes=body.size_bytes,
            mime_type=body.mime_type,
            part_size_bytes=PART_SIZE_BYTES,
        )
        return json_answer(_described(upload, []), 201)

    async def upload(self, request: Request, session: Session) -> Response:
        """With the parts that are durable, to resume from; none of an upload that has ended."""
        context, owner = self._context.library, library_owner(session)
        upload = await library.get_upload(context, owner, _upload_id(request))
        parts: list[dict[str, Any]] = []
        if upload.state is UploadState.OPEN:
            found = await library.list_upload_parts(context, owner, upload.id)
            parts = [{"number": part.number, "sizeBytes": part.size_bytes, "etag": part.etag} for part in found]
        return json_answer(_described(upload, parts))

    async def sign_part(self, request: Request, session: Session) -> Response:
        number = request.path_params["number"]
        url = await library.sign_upload_part(self._context.library, library_owner(session), _upload_id(request), number)
        return json_answer({"url": self._on_own_origin(request, url)})

    async def complete(self, request: Request, session: Session) -> Response:
        """The new video; the same one when repeated."""
        body = await read_body(request, CompleteBody)
        parts = [(part.number, part.etag) for part in body.parts]
        video = await library.complete_upload(self._context.library, library_owner(session), _upload_id(request), parts)
        return json_answer(await video_json(self._context, request, video), 201)

    async def abort(self, request: Request, session: Session) -> Response:
        await library.abort_upload(self._context.library, library_owner(session), _upload_id(request))
        return no_content()

    def _on_own_origin(self, request: Request, url: str) -> str:
        """The installation's own storage under the name that the page was opened with; a bucket's URL as it is."""
        own = f"{self._context.settings.local_url}/storage/"
        return f"{installation_prefix(request)}/storage/{url.removeprefix(own)}" if url.startswith(own) else url


def _first_privacy(tenant: Tenant) -> Privacy:
    """The tenant's own default; a password level falls back to private, since no password was chosen yet."""
    try:
        wanted = Privacy(tenant.default_privacy)
    except ValueError:
        raise InvalidInput(f"The account's default privacy {tenant.default_privacy!r} is unknown.") from None
    return Privacy.PRIVATE if wanted is Privacy.PASSWORD else wanted


def _described(upload: Upload, parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": to_hex(upload.id),
        "state": upload.state.value,
        "sizeBytes": upload.size_bytes,
        "partSizeBytes": PART_SIZE_BYTES,
        "expiresAt": upload.expires_at.isoformat(),
        "parts": parts,
    }


def _upload_id(request: Request) -> UploadId:
    upload_id = from_hex(request.path_params["id"])
    if upload_id is None:
        raise NotFound("there is no such upload")
    return UploadId(upload_id)
