"""Cloud Video Kit's errors: the document's one structure that says how a request went."""

from http import HTTPStatus
from typing import Any

from framehouse.dialects.gateway import ErrorStyle, Output, Refusal
from framehouse.kernel import InvalidInput


class ServiceStatus(Output):
    code: int
    status: str
    message: str


class ServiceResponse(Output):
    status: ServiceStatus
    success: bool


def body(refusal: Refusal) -> dict[str, Any]:
    named = "; ".join(f"{name} {problem}" for name, problem in refusal.fields.items())
    word = HTTPStatus(refusal.status).phrase.replace(" ", "")
    status = {"code": refusal.status, "status": word, "message": named or refusal.message}
    return {"status": status, "success": False}


STYLE = ErrorStyle(ServiceResponse, body, {InvalidInput: 400})
