"""Finding a video by its address, and asking whether a viewer may watch it: facts, decision, ticket.

The rules are in `policy`; counting plays is in `plays`; what the answers look like on the wire is the edge's business.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from framehouse import identity, library
from framehouse.identity import Tenant
from framehouse.kernel import VideoId
from framehouse.library import CUT, LibraryContext, Output, Privacy, PublishedVideo, Video
from framehouse.playback.context import PlaybackContext
from framehouse.playback.model import (
    AccessFacts,
    Allowed,
    Decision,
    Denied,
    Grant,
    Place,
    Play,
    Proofs,
    SignatureState,
    Viewer,
)
from framehouse.playback.passes import PASS_LIFE
from framehouse.playback.policy import decide
from framehouse.playback.signatures import is_embed_token
from framehouse.playback.signed_embeds import check_signature
from framehouse.playback.store import grants, plays
from framehouse.playback.tickets import OWNERS, ticket_expiry


@dataclass(frozen=True)
class Viewing:
    """The answer to one viewer. A ticket comes with Allowed, except where each play is counted: there the first press
    of the play button gets it (`plays.start_play`)."""

    published: PublishedVideo
    viewer: Viewer
    facts: AccessFacts
    tenant: Tenant | None
    decision: Decision
    ticket: str | None = None

    @property
    def video(self) -> Video:
        return self.published.video

    @property
    def output(self) -> Output | None:
        return streamable(self.published)

    @property
    def is_counted(self) -> bool:
        return self.video.privacy is Privacy.LOGIN and not self.facts.is_owner

    def refused(self, denied: Denied) -> "Viewing":
        """The same with another answer, whose reason is beyond the rules: a wrong password, a lost race."""
        return replace(self, decision=denied, ticket=None)


async def find_published(context: PlaybackContext, video_id: VideoId) -> PublishedVideo | None:
    return await library.published_video(context.library, video_id)


async def find_by_embed_address(context: PlaybackContext, video_id: VideoId, token: str) -> PublishedVideo | None:
    """None for an unknown video and for a wrong token alike."""
    published = await find_published(context, video_id)
    return published if published is not None and is_embed_token(published.video, token) else None


async def view(context: PlaybackContext, published: PublishedVideo, place: Place, viewer: Viewer) -> Viewing:
    """Decides now and issues a ticket if the answer is yes, unless a play must be counted first."""
    now = context.library.clock.now()
    signature = await _signature(context, published.video, place, viewer, now)
    tenant, facts = await gather_facts(context.library, published, place, viewer, signature, now)
    if signature is SignatureState.VALID:
        viewer = viewer.having(signed=True)
    viewing = Viewing(published, viewer, facts, tenant, decide(facts))
    if not isinstance(viewing.decision, Allowed) or (viewing.is_counted and facts.play is None):
        return viewing
    return replace(viewing, ticket=_ticket(context, viewing, now))


async def gather_facts(
    context: LibraryContext,
    published: PublishedVideo,
    place: Place,
    viewer: Viewer,
    signature: SignatureState,
    now: datetime,
) -> tuple[Tenant | None, AccessFacts]:
    """What the rules may look at, and the tenant, in one read transaction."""
    video, proofs = published.video, viewer.proofs
    async with context.database.read() as tx:
        tenant = await identity.find_tenant(tx, video.tenant_id)
        found: tuple[Grant, ...] | None = None
        play: Play | None = None
        if video.privacy is Privacy.LOGIN and proofs.login is not None:
            login = await identity.find_login(tx, video.tenant_id, proofs.login.login_id)
            if login is not None and login.generation == proofs.login.generation:
                found = await grants.grants_for(tx, video.tenant_id, login.id, video.id)
        if found and proofs.session is not None:
            play = await plays.find_play(tx, video.tenant_id, proofs.session, now)
    return tenant, AccessFacts(
        video=video,
        place=place,
        now=now,
        has_presentation=streamable(published) is not None,
        tenant_active=tenant is not None and tenant.active,
        is_owner=viewer.owner is not None and viewer.owner == video.tenant_id,
        address=viewer.address,
        host=proofs.host,
        from_page=proofs.from_page,
        signature=signature,
        password_proven=proofs.password,
        project_password_proven=proofs.project,
        grants=found,
        play=play if play is not None and _grant_of(play, found) is not None else None,
        contact_given=proofs.contact,
    )


def pass_of(context: PlaybackContext, viewing: Viewing) -> str:
    """What follow-up requests of the player carry. A pass never outlives the one that the viewer came with."""
    ends_at = viewing.viewer.pass_ends_at or context.library.clock.now() + PASS_LIFE
    return context.passes.issue(viewing.video, viewing.viewer.proofs, ends_at)


def page_pass(context: PlaybackContext, video: Video, proofs: Proofs) -> str:
    """For the player's frame in a page of our own, on which the rules of where an embed may stand count as met."""
    ends_at = context.library.clock.now() + PASS_LIFE
    return context.passes.issue(video, replace(proofs, from_page=True), ends_at)


def streamable(published: PublishedVideo) -> Output | None:
    """What viewers stream. A protected video is never streamed clear, as its cut source would be."""
    output = published.presentation
    if output is not None and published.video.protected and output.name == CUT:
        return None
    return output


async def _signature(
    context: PlaybackContext, video: Video, place: Place, viewer: Viewer, now: datetime
) -> SignatureState:
    """Looked at where it counts, and until it was found right once: what was loaded in time may be played out."""
    if not video.signed_embeds_only or place is Place.PAGE:
        return SignatureState.MISSING
    if viewer.proofs.signed:
        return SignatureState.VALID
    if viewer.embed is None:
        return SignatureState.MISSING
    return check_signature(viewer.embed, await context.embed_keys.of(video.tenant_id), now)


def _ticket(context: PlaybackContext, viewing: Viewing, now: datetime) -> str:
    """No ticket outlives what it was given for: the video, the play, its grant. The owner's is bound by none."""
    video, facts = viewing.video, viewing.facts
    ends = [None] if facts.is_owner else [video.expires_at]
    if facts.play is not None:
        grant = _grant_of(facts.play, facts.grants)
        ends += [facts.play.continues_until, grant.ends_at if grant is not None else None]
    return context.tickets.issue(
        video.id,
        video.ticket_generation,
        ticket_expiry(
            now,
            duration_ms=video.duration_ms,
            minimum_s=context.ticket_min_s,
            not_after=min((end for end in ends if end is not None), default=None),
        ),
        session=facts.play.id if facts.play is not None else None,
        flags=OWNERS if facts.is_owner else 0,
    )


def _grant_of(play: Play, found: tuple[Grant, ...] | None) -> Grant | None:
    return next((grant for grant in found or () if grant.id == play.grant_id), None)
