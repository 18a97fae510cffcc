"""Signed URLs of the file system storage, `/storage/{key}`: PUT one part of an upload, GET an object.

The signature in the query is the whole permission; headers such as Authorization are ignored. Used from browsers on
any origin. Errors carry S3's codes, because clients of signed URLs know those.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from xml.sax.saxutils import escape

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from framehouse.edge.addresses import path_prefix
from framehouse.edge.answers import NO_STORE, READ_CORS, preflight, status_of
from framehouse.edge.context import EdgeContext
from framehouse.edge.endpoints import asgi_route
from framehouse.edge.files import FileAnswer, stored
from framehouse.infra.storage import (
    BadSignature,
    SignedObject,
    SignedPart,
    UrlExpired,
    attachment,
    read_signed_request,
)
from framehouse.kernel import FramehouseError, InvalidInput, NotFound, PayloadTooLarge, StorageFull

METHODS = "GET, HEAD, PUT, OPTIONS"
_CODES: tuple[tuple[type[FramehouseError], str], ...] = (
    (UrlExpired, "AccessDenied"),
    (BadSignature, "SignatureDoesNotMatch"),
    (PayloadTooLarge, "EntityTooLarge"),
    (StorageFull, "InsufficientStorage"),
    (NotFound, "NoSuchUpload"),
    (InvalidInput, "InvalidRequest"),
)


class StorageRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        return [asgi_route("/storage/{key:path}", self.answer, methods=["GET", "HEAD", "PUT", "OPTIONS"])]

    async def answer(self, request: Request) -> ASGIApp:
        if request.method == "OPTIONS":
            return preflight(request, METHODS)
        try:
            permission = self._permission(request)
            if isinstance(permission, SignedPart):
                return await self._put(request, permission)
            return await self._get(permission)
        except FramehouseError as error:
            return _error(error)

    def _permission(self, request: Request) -> SignedPart | SignedObject:
        signer = self._context.url_signer
        if signer is None:
            raise NotFound("This installation's storage is not served here.")
        path = str(request.scope["path"]).removeprefix(path_prefix(request))
        query = request.scope["query_string"].decode("ascii", "replace")
        return read_signed_request(signer, request.method, path, query, self._context.clock.now())

    async def _put(self, request: Request, part: SignedPart) -> Response:
        try:
            stored_part = await self._context.library.storage.put_part(
                part.key,
                part.multipart_id,
                part.number,
                request.stream(),
                size_limit_bytes=part.size_limit_bytes,
                expected_md5=_expected_md5(request),
                size_bytes=_declared_bytes(request),
            )
        except ClientDisconnect as error:
            raise InvalidInput("The connection was cut before the whole part had arrived.") from error
        return Response(None, 200, {**READ_CORS, **NO_STORE, "etag": f'"{stored_part.etag}"'})

    async def _get(self, permission: SignedObject) -> ASGIApp:
        headers = {
            **READ_CORS,
            "content-type": permission.content_type or "application/octet-stream",
            "cache-control": "private, max-age=0",
            "content-security-policy": "default-src 'none'; sandbox",  # uploaded bytes never run as our page
        }
        if permission.filename is not None:
            headers["content-disposition"] = attachment(permission.filename)
        return FileAnswer(await stored(self._context.library.storage, permission.key), headers)


def _declared_bytes(request: Request) -> int | None:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else None


def _expected_md5(request: Request) -> str | None:
    """Content-MD5 (RFC 1864) as hexadecimal digits."""
    given = request.headers.get("content-md5")
    if given is None:
        return None
    try:
        return b64decode(given, validate=True).hex()
    except NotBase64 as error:
        raise InvalidInput("Content-MD5 is the base64 of the body's MD5.") from error


def _error(error: FramehouseError) -> Response:
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "ServiceUnavailable")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{escape(error.message)}</Message></Error>\n"
    )
    return Response(body, status_of(error), {**READ_CORS, **NO_STORE}, media_type="application/xml")
