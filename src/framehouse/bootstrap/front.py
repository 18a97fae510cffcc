"""What every request passes first: proxies seen through, a request id, the vendor's host name, its count and time.

Plain ASGI, so that bodies stream through untouched.
"""

import secrets
import time
from collections.abc import Mapping

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framehouse.bootstrap.proxies import TrustedProxies
from framehouse.edge import PATHS as EDGE_PATHS
from framehouse.infra.metrics import Metrics

REQUEST_ID_BYTES = 8
QUIET = ("/healthz", "/readyz", "/metrics", "/media/", "/storage/")  # a line each would drown the log
log = structlog.get_logger(__name__)


class Front:
    def __init__(
        self, app: ASGIApp, vendor_hosts: Mapping[str, str], metrics: Metrics, trusted_proxies: str = ""
    ) -> None:
        self._app = app
        self._vendor_hosts = vendor_hosts
        self._metrics = metrics
        self._proxies = TrustedProxies(trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(REQUEST_ID_BYTES)
        started = time.perf_counter()
        status = 500

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                message["headers"] = [*message.get("headers", []), (b"x-request-id", request_id.encode())]
            await send(message)

        scope = self._for_host(self._proxies.seen_through(_in_one_line(scope)))
        scope.setdefault("state", {})["request_id"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, tell)
            finally:
                self._observe(scope, status, time.perf_counter() - started)

    def _observe(self, scope: Scope, status: int, elapsed_s: float) -> None:
        path = str(scope["path"])
        room = path.split("/", 2)[1]
        if path == "/console/api/events":  # open as long as its page: its duration says nothing
            return
        self._metrics.observe_request(role="api", route=f"/{room}", status=status, duration_s=elapsed_s)
        if not path.startswith(QUIET):
            shown = "/".join(path.split("/", 3)[:3]) if path.startswith(EDGE_PATHS) else path  # no tokens in the log
            log.info("request", method=scope["method"], path=shown, status=status, ms=round(elapsed_s * 1000, 1))

    def _for_host(self, scope: Scope) -> Scope:
        """A vendor's own host name stands for its path prefix; `vendor_host_prefix` says so to who builds links."""
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").rsplit(":", 1)[0].lower()
        prefix = self._vendor_hosts.get(host) or self._vendor_hosts.get(f"*.{host.partition('.')[2]}")
        path = str(scope["path"])
        if prefix is None or path.startswith((f"{prefix}/", *EDGE_PATHS)):
            return scope
        raw_path: bytes = scope.get("raw_path") or path.encode()
        state = {**scope.get("state", {}), "vendor_host_prefix": prefix}
        return {**scope, "path": prefix + path, "raw_path": prefix.encode() + raw_path, "state": state}


def _in_one_line(scope: Scope) -> Scope:
    """A line break in a path leads nowhere, but patterns of routers stop at it: which room answers would be lost."""
    return {**scope, "path": scope["path"].replace("\n", "%0A")} if "\n" in scope["path"] else scope
