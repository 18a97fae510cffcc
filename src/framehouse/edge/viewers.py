"""What a request says of who sends it: the console session's tenant, the network address, the site around the player,
the pass in its query, and cookies.

Cookies make a viewer's next visit easier. In a frame on another site browsers may keep them from us; the pass is what
the player then goes on with. A form that another site makes a browser send carries cookies and no pass: whatever costs
the viewer something asks for the pass.
"""

import secrets
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import Response

from framehouse.edge.addresses import is_https, path_prefix, public_base
from framehouse.edge.context import EdgeContext
from framehouse.kernel import InvalidInput, PayloadTooLarge, TenantId, to_hex
from framehouse.library import PublishedVideo, Video
from framehouse.playback import (
    CONTACT_LIFE,
    LOGIN_LIFE,
    PASSWORD_LIFE,
    PASSWORD_PROMPTS,
    DenialReason,
    Denied,
    EmbedAddress,
    Proofs,
    SignedIn,
    Viewer,
    Viewing,
    embed_path,
)

PROOF_COOKIE = "framehouse_proof"
CONTACT_COOKIE = "framehouse_contact"
LOGIN_COOKIE = "framehouse_viewer"  # and the tenant's: a browser may be signed in at several
PASS = "pass"  # noqa: S105  (the query's name for it)
FORM_BYTES_MAX = 8192
FORM_FIELDS_MAX = 20
# Waiting is no denial of access: these are not logged, since players ask again and again.
STATE_REASONS = frozenset({DenialReason.NOT_PLAYABLE_YET, DenialReason.FAILED})
_PROMPTS = PASSWORD_PROMPTS | {DenialReason.LOGIN_REQUIRED, DenialReason.CONTACT_REQUIRED}
log = structlog.get_logger(__name__)


async def viewer_of(
    context: EdgeContext,
    request: Request,
    published: PublishedVideo,
    *,
    is_page_load: bool = False,
    with_login_cookie: bool = True,
) -> Viewer:
    """Only what is proven. Where the player stands, and that its address is signed, is told by a page load, and after
    it by the pass of that load: nobody carries these elsewhere."""
    video, now = published.video, context.clock.now()
    passed = context.playback.passes.verify(request.query_params.get(PASS, ""), video, now)
    proofs = passed.proofs if passed is not None else Proofs()
    if is_page_load:  # another load is another play
        host = embedding_host(context, request, proofs.host)
        seen = None if _is_console(context, request) else secrets.randbits(63) + 1
        proofs = replace(proofs, host=host, signed=False, session=None, impression=seen)
    cookies = request.cookies
    kept = _kept(context, video, cookies.get(PROOF_COOKIE, ""), now)
    known = _kept(context, video, cookies.get(CONTACT_COOKIE, ""), now)
    proofs = replace(
        proofs,
        password=proofs.password or kept.password,
        project=proofs.project or kept.project,
        contact=proofs.contact or known.contact,
        contact_id=proofs.contact_id or known.contact_id,
    )
    if proofs.login is None and with_login_cookie:
        signed_in = cookies.get(_login_cookie(video.tenant_id), "")
        proofs = replace(proofs, login=context.playback.logins.verify(signed_in, now))
    return Viewer(
        address=address_of(request),
        owner=await context.owner_of(request),
        proofs=proofs,
        embed=_embed_address(context, request, video) if video.signed_embeds_only else None,
        pass_ends_at=passed.ends_at if passed is not None else None,
    )


def embedding_host(context: EdgeContext, request: Request, passed: str | None) -> str | None:
    """The host of the page around the player, as the browser says it when it loads a frame (Fetch Metadata; RFC 9110
    section 10.1.3); None when the page around keeps it to itself.

    In a page of ours that other sites frame, such as a playlist's, the site is the one that page was loaded by:
    `passed`, from its pass.
    """
    own = own_host(context, request)
    if request.headers.get("sec-fetch-site") == "same-origin":
        return passed or own
    try:
        host = urlsplit(request.headers.get("referer", "")).hostname
    except ValueError:  # brackets of an IPv6 address that do not match
        return None
    return (passed or host) if host is not None and host == own else host


def own_host(context: EdgeContext, request: Request) -> str | None:
    return urlsplit(public_base(request, context.settings)).hostname


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def tell_denial(viewing: Viewing) -> None:
    """One line in the log for each request that is refused access, with the exact reason and without secrets."""
    decision = viewing.decision
    if isinstance(decision, Denied) and decision.reason not in STATE_REASONS:
        video, place = to_hex(viewing.video.id), viewing.facts.place.value
        log.info("access.denied", video=video, place=place, reason=decision.reason.value)


