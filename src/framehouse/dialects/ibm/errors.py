"""IBM's errors: an array of error objects, each with the place in the request that it is about."""

from typing import Any

from framehouse.dialects.gateway import ErrorStyle, Output, Refusal
from framehouse.kernel import InvalidInput

_TITLES = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    413: "Payload Too Large", 429: "Too Many Requests", 503: "Service Unavailable",
}  # fmt: skip


class ErrorSource(Output):
    pointer: str


class Error(Output):
    status: int
    title: str
    detail: str
    source: ErrorSource


class Errors(Output):
    errors: list[Error]


def body(refusal: Refusal) -> dict[str, Any]:
    title = _TITLES.get(refusal.status, "Internal Server Error" if refusal.status >= 500 else "Error")

    def error(detail: str, pointer: str) -> dict[str, Any]:
        return {"status": refusal.status, "title": title, "detail": detail, "source": {"pointer": pointer}}

    if refusal.fields:
        return {"errors": [error(f"{name} {problem}", f"/{name}") for name, problem in refusal.fields.items()]}
    return {"errors": [error(refusal.message, "")]}


STYLE = ErrorStyle(Errors, body, {InvalidInput: 400})
