"""Counted plays: the first press of the play button takes one from a grant, and its ticket can be renewed for a while.

A reload of the page and another press is another play. Who asks again within the time of a play, showing an earlier
ticket of it, goes on without counting, also when tickets were voided for the sake of somebody else.
"""

from framehouse.kernel import new_content_id
from framehouse.library import LibraryContext, PublishedVideo
from framehouse.playback.context import PlaybackContext
from framehouse.playback.errors import TicketExpired, TicketInvalid
from framehouse.playback.model import Allowed, DenialReason, Denied, Place, Play, Viewer
from framehouse.playback.store import grants, plays
from framehouse.playback.tickets import ticket_expiry
from framehouse.playback.watch import Viewing, view

_USED_UP = Denied(DenialReason.PLAYS_USED_UP, "This login has used all its plays of this video.")


async def start_play(
    context: PlaybackContext, published: PublishedVideo, place: Place, viewer: Viewer, previous: str
) -> Viewing:
    """Allowed with a ticket, or denied. `previous` is the ticket of an earlier start in the same page, or empty."""
    session = _session_of(context, published, previous)
    viewing = await view(context, published, place, viewer if session is None else viewer.having(session=session))
    if not isinstance(viewing.decision, Allowed) or viewing.ticket is not None:
        return viewing
    play = await _count(context, viewing)
    if play is None:
        return viewing.refused(_USED_UP)
    return await view(context, published, place, viewing.viewer.having(session=play.id))


async def forget_plays(context: LibraryContext) -> int:
    """Housekeeping: plays that can be continued no more; the count stays with the grant. Returns how many."""
    async with context.database.write() as tx:
        return await plays.delete_ended_plays(tx, context.clock.now())


def _session_of(context: PlaybackContext, published: PublishedVideo, previous: str) -> int | None:
    """The session of an authentic ticket of this video, whatever its generation."""
    try:
        ticket = context.tickets.verify(previous, context.library.clock.now())
    except (TicketInvalid, TicketExpired):
        return None
    return int(ticket.session, 16) if ticket.video_id == published.video.id else None


async def _count(context: PlaybackContext, viewing: Viewing) -> Play | None:
    """None when all plays were taken meanwhile."""
    now, video = context.library.clock.now(), viewing.video
    until = ticket_expiry(now, duration_ms=video.duration_ms, minimum_s=context.ticket_min_s)
    async with context.library.database.write() as tx:
        for grant in viewing.facts.grants or ():
            if await grants.count_play(tx, video.tenant_id, grant.id, now):
                play = Play(new_content_id(), video.tenant_id, grant.id, now, until)
                await plays.insert_play(tx, play)
                return play
    return None
