"""Files that owners were given a signed path to: `/exports/contacts/{token}.csv`."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from framehouse import library
from framehouse.edge.context import EdgeContext

_HEADERS = {
    "cache-control": "no-store",
    "content-disposition": 'attachment; filename="contacts.csv"',
    "x-content-type-options": "nosniff",
}


class ExportRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        return [Route("/exports/contacts/{token}.csv", self.contacts, methods=["GET"])]

    async def contacts(self, request: Request) -> Response:
        """404 for a token that is over as for one that never was."""
        blocks = library.open_export(self._context.library, request.path_params["token"])
        if blocks is None:
            return PlainTextResponse("Not found.", 404, headers={"cache-control": "no-store"})
        return StreamingResponse(blocks, media_type="text/csv; charset=utf-8", headers=_HEADERS)
