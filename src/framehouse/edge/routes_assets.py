"""Posters, thumbnails, storyboards, captions, downloads and sources: `/assets/{video}/{signature}/{kind}/{name}`.

The signature is stable per video and kind, so these URLs can be kept; what may be found behind them is in
`playback.assets`.
"""

from base64 import b64decode

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

from framehouse.edge.answers import READ_CORS, error_answer, not_found, preflight
from framehouse.edge.asset_answers import asset_answer
from framehouse.edge.context import EdgeContext
from framehouse.edge.endpoints import asgi_route
from framehouse.edge.files import FileAnswer, of_bytes
from framehouse.kernel import FramehouseError, NotFound, VideoId, from_hex
from framehouse.library import CUSTOM_POSTER
from framehouse.playback import FRAME_KINDS, AssetKind, find_asset, published_with_signature

METHODS = "GET, HEAD, OPTIONS"
# The URL stays while what it shows may be made anew: kept a little, then asked for by its tag.
CACHE = "public, max-age=300"
PLACEHOLDER_CACHE = "public, max-age=5"
# A neutral grey frame, 16:9, for clients that read a poster's URL right after the upload.
PLACEHOLDER_JPEG = b64decode(
    "/9j/4AAQSkZJRgABAgAAAQABAAD//gAPTGF2YzYzLjEuMTAyAP/bAEMACBQUFxQXGxsbGxsbIB4gISEhICAgICEhISQkJCoqKiQkJCEhJCQoKCoqLi8uKysq"
    "Ky8vMjIyPDw5OUZGSFZWZ//EAEwAAQEAAAAAAAAAAAAAAAAAAAAHAQEBAAAAAAAAAAAAAAAAAAAAAxABAAAAAAAAAAAAAAAAAAAAABEBAAAAAAAAAAAAAAAA"
    "AAAAAP/AABEIABIAIAMBIgACEQADEQD/2gAMAwEAAhEDEQA/AJ+AqkAAAAAA/9k="
)


class AssetRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        path = "/assets/{video}/{signature}/{kind}/{name}"
        return [asgi_route(path, self.asset, methods=["GET", "HEAD", "OPTIONS"])]

    async def asset(self, request: Request) -> ASGIApp:
        if request.method == "OPTIONS":
            return preflight(request, METHODS)
        try:
            return await self._asset(request)
        except NotFound:
            return not_found(READ_CORS)
        except FramehouseError as error:
            return error_answer(error, READ_CORS)

    async def _asset(self, request: Request) -> ASGIApp:
        kind, name = _kind(request.path_params["kind"]), request.path_params["name"]
        video_id = from_hex(request.path_params["video"])
        if kind is None or video_id is None:
            raise NotFound("Not found.")
        playback, signature = self._context.playback, request.path_params["signature"]
        published = await published_with_signature(playback, VideoId(video_id), kind, signature)
        if published is None:
            raise NotFound("Not found.")
        asset = await find_asset(playback, published, kind, name)
        if asset is None:
            return _placeholder(kind, name)
        return await asset_answer(self._context.library.storage, asset, {**READ_CORS, "cache-control": CACHE})


def _placeholder(kind: AssetKind, name: str) -> ASGIApp:
    """For the frames every video will have, and an uploaded one that is being made; anything else is unknown."""
    if kind not in FRAME_KINDS or name not in {f"{number}.jpg" for number in range(CUSTOM_POSTER + 1)}:
        raise NotFound("Not found.")
    headers = {**READ_CORS, "content-type": "image/jpeg", "cache-control": PLACEHOLDER_CACHE}
    return FileAnswer(of_bytes(PLACEHOLDER_JPEG, "placeholder"), headers)


def _kind(text: str) -> AssetKind | None:
    return AssetKind(text) if text in set(AssetKind) else None
