"""What viewers type: a video's password, a login's e-mail address and password, who they are.

Each use case looks first whether the policy asks for it: who is refused for another reason cannot guess here. The
answer is a viewing again, with what was shown added to the viewer's proofs.
"""

import hmac
from datetime import timedelta

from framehouse import library
from framehouse.identity import Identity, network_of
from framehouse.kernel import AccessDenied, InvalidInput, RateLimited, to_hex
from framehouse.library import LibraryContext, PublishedVideo, Video
from framehouse.playback.context import PlaybackContext
from framehouse.playback.model import DenialReason, Denied, Place, SignedIn, Viewer
from framehouse.playback.watch import Viewing, view

PASSWORD_LIFE = timedelta(hours=12)  # of the cookies; passes have their own
LOGIN_LIFE = timedelta(days=14)  # as the console's sessions; a new password ends it
CONTACT_LIFE = timedelta(days=90)

PASSWORD_PROMPTS = frozenset({DenialReason.PASSWORD_REQUIRED, DenialReason.PROJECT_LOCKED})
LOGIN_REASONS = frozenset(
    {
        DenialReason.LOGIN_REQUIRED,
        DenialReason.LOGIN_WRONG,
        DenialReason.GRANT_MISSING,
        DenialReason.GRANT_NOT_STARTED,
        DenialReason.GRANT_ENDED,
        DenialReason.PLAYS_USED_UP,
    }
)


async def enter_password(
    context: PlaybackContext, published: PublishedVideo, place: Place, viewer: Viewer, password: str
) -> Viewing:
    """Denied with PASSWORD_WRONG, or with TOO_MANY_TRIES after too many from one address."""
    viewing = await view(context, published, place, viewer)
    if not _is_denied(viewing, PASSWORD_PROMPTS):
        return viewing
    of_project = _is_denied(viewing, frozenset({DenialReason.PROJECT_LOCKED}))
    now, key = context.library.clock.now(), f"{to_hex(published.video.id)}/{network_of(viewer.address)}"
    try:
        context.wrong_passwords.check(key, now)
    except RateLimited as error:
        return viewing.refused(_too_many(error))
    video = published.video
    sealed = video.project_password_sealed if of_project else video.password_sealed
    if not _is_sealed(context.library, sealed, password):
        context.wrong_passwords.failed(key, now)
        return viewing.refused(Denied(DenialReason.PASSWORD_WRONG, "That is not the password. Try again."))
    context.wrong_passwords.succeeded(key)
    shown = viewing.viewer.having(project=True) if of_project else viewing.viewer.having(password=True)
    return await view(context, published, place, shown)


def is_password(context: LibraryContext, video: Video, given: str) -> bool:
    """Whether it is the video's own. Constant time."""
    return _is_sealed(context, video.password_sealed, given)


def is_project_password(context: LibraryContext, video: Video, given: str) -> bool:
    """Whether it is that of the video's project. Constant time."""
    return _is_sealed(context, video.project_password_sealed, given)


def _is_sealed(context: LibraryContext, sealed: str | None, given: str) -> bool:
    if sealed is None:
        return False
    return hmac.compare_digest(context.secrets.decrypt(sealed).encode(), given.encode("utf-8", "surrogatepass"))


async def sign_in(
    context: PlaybackContext,
    identity: Identity,
    published: PublishedVideo,
    place: Place,
    viewer: Viewer,
    email: str,
    password: str,
) -> Viewing:
    """Denied with LOGIN_WRONG or TOO_MANY_TRIES. Also for who is signed in with a login that may not watch."""
    viewing = await view(context, published, place, viewer)
    if not _is_denied(viewing, LOGIN_REASONS):
        return viewing
    try:
        login = await identity.sign_in_viewer(published.video.tenant_id, email, password, viewer.address)
    except RateLimited as error:
        return viewing.refused(_too_many(error))
    except AccessDenied as error:
        return viewing.refused(Denied(DenialReason.LOGIN_WRONG, error.message))
    signed_in = viewing.viewer.having(login=SignedIn(login.id, login.generation), session=None)
    return await view(context, published, place, signed_in)


async def leave_contact(
    context: PlaybackContext,
    published: PublishedVideo,
    place: Place,
    viewer: Viewer,
    *,
    email: str,
    name: str,
    consent: bool,
) -> Viewing:
    """Recorded for the owner. An e-mail address is always needed, a name where the video asks for one. Denied with
    CONTACT_INVALID for what cannot be taken."""
    viewing = await view(context, published, place, viewer)
    if not _is_denied(viewing, frozenset({DenialReason.CONTACT_REQUIRED})):
        return viewing
    if published.video.asks_name and not name.strip():
        return viewing.refused(Denied(DenialReason.CONTACT_INVALID, "Please enter your name."))
    try:
        left = await library.record_contact(context.library, published.video, email=email, name=name, consent=consent)
    except InvalidInput as error:
        wrong = "That is no e-mail address." if "email" in error.fields else "That name cannot be taken."
        return viewing.refused(Denied(DenialReason.CONTACT_INVALID, wrong))
    return await view(context, published, place, viewing.viewer.having(contact=True, contact_id=left.id))


def _is_denied(viewing: Viewing, reasons: frozenset[DenialReason]) -> bool:
    return isinstance(viewing.decision, Denied) and viewing.decision.reason in reasons


def _too_many(error: RateLimited) -> Denied:
    return Denied(DenialReason.TOO_MANY_TRIES, error.message, error.retry_after_s)
