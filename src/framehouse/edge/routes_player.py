"""The built player and the site's icon: public files of the program itself, `/player/{name}` and `/favicon.ico`."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from framehouse.edge.answers import READ_CORS
from framehouse.edge.context import EdgeContext
from framehouse.edge.endpoints import asgi_route
from framehouse.edge.files import FileAnswer, of_found
from framehouse.edge.media_app import IMMUTABLE
from framehouse.kernel import NotFound
from framehouse.playback import LocalFile

_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+\Z")
_HASHED = re.compile(r"-[A-Z0-9]{8}\.(?:js|css)\Z")  # the build puts a hash of the content before the suffix
_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "map": "application/json",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
}
ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f2933"/>'
    b'<path d="M12 9.5v13l11-6.5z" fill="#fff"/></svg>\n'
)


class PlayerRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._folder, self._storage = context.player_dir, context.library.storage

    def routes(self) -> list[Route]:
        return [
            asgi_route("/player/{name}", self.file, methods=["GET", "HEAD"]),
            Route("/favicon.ico", self.icon, methods=["GET"]),
        ]

    async def file(self, request: Request) -> ASGIApp:
        """Only names without folders, of kinds that the build makes."""
        name = request.path_params["name"]
        content_type = _TYPES.get(name.rpartition(".")[2])
        path = self._folder / name
        found = LocalFile.at(path) if _NAME.match(name) and content_type else None
        if found is None or content_type is None:
            raise NotFound("Not found.")
        cache = IMMUTABLE if _HASHED.search(name) else "public, max-age=60"
        file = of_found(self._storage, found)
        return FileAnswer(file, {**READ_CORS, "content-type": content_type, "cache-control": cache})

    async def icon(self, _request: Request) -> Response:
        return Response(ICON, 200, {"cache-control": "public, max-age=86400"}, media_type="image/svg+xml")
