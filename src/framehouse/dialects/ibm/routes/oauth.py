"""The token endpoint (RFC 6749): from a credential, or a person's password, to a token for a day."""

from base64 import b64decode

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.requests import Request

from framehouse.dialects.gateway import AnyVisitor, Input, Visitor, takes
from framehouse.dialects.ibm import schemas
from framehouse.identity import Principal
from framehouse.kernel import AccessDenied

router = APIRouter(tags=["Tokens"])
_HEADERS = {"pragma": "no-cache"}  # every answer of a dialect says no-store already
_GRANTS = ("client_credentials", "password", "refresh_token")


class TokenRequest(Input):
    grant_type: str = ""
    client_id: str = ""
    client_secret: str = ""
    username: str = ""
    password: str = ""
    refresh_token: str = ""
    token_type: str = "jwt"  # noqa: S105  (the protocol's word)


class RevokeRequest(Input):
    token: str = ""


@router.post(
    "/oauth2/token",
    summary="Get a token",
    description="A form with `grant_type` client_credentials, password or refresh_token, `client_id`, `client_secret` "
    "(or these in a Basic Authorization header) and `token_type` jwt.",
    openapi_extra=takes(body=TokenRequest),
    response_model=schemas.Token,
    responses={400: {"model": schemas.TokenError}, 501: {"model": schemas.TokenError}},
)
async def token(visitor: AnyVisitor) -> JSONResponse:
    given = await visitor.body(TokenRequest)
    if not given.grant_type:
        return _refused("invalid_request", "`grant_type` is missing.")
    if given.grant_type not in _GRANTS:
        return _refused("unsupported_grant_type", f"`grant_type` is one of {', '.join(_GRANTS)}.", 501)
    client_id, client_secret = _client(visitor.request, given)
    if not client_id or not client_secret:
        return _refused("invalid_request", "`client_id` and `client_secret` are needed.")
    principal = await visitor.context.identity.authenticate_client(client_id, client_secret)
    if principal is None:
        return _refused("invalid_client", "There is no such client, or its secret is another.")
    visitor.admit(principal)
    if not await _may(visitor, given, client_id, principal):
        return _refused("invalid_grant", "What was presented is not valid, or not any more.")
    pair = visitor.context.identity.issue_tokens(principal, client_id)
    answer = schemas.Token(access_token=pair.access, refresh_token=pair.refresh, expires_in=pair.expires_in_s)
    return JSONResponse(answer.model_dump(), headers=_HEADERS)


@router.post(
    "/oauth2/token/revoke",
    summary="Revoke a token",
    description="An access or refresh token as `token`. Always answered with 200.",
    openapi_extra=takes(body=RevokeRequest),
)
async def revoke(visitor: AnyVisitor) -> JSONResponse:
    given = await visitor.body(RevokeRequest)
    if given.token:
        await visitor.context.identity.revoke_token(given.token)
    return JSONResponse({}, headers=_HEADERS)


async def _may(visitor: Visitor, given: TokenRequest, client_id: str, client: Principal) -> bool:
    """Whether the grant's own proof holds, besides the client's secret."""
    identity = visitor.context.identity
    if given.grant_type == "password":
        address = visitor.request.client.host if visitor.request.client else ""
        try:
            token, session = await identity.sign_in(given.username, given.password, address)
        except AccessDenied:
            return False
        await identity.sign_out(token)  # the token that is given takes its place
        return session.user.tenant_id == client.tenant_id
    if given.grant_type == "refresh_token":
        found = await identity.authenticate_refresh(given.refresh_token, client_id)
        return found is not None and found.tenant_id == client.tenant_id
    return True


def _client(request: Request, given: TokenRequest) -> tuple[str, str]:
    """From the form, or the header: Basic with id and secret in base64, or with the bare secret."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if given.client_secret or scheme.lower() != "basic":
        return given.client_id, given.client_secret
    try:
        client_id, colon, secret = b64decode(text.strip(), validate=True).decode().partition(":")
    except ValueError:
        colon, client_id, secret = "", "", ""
    return (client_id, secret) if colon else (given.client_id, text.strip())


def _refused(error: str, description: str, status: int = 400) -> JSONResponse:
    return JSONResponse({"error": error, "error_description": description}, status, _HEADERS)
