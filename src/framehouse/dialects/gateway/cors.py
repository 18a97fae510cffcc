"""Routes that scripts on anybody's pages may call: the preflight's answer and the header on the others.

No cookies are in play, so that `*` gives nothing away that a script could not fetch elsewhere (Fetch, section 3.3).
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

PREFLIGHT_AGE_S = 86_400
_ANY_ORIGIN = (b"access-control-allow-origin", b"*")


async def from_any_origin(request: Request) -> None:
    """A dependency that comes before all others, so that refusals are readable too."""
    request.state.from_any_origin = True


def origin_headers(state: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    return [_ANY_ORIGIN] if state.get("from_any_origin") else []


def preflight(request: Request, methods: str) -> Response:
    """Allows whatever headers are asked for: upload forms of other makers send some of their own."""
    headers = {
        "access-control-allow-methods": methods,
        "access-control-allow-headers": request.headers.get("access-control-request-headers", "*"),
        "access-control-max-age": str(PREFLIGHT_AGE_S),
        "vary": "Access-Control-Request-Headers",
    }
    return Response(None, 204, headers)