def denial_status(viewing: Viewing) -> int:
    """HTTP's word for the answer: 200 also for a first prompt and for waiting."""
    decision = viewing.decision
    if not isinstance(decision, Denied) or decision.reason in _PROMPTS | STATE_REASONS:
        return 200
    return {DenialReason.TOO_MANY_TRIES: 429, DenialReason.CONTACT_INVALID: 422}.get(decision.reason, 403)


def denial_headers(viewing: Viewing) -> dict[str, str]:
    retry_after_s = viewing.decision.retry_after_s if isinstance(viewing.decision, Denied) else None
    return {"retry-after": str(retry_after_s)} if retry_after_s is not None else {}


def keep_password(context: EdgeContext, request: Request, response: Response, viewing: Viewing, path: str) -> None:
    """For everything below `path`: a later visit is not asked again."""
    ends_at, shown = context.clock.now() + PASSWORD_LIFE, viewing.viewer.proofs
    proofs = Proofs(password=shown.password, project=shown.project)
    proof = context.playback.passes.issue(viewing.video, proofs, ends_at)
    keep_proof(context, request, response, path, proof, ends_at)


def keep_contact(context: EdgeContext, request: Request, response: Response, viewing: Viewing, path: str) -> None:
    ends_at = context.clock.now() + CONTACT_LIFE
    left = Proofs(contact=True, contact_id=viewing.viewer.proofs.contact_id)
    proof = context.playback.passes.issue(viewing.video, left, ends_at)
    _keep(context, request, response, CONTACT_COOKIE, path, proof, ends_at)


def keep_login(context: EdgeContext, request: Request, response: Response, video: Video, signed_in: SignedIn) -> None:
    """For all pages and players of the video's tenant."""
    ends_at = context.clock.now() + LOGIN_LIFE
    path, value = path_prefix(request) or "/", context.playback.logins.issue(signed_in, ends_at)
    _keep(context, request, response, _login_cookie(video.tenant_id), path, value, ends_at)


def drop_login(context: EdgeContext, request: Request, response: Response, video: Video) -> None:
    path, now = path_prefix(request) or "/", context.clock.now()
    _keep(context, request, response, _login_cookie(video.tenant_id), path, "", now)


def keep_proof(
    context: EdgeContext, request: Request, response: Response, path: str, proof: str, expires_at: datetime
) -> None:
    """Sets the cookie that proves a password for everything below `path`."""
    _keep(context, request, response, PROOF_COOKIE, path, proof, expires_at)


async def form_fields(request: Request) -> dict[str, str]:
    """The fields of a small urlencoded form. Raises PayloadTooLarge."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES_MAX:
            raise PayloadTooLarge(f"A form has at most {FORM_BYTES_MAX} bytes.")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX)
    except ValueError as error:
        raise InvalidInput(f"A form has at most {FORM_FIELDS_MAX} fields.") from error
    return {name: values[0] for name, values in fields.items()}


async def form_field(request: Request, name: str) -> str:
    """A field of a small urlencoded form; empty when it is missing. Raises PayloadTooLarge."""
    return (await form_fields(request)).get(name, "")


def _keep(
    context: EdgeContext, request: Request, response: Response, name: str, path: str, value: str, ends_at: datetime
) -> None:
    """Frames on other sites need None, Secure and Partitioned (CHIPS), which browsers take over https only."""
    age_s = int((ends_at - context.clock.now()).total_seconds())
    scope = "SameSite=None; Secure; Partitioned" if is_https(request, context.settings) else "SameSite=Lax"
    cookie = f"{name}={value}; Path={path}; Max-Age={age_s}; HttpOnly; {scope}"
    response.headers.append("set-cookie", cookie)


def _kept(context: EdgeContext, video: Video, cookie: str, now: datetime) -> Proofs:
    kept = context.playback.passes.verify(cookie, video, now)
    return kept.proofs if kept is not None else Proofs()


def _is_console(context: EdgeContext, request: Request) -> bool:
    """Whether the console shows the film to its owner: that is no impression."""
    try:
        around = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # as in `embedding_host`
        return False
    console = f"{path_prefix(request)}/console/"
    return around.hostname == own_host(context, request) and f"{around.path}/".startswith(console)


def _login_cookie(tenant_id: TenantId) -> str:
    return f"{LOGIN_COOKIE}_{tenant_id.hex[:12]}"


def _embed_address(context: EdgeContext, request: Request, video: Video) -> EmbedAddress:
    """The host may be the one that the vendor's clients know, or the one under which we are reached."""
    named = [host.strip() for host in context.settings.signed_embed_hosts.split(",")]
    own = [urlsplit(public_base(request, context.settings)).netloc, request.headers.get("host", "")]
    hosts = [*named, *own, *(host.rpartition(":")[0] for host in own if ":" in host)]
    parameters = parse_qsl(request.url.query, keep_blank_values=True)
    return EmbedAddress(embed_path(video), tuple(parameters), tuple(dict.fromkeys(host for host in hosts if host)))
