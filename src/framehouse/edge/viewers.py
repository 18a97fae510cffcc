"""What a request says of who sends it: the console session's tenant, the cookie that proves a password.

The cookie is scoped to one video's paths. In a frame on another site browsers may keep it from us: the player then
asks for the password again.
"""

from datetime import datetime
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from framehouse.edge.addresses import is_https
from framehouse.edge.context import EdgeContext
from framehouse.kernel import PayloadTooLarge
from framehouse.library import PublishedVideo
from framehouse.playback import Place, Viewing, view

PROOF_COOKIE = "framehouse_proof"
FORM_BYTES_MAX = 8192


async def viewing_for(
    context: EdgeContext, request: Request, published: PublishedVideo, place: Place, *, proof: str | None = None
) -> Viewing:
    """`proof` is one that was just given, before the browser can send it back."""
    viewer = await context.owner_of(request)
    given = proof or request.cookies.get(PROOF_COOKIE)
    return view(context.playback, published, place, viewer=viewer, proof=given)


def keep_proof(
    context: EdgeContext, request: Request, response: Response, path: str, proof: str, expires_at: datetime
) -> None:
    """Sets the cookie for everything below `path`. Frames on other sites need None, Secure and Partitioned (CHIPS)."""
    age_s = int((expires_at - context.clock.now()).total_seconds())
    scope = "SameSite=None; Secure; Partitioned" if is_https(request, context.settings) else "SameSite=Lax"
    cookie = f"{PROOF_COOKIE}={proof}; Path={path}; Max-Age={age_s}; HttpOnly; {scope}"
    response.headers.append("set-cookie", cookie)


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


async def form_field(request: Request, name: str) -> str:
    """A field of a small urlencoded form; empty when it is missing. Raises PayloadTooLarge."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES_MAX:
            raise PayloadTooLarge(f"A form has at most {FORM_BYTES_MAX} bytes.")
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return fields.get(name, [""])[0]
