"""Use cases of a viewer: find a video by its embed address, ask whether it may be watched, prove a password.

The rules are in `policy`; what the answers look like on the wire is the edge's business.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from framehouse import library
from framehouse.kernel import TenantId, VideoId, to_hex
from framehouse.library import CUT, Output, PublishedVideo, Video
from framehouse.playback.context import PlaybackContext
from framehouse.playback.model import AccessFacts, Allowed, Decision, Place
from framehouse.playback.policy import decide
from framehouse.playback.signatures import is_embed_token
from framehouse.playback.tickets import ticket_expiry

PROOF_LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class Viewing:
    """The answer to one viewer. `output` and `ticket` are there exactly when the decision is Allowed."""

    published: PublishedVideo
    decision: Decision
    output: Output | None = None
    ticket: str | None = None

    @property
    def video(self) -> Video:
        return self.published.video


async def find_published(context: PlaybackContext, video_id: VideoId) -> PublishedVideo | None:
    return await library.published_video(context.library, video_id)


async def find_by_embed_address(context: PlaybackContext, video_id: VideoId, token: str) -> PublishedVideo | None:
    """None for an unknown video and for a wrong token alike."""
    published = await find_published(context, video_id)
    return published if published is not None and is_embed_token(published.video, token) else None


def view(
    context: PlaybackContext, published: PublishedVideo, place: Place, *, viewer: TenantId | None, proof: str | None
) -> Viewing:
    """Decides now and issues a ticket if the answer is yes. `viewer` is the tenant who is signed in, if any."""
    now = context.library.clock.now()
    video, output = published.video, streamable(published)
    is_owner = viewer is not None and viewer == video.tenant_id
    facts = AccessFacts(
        video=video,
        place=place,
        now=now,
        has_presentation=output is not None,
        is_owner=is_owner,
        password_proven=proof is not None and context.proofs.verify(video, proof, now),
    )
    decision = decide(facts)
    if output is None or not isinstance(decision, Allowed):
        return Viewing(published, decision)
    expires_at = ticket_expiry(
        now,
        duration_ms=video.duration_ms,
        minimum_s=context.ticket_min_s,
        not_after=None if is_owner else video.expires_at,
    )
    return Viewing(published, decision, output, context.tickets.issue(video.id, video.ticket_generation, expires_at))


def streamable(published: PublishedVideo) -> Output | None:
    """What viewers stream. A protected video is never streamed clear, as its cut source would be."""
    output = published.presentation
    if output is not None and published.video.protected and output.name == CUT:
        return None
    return output


def prove_password(context: PlaybackContext, video: Video, password: str, address: str) -> tuple[str, datetime] | None:
    """A proof with its expiry; None when the password is wrong. RateLimited after too many from one address."""
    now = context.library.clock.now()
    key = f"{to_hex(video.id)}/{address}"
    context.wrong_passwords.check(key, now)
    if video.password_sealed is None:
        return None
    right = context.library.secrets.decrypt(video.password_sealed)
    if not hmac.compare_digest(right.encode(), password.encode("utf-8", "surrogatepass")):
        context.wrong_passwords.failed(key, now)
        return None
    context.wrong_passwords.succeeded(key)
    expires_at = now + PROOF_LIFE
    return context.proofs.issue(video, expires_at), expires_at
