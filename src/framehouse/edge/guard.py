"""The outermost layer of the edge: a request id, and an answer for whatever went wrong below."""

import secrets
from typing import cast

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framehouse.edge.answers import NO_STORE, error_answer
from framehouse.kernel import FramehouseError

log = structlog.get_logger(__name__)


class Guard:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(_prepared(scope), receive, watched_send)
        except ClientDisconnect:
            return
        except FramehouseError as error:
            if started:
                raise
            await error_answer(error)(scope, receive, send)
        except HTTPException as error:  # the router's own: a method that a path does not have
            headers = {**NO_STORE, **(error.headers or {})}
            answer = Response(f"{error.detail}.\n", error.status_code, headers, media_type="text/plain")
            await answer(scope, receive, send)
        except Exception as error:
            request_id = request_id_of(scope)
            log.error("edge.failed", request_id=request_id, path=shown_path(scope), exc_info=error)
            if started:
                raise  # the server cuts the connection, so that nobody takes the part for the whole
            text = f"Something went wrong here. If it stays so, report the request id {request_id}.\n"
            await Response(text, 500, NO_STORE, media_type="text/plain")(scope, receive, send)


def request_id_of(scope: Scope) -> str:
    """The id that an outer layer gave the request, else a new one."""
    state = cast("dict[str, object]", scope.get("state") or {})
    return str(state.get("request_id") or secrets.token_hex(8))


def shown_path(scope: Scope) -> str:
    """The path for logs, without tickets, tokens and signatures."""
    return "/".join(str(scope["path"]).split("/")[:2]) + "/…"


def _prepared(scope: Scope) -> Scope:
    """`/watch/x/` is `/watch/x`, without a redirect; an application around us does not answer our errors."""
    path = str(scope["path"])
    prepared = {**scope, "path": path.rstrip("/") or "/"} if path.endswith("/") else dict(scope)
    prepared.pop("starlette.exception_handlers", None)
    return prepared
