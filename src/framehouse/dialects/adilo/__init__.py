"""Adilo's API over the library. `create` gives its sub-application; nothing else is for outsiders."""

from fastapi import FastAPI
from starlette.requests import Request

from framehouse.dialects.adilo.errors import STYLE
from framehouse.dialects.adilo.routes import router
from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Vendor, create_application
from framehouse.identity import Identity, Principal

PUBLIC_HEADER = "X-Public-Key"
SECRET_HEADER = "X-Secret-Key"  # noqa: S105  (a header's name)


async def _authenticate(request: Request, identity: Identity) -> Principal | None:
    public, secret = request.headers.get(PUBLIC_HEADER), request.headers.get(SECRET_HEADER)
    return await identity.authenticate_key_pair(public, secret) if public and secret else None


def create(context: DialectContext) -> FastAPI:
    """Mount it under `/adilo`."""
    vendor = Vendor(
        title="Adilo API on Framehouse",
        description="Requests and answers of the Adilo API, answered by this installation's own library.",
        who=f"a public and a secret key are needed in the headers {PUBLIC_HEADER} and {SECRET_HEADER}",
        security_schemes={
            "public_key": _scheme(PUBLIC_HEADER, "public_key"),
            "secret_key": _scheme(SECRET_HEADER, "secret_key"),
        },
        authenticate=_authenticate,
        errors=STYLE,
    )
    return create_application(vendor, context, router)


def _scheme(header: str, name: str) -> dict[str, str]:
    return {"type": "apiKey", "in": "header", "name": header, "description": f"A credential's `{name}`."}
