"""Manifests and segments: `/media/{ticket}/{video}/{output}/{file}`, a plain ASGI application for speed.

Each request verifies its ticket and asks no database (see `playback.catalogue`). What follows the ticket in the path is
the same for everybody, so that a cache in front may leave the ticket out of its key.
"""

from dataclasses import replace

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from framehouse.edge.answers import READ_CORS, error_answer, method_not_allowed, not_found, preflight
from framehouse.edge.context import EdgeContext
from framehouse.edge.files import FileAnswer, of_bytes, of_found
from framehouse.kernel import FramehouseError, NotFound, PayloadTooLarge, UnsupportedMedia, VideoId, from_hex, to_hex
from framehouse.library import OutputId
from framehouse.playback import MediaRefusal, Publication, TicketInvalid
from framehouse.playback.license import MAX_REQUEST_BYTES, answer_license_request, content_key

# A presentation's files never change under their output's id.
IMMUTABLE = "public, max-age=31536000, immutable"
# Manifests are as immutable, but a viewer whose access was taken should notice at the next load.
MANIFEST_CACHE = "private, max-age=30"
METHODS = "GET, HEAD, OPTIONS"
LICENSE = "license"
LICENSE_METHODS = "GET, POST, OPTIONS"
log = structlog.get_logger(__name__)


class MediaApp:
    """Takes the path below its mount, or with `/media` before it."""

    def __init__(self, context: EdgeContext) -> None:
        self._playback = context.playback
        self._storage = context.library.storage
        self._secrets = context.library.secrets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(scope, receive)
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> ASGIApp:
        method = scope["method"]
        is_license = str(scope["path"]).endswith(f"/{LICENSE}")
        methods = LICENSE_METHODS if is_license else METHODS
        if method == "OPTIONS":
            return preflight(Request(scope), methods)
        if method not in methods.split(", "):
            return method_not_allowed(methods, READ_CORS)
        try:
            if is_license:
                return await self._license(Request(scope, receive))
            return await self._media(scope)
        except FramehouseError as error:
            if isinstance(error, MediaRefusal):
                _tell_refusal(scope, error)
            if isinstance(error, NotFound | TicketInvalid | UnsupportedMedia):
                return not_found(READ_CORS)  # a forged ticket learns no more than a wrong path
            return error_answer(error, READ_CORS)

    async def _license(self, request: Request) -> ASGIApp:
        """Clear Key's licence by POST, the bare key for HLS by GET; never kept by a cache."""
        publication, _name = await self._publication(request.scope)
        headers = {**READ_CORS, "cache-control": "no-store"}
        secrets = self._secrets
        if request.method == "GET":
            return Response(content_key(publication, secrets), headers=headers, media_type="application/octet-stream")
        body = b""
        async for block in request.stream():
            body += block
            if len(body) > MAX_REQUEST_BYTES:
                raise PayloadTooLarge("A licence request is small.")
        answer = answer_license_request(body, publication, secrets)
        return Response(answer, headers=headers, media_type="application/json")

    async def _publication(self, scope: Scope) -> tuple[Publication, str]:
        """The presentation that a valid ticket opens, and the name below it."""
        parts = _parts(scope)
        if len(parts) != 4:
            raise NotFound("Not found.")
        ticket, video_hex, output_hex, name = parts
        video_id, output_id = from_hex(video_hex), from_hex(output_hex)
        if video_id is None or output_id is None:
            raise NotFound("Not found.")
        client = scope.get("client")
        await self._playback.catalogue.admit(ticket, VideoId(video_id), client[0] if client else "")
        return await self._playback.catalogue.publication(VideoId(video_id), OutputId(output_id)), name

    async def _media(self, scope: Scope) -> ASGIApp:
        publication, name = await self._publication(scope)
        if name.endswith((".m3u8", ".mpd")):
            return self._manifest(publication, name, sd_only=b"type=sd" in scope["query_string"].split(b"&"))
        return await self._file(publication, name)

    def _manifest(self, publication: Publication, name: str, *, sd_only: bool) -> ASGIApp:
        manifest = publication.manifest(name, sd_only=sd_only)
        if manifest is None:
            raise NotFound("Not found.")
        headers = {**READ_CORS, "content-type": manifest.content_type, "cache-control": MANIFEST_CACHE}
        return FileAnswer(of_bytes(manifest.body, manifest.etag), headers)

    async def _file(self, publication: Publication, name: str) -> ASGIApp:
        file = publication.file(name)
        if file is None:
            raise NotFound("Not found.")
        found = await self._playback.segments.find(publication, file)
        headers = {**READ_CORS, "content-type": file.content_type, "cache-control": IMMUTABLE}
        # The name is the version: the same tag whether the bytes were just cut, are a file or lie in a bucket.
        etag = f"{to_hex(publication.output.id)}-{file.track_id}-{file.number}"
        if isinstance(found, bytes):
            return FileAnswer(of_bytes(found, etag), headers)
        return FileAnswer(replace(of_found(self._storage, found), etag=etag), headers)


def _tell_refusal(scope: Scope, error: MediaRefusal) -> None:
    """As `viewers.tell_denial` does for pages. The video is the one of the path, as it was asked for."""
    video = from_hex(_parts(scope)[1])
    log.info("access.denied", video=to_hex(video or 0), place="media", reason=error.reason.value)


def _parts(scope: Scope) -> list[str]:
    path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
    return path.removeprefix("/media/").removeprefix("/").split("/", 3)
