"""Cloud Video Kit's API: so far its analytics. For outsiders: `create`, its sub-application."""

from fastapi import FastAPI
from starlette.requests import Request

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Vendor, create_application
from framehouse.dialects.videokit.errors import STYLE
from framehouse.dialects.videokit.routes import router
from framehouse.identity import Identity, Principal
from framehouse.kernel import AccessDenied

KEY_HEADER = "X-Api-Key"
TENANT_HEADER = "X-Tenant-Id"


async def _authenticate(request: Request, identity: Identity) -> Principal | None:
    """By key, or by a token of the OAuth clients' flow. Raises AccessDenied for another tenant than the key's."""
    key = request.headers.get(KEY_HEADER)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    principal = None
    if key:
        principal = await identity.authenticate_api_key(key)
    elif scheme.lower() == "bearer" and token.strip():
        principal = await identity.authenticate_token(token.strip())
    wanted = request.headers.get(TENANT_HEADER, "").strip().lower()
    if principal is not None and wanted and wanted != str(principal.tenant_id):
        raise AccessDenied(f"The key is not one of the tenant in {TENANT_HEADER}.")
    return principal


def create(context: DialectContext) -> FastAPI:
    """Mount it under `/videokit`."""
    vendor = Vendor(
        title="Cloud Video Kit API on Framehouse",
        description="Requests and answers of Cloud Video Kit, answered by this installation.",
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
        errors=STYLE,
    )
    return create_application(vendor, context, router, prefix="")
