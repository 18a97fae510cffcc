"""`/player-events`: a page that shows live what the player tells the page around it, and sends it commands.

It frames embeds of this installation and nothing else. Its script and style are files of the program, not built.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from framehouse.edge.addresses import path_prefix, public_base
from framehouse.edge.context import EdgeContext
from framehouse.edge.rendering import templates

PATH = "/player-events"
EVENTS = (
    "ready", "play", "paused", "ended", "currentTime", "subtitleChange", "volumeChange", "resolutionChange",
    "chapterChange", "playbackSpeedChange", "CTADisplay", "CTAInteraction", "CTASkip",
)  # fmt: skip
# With a first value where the command takes one.
COMMANDS = (
    ("play", None), ("pause", None), ("seek", "10"), ("mute", "true"), ("setVolume", "0.5"), ("setSpeed", "1.5"),
    ("setQuality", "360p"), ("setSubtitle", "en"),
)  # fmt: skip
PROBLEM = "That is no embed address of this installation: /embed/ID/TOKEN, as `embed_url` of the APIs has it."
_EMBED = re.compile(r"/embed/[0-9a-f]{12}/[0-9a-f]{1,32}/?\Z")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {"content-security-policy": _POLICY, "x-content-type-options": "nosniff", "cache-control": "no-store"}
_FILES = Path(__file__).parent / "templates"


class DemoRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        return [
            Route(PATH, self.page, methods=["GET"]),
            Route(f"{PATH}.js", self.script, methods=["GET"]),
            Route(f"{PATH}.css", self.style, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        given = request.query_params.get("embed", "").strip()
        frame = self._frame(request, given)
        page = (
            templates()
            .get_template("events.html")
            .render(
                base=path_prefix(request) + PATH,
                embed=given,
                frame=frame,
                problem=PROBLEM if given and frame is None else None,
                events=EVENTS,
                commands=COMMANDS,
            )
        )
        return HTMLResponse(page, 200, _HEADERS)

    async def script(self, _request: Request) -> Response:
        return _file("events.js", "text/javascript")

    async def style(self, _request: Request) -> Response:
        return _file("events.css", "text/css")

    def _frame(self, request: Request, given: str) -> str | None:
        """The path and query of an embed here; None for every other address. The host is never taken over."""
        try:
            parts = urlsplit(given)
        except ValueError:  # brackets of an IPv6 address that do not match
            return None
        own = {request.headers.get("host", ""), urlsplit(public_base(request, self._context.settings)).netloc}
        prefix = path_prefix(request)
        if parts.scheme not in ("", "http", "https") or parts.netloc not in {"", *own}:
            return None
        path = parts.path.removeprefix(prefix)
        if not _EMBED.match(path):
            return None
        return prefix + path + (f"?{parts.query}" if parts.query else "")


def _file(name: str, content_type: str) -> Response:
    headers = {"cache-control": "public, max-age=60", "x-content-type-options": "nosniff"}
    return Response((_FILES / name).read_bytes(), 200, headers, media_type=f"{content_type}; charset=utf-8")
