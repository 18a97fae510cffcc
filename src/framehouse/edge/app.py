"""The edge as one ASGI application: everything that viewers and their players fetch."""

from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from framehouse.edge.answers import not_found
from framehouse.edge.context import EdgeContext
from framehouse.edge.guard import Guard
from framehouse.edge.media_app import MediaApp
from framehouse.edge.routes_assets import AssetRoutes
from framehouse.edge.routes_audience import AudienceRoutes
from framehouse.edge.routes_demo import DemoRoutes
from framehouse.edge.routes_embed import EmbedRoutes
from framehouse.edge.routes_exports import ExportRoutes
from framehouse.edge.routes_oembed import OEmbedRoutes
from framehouse.edge.routes_player import PlayerRoutes
from framehouse.edge.routes_playlist import PlaylistRoutes
from framehouse.edge.routes_storage import StorageRoutes
from framehouse.edge.routes_watch import WatchRoutes

# First segments of the paths that are served here; whatever is around mounts or dispatches by them.
PATHS = (
    "/embed", "/media", "/assets", "/storage", "/watch", "/player", "/playlist/", "/oembed.", "/web/oembed",
    "/exports/", "/audience/",
    "/favicon.ico",
)  # fmt: skip


def create_edge(context: EdgeContext) -> ASGIApp:
    """To be mounted at the installation's root, after the APIs and the console. It has no lifespan of its own:
    `context.playback.close()` belongs into the one of the application around it."""
    routes = [
        Mount("/media", MediaApp(context)),
        *EmbedRoutes(context).routes(),
        *AssetRoutes(context).routes(),
        *StorageRoutes(context).routes(),
        *WatchRoutes(context).routes(),
        *PlayerRoutes(context).routes(),
        *PlaylistRoutes(context).routes(),
        *OEmbedRoutes(context).routes(),
        *ExportRoutes(context).routes(),
        *DemoRoutes(context).routes(),
        *AudienceRoutes(context).routes(),
    ]
    return Guard(Router(routes, redirect_slashes=False, default=_nothing))


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await not_found()(scope, receive, send)
