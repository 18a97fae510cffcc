"""SproutVideo's API over the library. `create` gives its sub-application; nothing else is for outsiders."""

from fastapi import FastAPI
from starlette.requests import Request

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Vendor, create_application
from framehouse.dialects.sproutvideo import errors
from framehouse.dialects.sproutvideo.routes import router
from framehouse.identity import Identity, Principal

KEY_HEADER = "SproutVideo-Api-Key"


async def _authenticate(request: Request, identity: Identity) -> Principal | None:
    key = request.headers.get(KEY_HEADER)
    return await identity.authenticate_api_key(key) if key else None


def create(context: DialectContext) -> FastAPI:
    """Mount it under `/sproutvideo`."""
    vendor = Vendor(
        title="SproutVideo API on Framehouse",
        description="Requests and answers of the SproutVideo API, answered by this installation's own library.",
        who=f"an API key is needed in the header {KEY_HEADER}",
        security_schemes={
            "api_key": {
                "type": "apiKey",
                "in": "header",
                "name": KEY_HEADER,
                "description": "A credential's `api_key`.",
            }
        },
        authenticate=_authenticate,
        errors=errors.style(context.settings.sproutvideo_rate_limit_status),
    )
    return create_application(vendor, context, router)
