"""One vendor's sub-application: its routes under /v1, its error envelope, its OpenAPI page."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway.docs_page import add_docs
from framehouse.dialects.gateway.door import Door
from framehouse.dialects.gateway.errors import ErrorStyle, MalformedBody, Refusal, Unauthenticated
from framehouse.dialects.gateway.vendor import Vendor
from framehouse.dialects.gateway.wire import invalid_input
from framehouse.kernel import (
    AccessDenied,
    FramehouseError,
    InvalidInput,
    PayloadTooLarge,
    RateLimited,
    TemporarilyUnavailable,
)

API_VERSION = "/v1"
# Every route can refuse so; a route's own list says what else.
ANYWHERE = (
    MalformedBody, Unauthenticated, AccessDenied, PayloadTooLarge, InvalidInput, RateLimited, TemporarilyUnavailable,
    FramehouseError,
)  # fmt: skip
MEANINGS = {
    400: "The body is not what its Content-Type says.",
    401: "The key is missing or not valid.",
    403: "The key's role does not allow this.",
    404: "There is no such thing in this account.",
    409: "Its state does not allow this.",
    413: "Too large: more than the account's quota or this request may have.",
    415: "The file's type is not supported.",
    422: "A value is missing or wrong.",
    429: "Too many requests a minute; Retry-After says how many seconds to wait.",
    500: "An unexpected error, which was logged.",
    503: "Unavailable for now; the same request may work later.",
    507: "The storage is full.",
}


def refusals(style: ErrorStyle, *statuses: int, **said: str) -> dict[int | str, dict[str, Any]]:
    """Documentation of error answers; `said` replaces a status' general sentence: `_422="..."`."""
    return {
        status: {"model": style.model, "description": said.get(f"_{status}", MEANINGS[status])} for status in statuses
    }


def create_application(
    vendor: Vendor, context: DialectContext, router: APIRouter, prefix: str = API_VERSION
) -> FastAPI:
    """Mount it under the vendor's prefix; it needs no lifespan. `prefix` stands before all the router's paths."""
    app = FastAPI(
        title=vendor.title,
        description=vendor.description,
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.context = context
    app.state.vendor = vendor
    limited = vendor.errors.status_of(RateLimited)
    said = {} if limited != 503 else {"_503": "Too many requests a minute, with Retry-After; or unavailable for now."}
    statuses = sorted({vendor.errors.status_of(kind) for kind in ANYWHERE})
    app.include_router(router, prefix=prefix, responses=refusals(vendor.errors, *statuses, **said))
    add_docs(app, vendor)
    _add_error_handlers(app, vendor.errors)
    app.add_middleware(Door, errors=vendor.errors, routes=list(app.router.routes))
    return app


def _add_error_handlers(app: FastAPI, style: ErrorStyle) -> None:
    def answer(refusal: Refusal, headers: dict[str, str] | None = None) -> JSONResponse:
        return JSONResponse(style.body(refusal), refusal.status, headers)

    @app.exception_handler(FramehouseError)
    async def _known(_request: Request, error: FramehouseError) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]  # called by the framework
        return answer(style.refusal(error), _headers_for(error))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]  # called by the framework
        wrong: InvalidInput = invalid_input(error.errors(), skip=1)  # without `path` or `query` before the name
        return answer(style.refusal(wrong))

    @app.exception_handler(HTTPException)
    async def _unrouted(request: Request, error: HTTPException) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]  # called by the framework
        message = {404: "there is no such address in this API", 405: f"{request.method} is not answered here"}
        headers = dict(error.headers) if error.headers else None
        return answer(Refusal(error.status_code, message.get(error.status_code, str(error.detail))), headers)


def _headers_for(error: FramehouseError) -> dict[str, str] | None:
    if isinstance(error, RateLimited):
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "ApiKey"}  # RFC 9110 section 11.6.1: a 401 names a scheme
    return None
