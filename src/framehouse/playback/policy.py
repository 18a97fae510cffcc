"""Who may watch: a chain of small pure rules, the first objection counts. What the rules look at is in `model`.

Playback tokens and concurrency join the chain as further rules and facts. Privacy levels mean what the contract of the
SproutVideo API says.
"""

from collections.abc import Callable

from framehouse.library import Privacy, VideoState
from framehouse.playback.allow_lists import is_among_domains, is_in_networks
from framehouse.playback.model import AccessFacts, Allowed, Decision, DenialReason, Denied, Place, SignatureState

Rule = Callable[[AccessFacts], Denied | None]

_SIGNATURES = {
    SignatureState.MISSING: DenialReason.SIGNATURE_MISSING,
    SignatureState.WRONG: DenialReason.SIGNATURE_WRONG,
    SignatureState.EXPIRED: DenialReason.SIGNATURE_EXPIRED,
}
# Of several grants none allows: the reason that is nearest to a yes.
_GRANT_REASONS = {
    DenialReason.PLAYS_USED_UP: "This login has used all its plays of this video.",
    DenialReason.GRANT_NOT_STARTED: "This login may not watch this video yet.",
    DenialReason.GRANT_ENDED: "This login may not watch this video any more.",
}


def tenant(facts: AccessFacts) -> Denied | None:
    if facts.tenant_active:
        return None
    return Denied(DenialReason.TENANT_INACTIVE, "This video is not available at the moment.")


def expiry(facts: AccessFacts) -> Denied | None:
    expires_at = facts.video.expires_at
    if expires_at is not None and facts.now >= expires_at:
        return Denied(DenialReason.EXPIRED, "This video is no longer available.")
    return None


def owner_only_page(facts: AccessFacts) -> Denied | None:
    """A private video embeds anywhere; its own page is its owner's."""
    if facts.video.privacy is Privacy.PRIVATE and facts.place is Place.PAGE:
        return Denied(DenialReason.OWNER_ONLY, "This video is private.")
    return None


def project(facts: AccessFacts) -> Denied | None:
    """A private project is its team's: neither the page nor an embed of what is in it opens for others."""
    if not facts.video.project_private:
        return None
    return Denied(DenialReason.PROJECT_PRIVATE, "This video is private.")


def network(facts: AccessFacts) -> Denied | None:
    networks = facts.video.allowed_networks
    if not networks or is_in_networks(facts.address, networks):
        return None
    return Denied(DenialReason.NETWORK_NOT_ALLOWED, "This video cannot be watched from your network.")


def domain(facts: AccessFacts) -> Denied | None:
    """Where the embed stands. Our own page is not asked: who may see it is decided there."""
    domains = facts.video.allowed_domains
    if not domains or facts.place is Place.PAGE or facts.from_page:
        return None
    if facts.host is None:
        return Denied(DenialReason.DOMAIN_UNKNOWN, "This video plays only inside the pages of certain sites.")
    if not is_among_domains(facts.host, domains):
        return Denied(DenialReason.DOMAIN_NOT_ALLOWED, "This video may not be watched on this site.")
    return None


def signed_embed(facts: AccessFacts) -> Denied | None:
    if not facts.video.signed_embeds_only or facts.place is Place.PAGE or facts.from_page:
        return None
    if facts.signature is SignatureState.VALID:
        return None
    return Denied(_SIGNATURES[facts.signature], "This video cannot be watched under this address.")


def project_password(facts: AccessFacts) -> Denied | None:
    """A locked project asks everywhere. Without a password nobody can know it."""
    if not facts.video.project_locked or facts.project_password_proven:
        return None
    return Denied(DenialReason.PROJECT_LOCKED, "This video is protected. Enter the password to watch it.")


def password(facts: AccessFacts) -> Denied | None:
    """The page always asks; the embed only where its owner prefers that. Without a password nobody can know it."""
    video = facts.video
    if video.privacy is not Privacy.PASSWORD or facts.password_proven:
        return None
    if facts.place is Place.EMBED and not video.prefers_embed_password:
        return None
    return Denied(DenialReason.PASSWORD_REQUIRED, "This video is protected. Enter its password to watch it.")


def login(facts: AccessFacts) -> Denied | None:
    """Somebody is signed in, and one of the login's grants allows another play, or the play that is under way."""
    if facts.video.privacy is not Privacy.LOGIN:
        return None
    if facts.grants is None:
        return Denied(DenialReason.LOGIN_REQUIRED, "Sign in to watch this video.")
    playing = facts.play.grant_id if facts.play is not None else None
    objections = {grant.objection(facts.now, play_continues=grant.id == playing) for grant in facts.grants}
    if None in objections:
        return None
    for reason, message in _GRANT_REASONS.items():
        if reason in objections:
            return Denied(reason, message)
    return Denied(DenialReason.GRANT_MISSING, "This login may not watch this video.")


def contact(facts: AccessFacts) -> Denied | None:
    if facts.contact_given or not (facts.video.asks_email or facts.video.asks_name):
        return None
    return Denied(DenialReason.CONTACT_REQUIRED, "Tell who you are to watch this video.")


def playable(facts: AccessFacts) -> Denied | None:
    """A failed later step does not take away what can be played already."""
    if facts.video.playable and facts.has_presentation:
        return None
    if facts.video.state is VideoState.FAILED:
        return Denied(DenialReason.FAILED, "This video could not be processed.")
    return Denied(DenialReason.NOT_PLAYABLE_YET, "This video is being prepared.")


# Access before state, so that a stranger learns nothing of a video's progress.
ACCESS_RULES: tuple[Rule, ...] = (
    tenant,
    expiry,
    owner_only_page,
    project,
    network,
    domain,
    signed_embed,
    project_password,
    password,
    login,
    contact,
)
STATE_RULES: tuple[Rule, ...] = (playable,)


def decide(facts: AccessFacts) -> Decision:
    """Pure. The owner passes every access rule; nobody plays what is not there."""
    rules = STATE_RULES if facts.is_owner else (*ACCESS_RULES, *STATE_RULES)
    for rule in rules:
        denied = rule(facts)
        if denied is not None:
            return denied
    return Allowed()
