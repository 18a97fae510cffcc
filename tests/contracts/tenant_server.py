"""A tenant's own HTTP server, as the platform meets it: it answers by script and remembers what it was asked.

It runs in threads, so that tests with and without an event loop can use it.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes
    address: str  # which of the server's own addresses was connected to


Script = Callable[[BaseHTTPRequestHandler, Asked], None]


@dataclass
class TenantServer:
    port: int
    scheme: str = "http"
    host: str = "127.0.0.1"
    scripts: dict[str, Script] = field(default_factory=dict[str, Script])
    asked: list[Asked] = field(default_factory=list[Asked])

    def url(self, path: str, *, host: str | None = None) -> str:
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"

    def on(self, path: str, script: Script) -> str:
        """Answer a path (without its query) so; the path's URL."""
        self.scripts[path] = script
        return self.url(path)


def says(status: int = 200, body: bytes = b"", **headers: str) -> Script:
    """A plain answer; `_` in header names stands for `-`."""

    def answer(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        handler.send_response(status)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | given).items():
            handler.send_header(name, value)
        handler.end_headers()
        if asked.method != "HEAD":
            handler.wfile.write(body)

    return answer


def sends(raw: bytes) -> Script:
    """Exactly these bytes, and the end of the connection."""

    def answer(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        handler.wfile.write(raw)

    return answer


def in_turn(*scripts: Script) -> Script:
    """Each request gets the next one, and all further ones the last."""
    left = list(scripts)

    def answer(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler, asked)

    return answer


@contextmanager
def tenant_server(*, bind: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[TenantServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body, self.connection.getsockname()[0])
            server.asked.append(asked)
            script = server.scripts.get(self.path.partition("?")[0], says(404, b"no such page"))
            self.close_connection = True
            try:
                script(self, asked)
            except ConnectionError:
                return  # the platform hung up, as some tests expect

        do_GET = do_POST = do_HEAD = do_PUT = _answer  # noqa: N815  (the library's names)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the library's name)
            """Keeps the tests' output clean."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up in the TLS handshake, and the like."""

    listening = Server((bind, 0), Handler)
    if tls is not None:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
    server = TenantServer(listening.server_address[1], "https" if tls is not None else "http")
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
