"""IBM Video Streaming Analytics over the audience's log. For outsiders: `create`, its sub-application."""

from fastapi import FastAPI
from starlette.requests import Request

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Vendor, create_application
from framehouse.dialects.ibm.errors import STYLE
from framehouse.dialects.ibm.routes import router
from framehouse.identity import Identity, Principal


async def _authenticate(request: Request, identity: Identity) -> Principal | None:
    """The bare token, as documented, or after the word Bearer."""
    given = request.headers.get("authorization", "").strip()
    token = given[7:].strip() if given[:7].lower() == "bearer " else given
    return await identity.authenticate_token(token) if token else None


def create(context: DialectContext) -> FastAPI:
    """Mount it under `/ibm`."""
    vendor = Vendor(
        title="IBM Video Streaming Analytics API on Framehouse",
        description="Requests and answers of the Analytics API, answered from this installation's own log.",
        who="a token of /oauth2/token is needed in the header Authorization",
        security_schemes={
            "token": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "The `access_token` of /oauth2/token for a credential's client id and secret.",
            }
        },
        authenticate=_authenticate,
        errors=STYLE,
    )
    return create_application(vendor, context, router, prefix="")
