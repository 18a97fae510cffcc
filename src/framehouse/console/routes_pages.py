"""The one HTML page of the console and the built files it loads. What the page shows is decided in the browser."""

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from framehouse.console.answers import NO_STORE
from framehouse.console.context import ConsoleContext
from framehouse.console.video_json import console_prefix
from framehouse.infra.storage import ObjectStorage
from framehouse.kernel import FramehouseError, NotFound, TemporarilyUnavailable

WEB_DIR = Path(__file__).parent.parent / "web" / "console"
# Every address that the page answers itself; the browser's own history moves between them.
PAGES = ("/", "/upload", "/videos/{id}")
IMMUTABLE = "public, max-age=31536000, immutable"
_HASHED = re.compile(r"[A-Za-z0-9_]+-[A-Z0-9]{8}\.(?:js|css)\Z")
_TYPES = {"js": "text/javascript", "css": "text/css"}
_TEMPLATES = Path(__file__).parent / "templates"


class PageRoutes:
    def __init__(self, context: ConsoleContext, web_dir: Path = WEB_DIR) -> None:
        self._context = context
        self._web_dir = web_dir
        self._storage_origin: str | None = None

    def routes(self) -> list[Route]:
        pages = [Route(path, self.page, methods=["GET"]) for path in PAGES]
        return [*pages, Route("/assets/{name}", self.asset, methods=["GET"])]

    async def page(self, request: Request) -> Response:
        """The same for everybody: it holds nothing of anyone's. TemporarilyUnavailable while it is not built."""
        names = self._names()
        base = console_prefix(request)
        html = (
            _environment()
            .get_template("console.html")
            .render(
                base=base,
                script_url=f"{base}/assets/{names['console.js']}",
                style_url=f"{base}/assets/{names['console.css']}",
            )
        )
        return HTMLResponse(html, 200, {**NO_STORE, "content-security-policy": await self._policy()})

    async def asset(self, request: Request) -> Response:
        """Only names as the build makes them: with a hash of their content, so they may be kept for ever."""
        name = request.path_params["name"]
        path = self._web_dir / name
        if not _HASHED.match(name) or not path.is_file():
            raise NotFound("Not found.")
        return FileResponse(path, 200, {"cache-control": IMMUTABLE}, media_type=_TYPES[path.suffix[1:]])

    def _names(self) -> dict[str, str]:
        try:
            return json.loads((self._web_dir / "manifest.json").read_text())
        except FileNotFoundError as missing:
            raise TemporarilyUnavailable("The console is not built yet: run scripts/build-web.py.") from missing

    async def _policy(self) -> str:
        """Content Security Policy Level 3. Parts of uploads go to the storage, which may be a bucket elsewhere."""
        if self._storage_origin is None:
            self._storage_origin = await _foreign_origin(
                self._context.library.storage, self._context.settings.local_url
            )
        directives = (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            f"connect-src 'self' {self._storage_origin}".rstrip(),
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",  # everything is sent by fetch
            "frame-ancestors 'none'",
        )
        return "; ".join(directives)


async def _foreign_origin(storage: ObjectStorage, local_url: str) -> str:
    """The origin of signed storage URLs; empty when they are the installation's own. Asks nothing over the network."""
    try:
        url = await storage.sign_part_url("videos/policy", "policy", 1, expires_s=60)
    except FramehouseError:  # without it uploads fail and say why; the page must still open
        return ""
    parts = urlsplit(url)
    return "" if url.startswith(f"{local_url}/") else f"{parts.scheme}://{parts.netloc}"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
