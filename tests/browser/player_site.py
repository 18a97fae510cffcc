"""A little web site around the player: embed pages, prompts, plays, media behind a ticket, and faults to switch on.

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

from framehouse.edge import playlist_page
from framehouse.edge.embed_page import (
    EmbedCaption,
    EmbedChapter,
    EmbedConfig,
    EmbedContact,
    EmbedState,
    PlayerAssets,
    content_security_policy,
    load_player_assets,
    render_embed,
)
from framehouse.edge.playlist_page import PlaylistItem, PlaylistPage, render_playlist
from framehouse.edge.rendering import built_assets
from tests.browser.player_media import DURATION_S, KEY, KEY_ID, PlayerMedia

PLAYER_DIR = Path(__file__).resolve().parents[2] / "src" / "framehouse" / "web" / "player"
TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".mpd": "application/dash+xml", ".m4s": "video/iso.segment"}
TYPES |= {".vtt": "text/vtt", ".js": "text/javascript"}

Answer = tuple[int, str, bytes, dict[str, str]]

FRAME_PAGE = """<!doctype html><meta charset="utf-8"><title>Customer's page</title><link rel="icon" href="data:,">
<iframe src="{src}" width="640" height="360" allow="autoplay; fullscreen; picture-in-picture"></iframe>
<script>
  window.received = [];
  addEventListener("message", (event) =>
    window.received.push({{origin: event.origin, at: performance.now(), ...event.data}}));
  window.tell = (message) => document.querySelector("iframe").contentWindow.postMessage(message, "*");
</script>"""


class PlayerSite:
    """Serves while entered. `configs` maps a page's name to what it says; `asked` records every path, `forms` every
    form with its path. Whoever starts a play gets `refusal`, or else the film with its manifests.

    `fault` is asked about each path first: an HTTP status breaks that request, None lets it pass; the status 0
    closes the connection without an answer.
    """

    def __init__(self, media: PlayerMedia) -> None:
        self.media = media
        self.assets: PlayerAssets = load_player_assets(PLAYER_DIR, "/web/player")
        self.ticket = "ticket-1"
        self.password = "open sesame"
        self.opened: EmbedConfig | None = None  # what a right answer to a prompt leads to; None for the film
        self.refusal: EmbedConfig | None = None
        self.playlist: PlaylistPage | None = None
        self.configs: dict[str, EmbedConfig] = {}
        self.retry_after: str | None = None
        self.fault: Callable[[str], int | None] = lambda _path: None
        self.asked: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(_Handler):
            owner = site

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

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
            login_url="/login/film",
            contact=EmbedContact("/contact/film", asks_name=True, asks_email=True),
        )
        return replace(config, **changes)  # type: ignore[arg-type]  # tests name fields of EmbedConfig

    def held(self, **changes: object) -> EmbedConfig:
        """The film as it is before its first play."""
        return self.film(hls_url=None, dash_url=None, captions=(), start_url="/start/film", **changes)

    def starts(self) -> list[str]:
        """The `previous` of each start."""
        return [fields.get("previous", "") for path, fields in self.forms if path == "/start/film"]

    def with_playlist(self, *names: str, is_embed: bool = False) -> str:
        """Makes a playlist of the pages in `configs`; answers its path."""
        items = [
            PlaylistItem(
                config.video_id, config.title, config.duration_ms, config.poster_url, f"/embed/{name}?pass=secret"
            )
            for name, config in ((name, self.configs[name]) for name in names)
        ]
        self.playlist = PlaylistPage("list", "A day at the sea", items, is_embed, items[0].embed_url)
        return "/playlist/list"

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        path = urlsplit(target).path
        kind, _, rest = path.lstrip("/").partition("/")
        match kind:
            case "embed" | "status" if rest in self.configs:
                plays_by_itself = self.configs[rest].autoplay or "autoplay=1" in target
                return self._config(replace(self.configs[rest], autoplay=plays_by_itself), page=kind == "embed")
            case "password" | "login" | "contact" | "start" if method == "POST" and rest in self.configs:
                fields = {name: values[-1] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
                self.forms.append((path, fields))
                return self._form(kind, self.configs[rest], fields)
            case "playlist" if self.playlist is not None:
                page = render_playlist(self.playlist, built_assets(PLAYER_DIR, "/web/player"))
                policy = playlist_page.content_security_policy(self.playlist)
                return 200, "text/html", page.encode(), {"Content-Security-Policy": policy}
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

    def _form(self, kind: str, config: EmbedConfig, fields: dict[str, str]) -> Answer:
        if kind == "start":
            return self._config(self.refusal or self._started(config), page=False)
        if kind == "contact":
            refused = None if "@" in fields.get("email", "") else 422
        else:
            refused = None if fields.get("password") == self.password else 429 if self.retry_after else 403
        if refused is None:
            return self._config(self.opened or self.film(), page=False)
        _, kind, content, headers = self._config(config, page=False)
        return refused, kind, content, headers

    def _started(self, config: EmbedConfig) -> EmbedConfig:
        film = self.film()
        media = {"hls_url": film.hls_url, "dash_url": film.dash_url, "captions": film.captions}
        return replace(config, state=EmbedState.PLAYABLE, message=None, start_url=None, **media)

    def _config(self, config: EmbedConfig, *, page: bool) -> Answer:
        if page:
            headers = {"Content-Security-Policy": content_security_policy(config)}
            return 200, "text/html", render_embed(config, self.assets).encode(), headers
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        return 200, "application/json", json.dumps(config.to_json()).encode(), headers

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
