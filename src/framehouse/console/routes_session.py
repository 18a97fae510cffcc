"""Sign in, who is signed in, sign out: `/api/session`."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from framehouse.console.answers import SignedOut, json_answer, no_content
from framehouse.console.bodies import SignInBody, read_body
from framehouse.console.context import ConsoleContext
from framehouse.console.sessions import (
    OUT_OF_DATE,
    SESSION_COOKIE,
    drop_session,
    keep_session,
    session_of,
    writes,
)
from framehouse.console.video_json import installation_prefix
from framehouse.identity import Permission, Role, Session
from framehouse.kernel import AccessDenied

OFFERED = {
    "upload": Permission.UPLOAD_VIDEO,
    "change": Permission.CUSTOMIZE_VIDEO,
    "delete": Permission.DELETE_VIDEO,
}


class SessionRoutes:
    def __init__(self, context: ConsoleContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        identity = self._context.identity
        return [
            Route("/api/session", self.sign_in, methods=["POST"]),
            Route("/api/session", self.session, methods=["GET"]),
            Route("/api/session", writes(identity, self.sign_out, Role.VIEWER), methods=["DELETE"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        """401 when e-mail address or password are wrong, 429 with Retry-After after too many attempts."""
        # Nobody may be signed in to somebody else's account by a page of another site (Fetch Metadata).
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise AccessDenied(OUT_OF_DATE)
        body = await read_body(request, SignInBody)
        address = request.client.host if request.client else ""
        try:
            token, session = await self._context.identity.sign_in(body.email, body.password, address)
        except AccessDenied as error:
            raise SignedOut(error.message) from None
        return self._answer(request, token, session)

    async def session(self, request: Request) -> Response:
        """204 when nobody is signed in: a page asks this first. Moves the cookie's end along with the session's."""
        session = await session_of(self._context.identity, request)
        if session is None:
            return no_content()
        return self._answer(request, request.cookies[SESSION_COOKIE], session)

    async def sign_out(self, request: Request, _session: Session) -> Response:
        await self._context.identity.sign_out(request.cookies[SESSION_COOKIE])
        answer = no_content()
        drop_session(self._context, request, answer)
        return answer

    def _answer(self, request: Request, token: str, session: Session) -> Response:
        answer = json_answer(self._described(request, session))
        keep_session(self._context, request, answer, token, session)
        return answer

    def _described(self, request: Request, session: Session) -> dict[str, Any]:
        public_url = self._context.settings.public_url
        return {
            "user": {"name": session.user.name, "email": session.user.email},
            "tenant": {"name": session.tenant.name, "slug": session.tenant.slug},
            "may": {name: _may(session, permission) for name, permission in OFFERED.items()},
            "csrfToken": session.csrf_token,
            # What links for others begin with; without the setting, the page's own origin.
            "publicOrigin": public_url.rstrip("/").removesuffix(installation_prefix(request)) if public_url else None,
        }


def _may(session: Session, permission: Permission) -> bool:
    """What `sessions.writes` would say, for pages that leave out what would be refused."""
    return session.user.role.includes(Role.EDITOR) and session.user.may(permission)
