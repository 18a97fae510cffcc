"""One authenticated call of an API: who calls, for which tenant, with which fields.

`caller` is the dependency that every route takes: it authenticates, then counts the request, then lets it in.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway.errors import Unauthenticated
from framehouse.dialects.gateway.fields import from_bytes, from_pairs
from framehouse.dialects.gateway.forms import FORM_FIELDS_MAX_BYTES, FieldValues, PartStarts, boundary_of, events
from framehouse.dialects.gateway.links import Links, links_of
from framehouse.dialects.gateway.upload import UploadForm, discard_body, open_upload_form
from framehouse.dialects.gateway.vendor import Vendor
from framehouse.dialects.gateway.wire import Input, parse
from framehouse.identity import Principal, Role
from framehouse.kernel import InvalidInput, PayloadTooLarge, RateLimited
from framehouse.library import LibraryContext, Owner

BODY_MAX_BYTES = FORM_FIELDS_MAX_BYTES + 64 * 1024  # the fields with the boundaries and headers around them
Model = TypeVar("Model", bound=Input)


@dataclass(frozen=True)
class Call:
    request: Request
    context: DialectContext
    principal: Principal

    @property
    def library(self) -> LibraryContext:
        return self.context.library

    @property
    def owner(self) -> Owner:
        tenant = self.principal.tenant
        return Owner(tenant.id, tenant.storage_quota_bytes)

    @property
    def links(self) -> Links:
        return links_of(self.request, self.context.settings)

    def may_change(self) -> None:
        """Raise AccessDenied unless the key's role may change things."""
        self.principal.require(Role.EDITOR)

    def query(self, model: type[Model]) -> Model:
        """The query parameters; InvalidInput names the wrong ones."""
        return parse(model, from_pairs(self.request.query_params.multi_items()))

    async def body(self, model: type[Model]) -> Model:
        """The fields of a JSON, form or multipart body without files. MalformedBody, InvalidInput, PayloadTooLarge."""
        content_type = self.request.headers.get("content-type", "")
        boundary = boundary_of(content_type)
        data = await read_body(self.request)
        if boundary is None or not data.strip():
            return parse(model, from_bytes(content_type, data))
        return parse(model, from_pairs(await form_pairs(data, boundary)))

    @asynccontextmanager
    async def upload_form(self, file_field: str) -> AsyncGenerator[UploadForm]:
        """A multipart body with one file, open at the file's first byte; after a refusal the rest is read away."""
        try:
            yield await open_upload_form(self.request, file_field)
        except ClientDisconnect:
            raise
        except Exception:
            await discard_body(self.request)
            raise


async def read_body(request: Request) -> bytes:
    """The whole body, bounded. PayloadTooLarge beyond that, as soon as it is known."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > BODY_MAX_BYTES:
            raise PayloadTooLarge(f"the body is larger than {BODY_MAX_BYTES} bytes")
    return bytes(data)


async def form_pairs(data: bytes, boundary: str) -> list[tuple[str, str]]:
    """Names and values of a small multipart form. A file in it is refused, since it would be lost."""
    values = FieldValues()

    async def once() -> AsyncIterator[bytes]:
        yield data

    async for event in events(once(), boundary):
        if isinstance(event, PartStarts) and event.file_name:
            raise InvalidInput("no file is taken here", fields={event.name: "must not be a file"})
        values.take(event)
    return values.pairs


async def caller(request: Request) -> Call:
    """The dependency of every route. Raises Unauthenticated, RateLimited."""
    context: DialectContext = request.app.state.context
    vendor: Vendor = request.app.state.vendor
    principal = await vendor.authenticate(request, context.identity)
    if principal is None:
        raise Unauthenticated(f"{vendor.who}: this request has none, or one that is not valid")
    try:
        status = context.identity.check_rate_limit(principal.tenant)
    except RateLimited as error:
        reset_at_s = int(context.clock.now().timestamp()) + error.retry_after_s
        request.state.rate = (error.limit, 0, reset_at_s)
        raise
    request.state.rate = (status.limit, status.remaining, int(status.reset_at.timestamp()))
    return Call(request, context, principal)


Caller = Annotated[Call, Depends(caller)]
