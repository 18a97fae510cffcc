"""What the player gets to report what is watched: the report ticket, and who may be named in it.

A viewer is named by what the server knows (a login) or by what the page around the player says in the embed's address
(`uid`, `vemail`), and by nothing where consent is missing.
"""

from dataclasses import dataclass

from starlette.requests import Request

from framehouse import library
from framehouse.audience import Watching
from framehouse.audience.model import ViewerIdentity, ViewerKind
from framehouse.edge.addresses import path_prefix
from framehouse.edge.context import EdgeContext
from framehouse.edge.embed_page import EmbedReport
from framehouse.edge.viewers import own_host
from framehouse.kernel import NotFound
from framehouse.library import ContactId, Owner
from framehouse.playback import Allowed, Viewing

REPORTS_PATH = "/audience/reports"
NAME_MAX = 200
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


@dataclass(frozen=True)
class _Claims:
    uid: str
    email: str
    consent: str


async def report_of(context: EdgeContext, request: Request, viewing: Viewing) -> EmbedReport | None:
    """None for who may not watch, and for the console's own preview."""
    proofs, audience = viewing.viewer.proofs, context.audience
    if not isinstance(viewing.decision, Allowed) or proofs.impression is None:
        return None
    claims = _claims(request)
    personal = _is_personal(context, request, claims)
    now_ms = audience.now_ms()
    host = proofs.host or ""
    watching = Watching(
        tenant_id=viewing.video.tenant_id,
        video_id=viewing.video.id,
        title=viewing.video.title,
        duration_ms=viewing.video.duration_ms,
        impression=proofs.impression,
        issued_ms=now_ms,
        viewer=await _identity(context, viewing, claims) if personal else ViewerIdentity(),
        host=host,
        on_site=proofs.from_page or host == own_host(context, request),
        owner=viewing.facts.is_owner,
        personal=personal,
    )
    return EmbedReport(
        url=path_prefix(request) + REPORTS_PATH,
        ticket=audience.tickets.issue(watching),
        now_ms=now_ms,
        every_ms=audience.report_every_ms,
        persistent=personal,
    )


def _claims(request: Request) -> _Claims:
    given = {name.lower(): value for name, value in request.query_params.items()}
    texts = (given.get(name, "").strip()[:NAME_MAX] for name in ("uid", "vemail", "consent"))
    return _Claims(*texts)


def _is_personal(context: EdgeContext, request: Request, claims: _Claims) -> bool:
    """What the page says of the viewer's consent counts before the browser's wish, and that before the setting."""
    if claims.consent.lower() in _YES:
        return True
    refuses = "1" in (request.headers.get("dnt"), request.headers.get("sec-gpc"))
    if claims.consent.lower() in _NO or (refuses and context.settings.audience_do_not_track):
        return False
    return not context.audience.consent_required


async def _identity(context: EdgeContext, viewing: Viewing, claims: _Claims) -> ViewerIdentity:
    login = viewing.viewer.proofs.login
    if login is not None:
        try:
            found = await context.identity.login(viewing.video.tenant_id, login.login_id)
            return ViewerIdentity(ViewerKind.LOGIN, found.email, claims.uid, found.email)
        except NotFound:  # deleted meanwhile
            pass
    contact_id = viewing.viewer.proofs.contact_id
    if contact_id is not None:
        try:
            left = await library.get_contact(context.library, Owner(viewing.video.tenant_id), ContactId(contact_id))
            return ViewerIdentity(ViewerKind.CONTACT, left.email, claims.uid, left.email, left.name or "")
        except NotFound:  # as above
            pass
    if claims.email:
        return ViewerIdentity(ViewerKind.EMAIL, claims.email, claims.uid, claims.email)
    return ViewerIdentity(ViewerKind.UID, claims.uid, claims.uid) if claims.uid else ViewerIdentity()
