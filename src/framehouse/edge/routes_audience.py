"""Where players report what is watched."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from framehouse.audience import Sender, receive_report
from framehouse.audience.wire import BODY_BYTES_MAX
from framehouse.edge.answers import NO_STORE
from framehouse.edge.context import EdgeContext
from framehouse.edge.reporting import REPORTS_PATH
from framehouse.edge.viewers import address_of
from framehouse.kernel import PayloadTooLarge


class AudienceRoutes:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context

    def routes(self) -> list[Route]:
        return [Route(REPORTS_PATH, self.reports, methods=["POST"])]

    async def reports(self, request: Request) -> Response:
        """200 when the accepted facts are durable; 400 for no report, 403 for a ticket that is not ours, 413 for too
        much at once, 429 and 503 with Retry-After for later. See docs/reference/player.md."""
        pieces: list[bytes] = []
        size = 0
        async for piece in request.stream():
            pieces.append(piece)
            size += len(piece)
            if size > BODY_BYTES_MAX:
                raise PayloadTooLarge(f"A report has at most {BODY_BYTES_MAX} bytes.")
        sender = Sender(address_of(request), request.headers.get("user-agent", ""))
        receipt = await receive_report(self._context.audience, b"".join(pieces), sender)
        answer = {
            "nowMs": receipt.now_ms,
            "accepted": receipt.accepted,
            "refused": [{"n": refused.n, "reason": refused.reason} for refused in receipt.refused],
        }
        return JSONResponse(answer, headers=dict(NO_STORE))
