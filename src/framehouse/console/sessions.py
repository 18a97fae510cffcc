"""Who is signed in: the session cookie, and what a request must bring to read or to write.

A write carries the session's CSRF token in a header, which no other site's page can know or send.
"""

import hmac
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from framehouse.console.answers import SignedOut
from framehouse.console.context import ConsoleContext
from framehouse.identity import Identity, Permission, Role, Session
from framehouse.kernel import AccessDenied, TenantId
from framehouse.library import Owner

SESSION_COOKIE = "framehouse_session"
CSRF_HEADER = "x-csrf-token"
OUT_OF_DATE = "This page is out of date. Reload it and try again."

Endpoint = Callable[[Request], Awaitable[Response]]
SessionEndpoint = Callable[[Request, Session], Awaitable[Response]]


def owner_of(identity: Identity) -> Callable[[Request], Awaitable[TenantId | None]]:
    """Whose session a request carries, for pages outside the console; None for strangers."""

    async def owner(request: Request) -> TenantId | None:
        session = await session_of(identity, request)
        return session.tenant.id if session else None

    return owner


async def session_of(identity: Identity, request: Request) -> Session | None:
    token = request.cookies.get(SESSION_COOKIE)
    return await identity.session(token) if token else None


def library_owner(session: Session) -> Owner:
    return Owner(session.tenant.id, session.tenant.storage_quota_bytes)


def reads(identity: Identity, endpoint: SessionEndpoint) -> Endpoint:
    """For anybody who is signed in; SignedOut otherwise."""

    async def guarded(request: Request) -> Response:
        return await endpoint(request, await _signed_in(identity, request))

    return guarded


def writes(
    identity: Identity,
    endpoint: SessionEndpoint,
    needed: Role = Role.EDITOR,
    permission: Permission | None = None,
) -> Endpoint:
    """For who is signed in with the role and the permission, and sends the session's CSRF token. SignedOut,
    AccessDenied."""

    async def guarded(request: Request) -> Response:
        session = await _signed_in(identity, request)
        given = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(session.csrf_token.encode(), given.encode("utf-8", "surrogatepass")):
            raise AccessDenied(OUT_OF_DATE)
        session.principal.require(needed)
        if permission is not None:
            session.user.require(permission)
        return await endpoint(request, session)

    return guarded


async def _signed_in(identity: Identity, request: Request) -> Session:
    session = await session_of(identity, request)
    if session is None:
        raise SignedOut("Sign in first.")
    return session


def keep_session(context: ConsoleContext, request: Request, response: Response, token: str, session: Session) -> None:
    """The cookie lives as long as the session; the embed and watch pages need it too, hence `Path=/`."""
    age_s = int((session.expires_at - context.clock.now()).total_seconds())
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=max(age_s, 0),
        path="/",
        secure=_is_https(context, request),
        httponly=True,
        samesite="lax",
    )


def drop_session(context: ConsoleContext, request: Request, response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, path="/", secure=_is_https(context, request), httponly=True, samesite="lax")


def _is_https(context: ConsoleContext, request: Request) -> bool:
    """Behind a proxy only the setting knows how browsers reach us."""
    return (context.settings.public_url or str(request.url)).startswith("https:")
