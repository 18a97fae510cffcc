"""The console as one application, to be mounted at /console: the pages and the JSON API under them."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from framehouse.console.answers import SafeHeaders, expected, unexpected, unrouted
from framehouse.console.context import ConsoleContext
from framehouse.console.routes_changes import ChangeRoutes
from framehouse.console.routes_pages import PageRoutes
from framehouse.console.routes_session import SessionRoutes
from framehouse.console.routes_uploads import UploadRoutes
from framehouse.console.routes_videos import VideoRoutes
from framehouse.kernel import FramehouseError


def create_console(context: ConsoleContext) -> FastAPI:
    """It has no lifespan of its own: the watch for changes runs only while a page listens."""
    routes: list[BaseRoute] = [
        *SessionRoutes(context).routes(),
        *VideoRoutes(context).routes(),
        *UploadRoutes(context).routes(),
        *ChangeRoutes(context).routes(),
        *PageRoutes(context).routes(),
    ]
    app = FastAPI(routes=routes, openapi_url=None, docs_url=None, redoc_url=None)
    app.add_exception_handler(FramehouseError, expected)
    app.add_exception_handler(HTTPException, unrouted)
    app.add_exception_handler(Exception, unexpected)
    app.add_middleware(SafeHeaders)
    return app
