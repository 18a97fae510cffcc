"""One authenticated call of an API: who calls, for which tenant, with which fields.

`caller` is the dependency that every route takes: it authenticates, then counts the request, then lets it in.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway.bodies import fields_of, read_body
from framehouse.dialects.gateway.errors import Unauthenticated
from framehouse.dialects.gateway.fields import from_pairs, list_from_bytes
from framehouse.dialects.gateway.links import Links, links_of
from framehouse.dialects.gateway.upload import UploadForm, opened_form
from framehouse.dialects.gateway.vendor import Vendor
from framehouse.dialects.gateway.wire import Input, parse, parse_items
from framehouse.identity import Principal, Role
from framehouse.kernel import RateLimited
from framehouse.library import LibraryContext, Owner

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
        return parse(model, self._query())

    async def body(self, model: type[Model]) -> Model:
        """The fields of a JSON, form or multipart body without files. MalformedBody, InvalidInput, PayloadTooLarge."""
        return parse(model, await self._body())

    async def query_or_body(self, model: type[Model]) -> Model:
        """Options that clients write in either place; the body counts where both say something."""
        return parse(model, self._query() | await self._body())

    async def items(self, model: type[Model], name: str) -> list[Model]:
        """The items of a body that is a JSON array, or has it as `name`. As `body`; wrong fields are `0.field`."""
        items = list_from_bytes(self.request.headers.get("content-type", ""), await read_body(self.request), name)
        return parse_items(model, items)

    @asynccontextmanager
    async def upload_form(self, file_field: str) -> AsyncGenerator[UploadForm]:
        """A multipart body with one file, open at the file's first byte; after a refusal the rest is read away."""
        async with opened_form(self.request, file_field) as form:
            form.require_file()
            yield form

    @asynccontextmanager
    async def form(self, file_field: str) -> AsyncGenerator[UploadForm]:
        """A body of any shape, which may have the file: `has_file` says so. Otherwise as `upload_form`."""
        async with opened_form(self.request, file_field) as form:
            yield form

    def _query(self) -> dict[str, Any]:
        return from_pairs(self.request.query_params.multi_items())

    async def _body(self) -> dict[str, Any]:
        return await fields_of(self.request.headers.get("content-type", ""), await read_body(self.request))


@dataclass(frozen=True)
class Visitor:
    """Whoever calls a route that also lets in who shows something else than a key. `call` is there with a valid key."""

    request: Request
    context: DialectContext
    call: Call | None

    async def body(self, model: type[Model]) -> Model:
        """As a call's, for requests that come before any key."""
        fields = await fields_of(self.request.headers.get("content-type", ""), await read_body(self.request))
        return parse(model, fields)

    def admit(self, principal: Principal) -> Call:
        """Let in who proved otherwise for whom they act. Raises RateLimited: the tenant's limit counts here too."""
        return _counted(self.request, self.context, principal)

    def refusal(self) -> Unauthenticated:
        return _refusal(self.request)


async def caller(request: Request) -> Call:
    """The dependency of every route but those of a Visitor. Raises Unauthenticated, RateLimited."""
    found = await visitor(request)
    if found.call is None:
        raise found.refusal()
    return found.call


async def visitor(request: Request) -> Visitor:
    """Raises RateLimited."""
    context: DialectContext = request.app.state.context
    vendor: Vendor = request.app.state.vendor
    principal = await vendor.authenticate(request, context.identity)
    return Visitor(request, context, _counted(request, context, principal) if principal else None)


def _refusal(request: Request) -> Unauthenticated:
    vendor: Vendor = request.app.state.vendor
    return Unauthenticated(f"{vendor.who}: this request has none, or one that is not valid")


def _counted(request: Request, context: DialectContext, principal: Principal) -> Call:
    try:
        status = context.identity.check_rate_limit(principal.tenant)
    except RateLimited as error:
        reset_at_s = int(context.clock.now().timestamp()) + error.retry_after_s
        request.state.rate = (error.limit, 0, reset_at_s)
        raise
    request.state.rate = (status.limit, status.remaining, int(status.reset_at.timestamp()))
    return Call(request, context, principal)


Caller = Annotated[Call, Depends(caller)]
AnyVisitor = Annotated[Visitor, Depends(visitor)]
