"""Who may watch: a chain of small pure rules, the first objection counts. What the rules look at is in `model`.

Login grants, playback tokens, signed embeds, domain and address lists, tenant status and concurrency join the chain
as further rules and facts. Privacy levels mean what the contract of the SproutVideo API says.
"""

from collections.abc import Callable

from framehouse.library import Privacy, VideoState
from framehouse.playback.model import AccessFacts, Allowed, Decision, DenialReason, Denied, Place

Rule = Callable[[AccessFacts], Denied | None]


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


def login(facts: AccessFacts) -> Denied | None:
    """Viewer logins do not exist yet, so nobody has one."""
    if facts.video.privacy is Privacy.LOGIN:
        return Denied(DenialReason.LOGIN_REQUIRED, "Sign in to watch this video.")
    return None


def password(facts: AccessFacts) -> Denied | None:
    """The page always asks; the embed only where its owner prefers that. Without a password nobody can know it."""
    video = facts.video
    if video.privacy is not Privacy.PASSWORD or facts.password_proven:
        return None
    if facts.place is Place.EMBED and not video.prefers_embed_password:
        return None
    return Denied(DenialReason.PASSWORD_REQUIRED, "This video is protected. Enter its password to watch it.")


def playable(facts: AccessFacts) -> Denied | None:
    """A failed later step does not take away what can be played already."""
    if facts.video.playable and facts.has_presentation:
        return None
    if facts.video.state is VideoState.FAILED:
        return Denied(DenialReason.FAILED, "This video could not be processed.")
    return Denied(DenialReason.NOT_PLAYABLE_YET, "This video is being prepared.")


# Access before state, so that a stranger learns nothing of a video's progress.
ACCESS_RULES: tuple[Rule, ...] = (expiry, owner_only_page, login, password)
STATE_RULES: tuple[Rule, ...] = (playable,)


def decide(facts: AccessFacts) -> Decision:
    """Pure. The owner passes every access rule; nobody plays what is not there."""
    rules = STATE_RULES if facts.is_owner else (*ACCESS_RULES, *STATE_RULES)
    for rule in rules:
        denied = rule(facts)
        if denied is not None:
            return denied
    return Allowed()
