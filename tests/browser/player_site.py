"""A little web site around the player: embed pages, media behind a ticket, and faults to switch on.

The site answers on 127.0.0.1 and on localhost, which a browser takes for two origins: a page of one with an
iframe of the other is a customer's site with our player in it.
"""

import json
import mimetypes
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

from framehouse.edge.embed_page import (
    EmbedCaption,
    EmbedChapter,
    EmbedConfig,
    EmbedState,
    PlayerAssets,
    content_security_policy,
    load_player_assets,
    render_embed,
)
from tests.browser.player_media import DURATION_S, KEY, KEY_ID, PlayerMedia

PLAYER_DIR = Path(__file__).resolve().parents[2] / "src" / "framehouse" / "web" / "player"
TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".mpd": "application/dash+xml", ".m4s": "video/iso.segment"}
TYPES |= {".vtt": "text/vtt", ".js": "text/javascript"}

Answer = tuple[int, str, bytes, dict[str, str]]

FRAME_PAGE = """<!doctype html><meta charset="utf-8"><title>Customer's page</title><link rel="icon" href="data:,">
<iframe src="{src}" width="640" height="360" allow="autoplay; fullscreen; picture-in-picture"></iframe>
<script>
  window.received = [];
  addEventListener("message", (event) => window.received.push({{origin: event.origin, ...event.data}}));
  window.tell = (message) => document.querySelector("iframe").contentWindow.postMessage(message, "*");
</script>"""


class PlayerSite:
    """Serves while entered. `configs` maps a page's name to what it says; `asked` records every path.

    `fault` is asked about each path first: an HTTP status breaks that request, None lets it pass; the status 0
    closes the connection without an answer.
    """

    def __init__(self, media: PlayerMedia) -> None:
        self.media = media
        self.assets: PlayerAssets = load_player_assets(PLAYER_DIR, "/web/player")
        self.ticket = "ticket-1"
        self.password = "open sesame"
        self.configs: dict[str, EmbedConfig] = {}
        self.retry_after: str | None = None
        self.fault: Callable[[str], int | None] = lambda _path: None
        self.asked: list[str] = []
        site = self

        class Handler(_Handler):
            owner = site

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def film(self, **changes: object) -> EmbedConfig:
        """A playable config with everything there is."""
        media = f"/media/{self.ticket}"
        config = EmbedConfig(
            video_id="film",
            title="The little film",
            state=EmbedState.PLAYABLE,
            hls_url=f"{media}/clear/master.m3u8",
            dash_url=f"{media}/clear/manifest.mpd",
            poster_url=f"{media}/poster.jpg",
            storyboard_url=f"{media}/storyboard.vtt",
            duration_ms=DURATION_S * 1000,
            captions=(
                EmbedCaption("en", "English", f"{media}/captions.en.vtt"),
                EmbedCaption("de", "Deutsch", f"{media}/captions.de.vtt"),
            ),
            chapters=(
                EmbedChapter(0, 4000, "Opening"),
                EmbedChapter(4000, 8000, "The middle part"),
                EmbedChapter(8000, DURATION_S * 1000, "Ending"),
            ),
            status_url="/status/film",
            password_url="/password/film",
        )
        return replace(config, **changes)  # type: ignore[arg-type]  # tests name fields of EmbedConfig

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        path = urlsplit(target).path
        kind, _, rest = path.lstrip("/").partition("/")
        match kind:
            case "embed" | "status" if rest in self.configs:
                return self._config(self.configs[rest], page=kind == "embed")
            case "password" if method == "POST" and rest in self.configs:
                return self._password(self.configs[rest], body)
            case "frame":
                query = parse_qs(urlsplit(target).query)
                page = FRAME_PAGE.format(src=query["src"][0])
                return 200, "text/html", page.encode(), {}
            case "web":
                return _file(PLAYER_DIR / Path(rest).name)
            case "media":
                return self._media(rest)
            case "license" if method == "POST":
                return _license()
        return 404, "text/plain", b"not here", {}

    def _config(self, config: EmbedConfig, *, page: bool) -> Answer:
        if page:
            headers = {"Content-Security-Policy": content_security_policy(config)}
            return 200, "text/html", render_embed(config, self.assets).encode(), headers
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        return 200, "application/json", json.dumps(config.to_json()).encode(), headers

    def _password(self, config: EmbedConfig, body: bytes) -> Answer:
        given = parse_qs(body.decode()).get("password", [""])[0]
        if given == self.password:
            return self._config(self.film(), page=False)
        refused = json.dumps(config.to_json()).encode()
        return 403, "application/json", refused, {}

    def _media(self, rest: str) -> Answer:
        ticket, _, name = rest.partition("/")
        if ticket != self.ticket:
            return 403, "text/plain", b"this ticket has expired", {}
        file = (self.media.folder / name).resolve()
        if not file.is_relative_to(self.media.folder.resolve()):
            return 404, "text/plain", b"not here", {}
        return _file(file)


def _file(path: Path) -> Answer:
    if not path.is_file():
        return 404, "text/plain", b"not here", {}
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return 200, kind, path.read_bytes(), {}


def _license() -> Answer:
    """A ClearKey licence (W3C Encrypted Media Extensions, section 9.1.4)."""

    def encoded(hexadecimal: str) -> str:
        return urlsafe_b64encode(bytes.fromhex(hexadecimal)).decode().rstrip("=")

    keys = {"keys": [{"kty": "oct", "kid": encoded(KEY_ID), "k": encoded(KEY)}], "type": "temporary"}
    return 200, "application/json", json.dumps(keys).encode(), {}


class _Handler(BaseHTTPRequestHandler):
    owner: PlayerSite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._respond("GET")

    def do_POST(self) -> None:
        self._respond("POST")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """The site keeps its own record in `asked`."""

    def _respond(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        site = self.owner
        site.asked.append(self.path)
        broken = site.fault(self.path)
        if broken == 0:
            self.close_connection = True
            return
        if broken is not None:
            self._send((broken, "text/plain", b"broken on purpose", {}))
            return
        self._send(site.answer(method, self.path, body))

    def _send(self, answer: Answer) -> None:
        status, kind, body, headers = answer
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the browser moved on
