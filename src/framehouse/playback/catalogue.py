"""What media requests are checked against without asking the database each time: terms of tickets, and publications.

Bounded and in memory, one per process. A video's terms (its generation, its networks, whether its owner is active) are
at most five seconds old, which is how soon a revocation bites; a publication never changes under its output id.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import structlog

from framehouse import identity, library
from framehouse.kernel import NotFound, VideoId
from framehouse.library import LibraryContext, OutputId, OutputKind, TicketTerms
from framehouse.playback.allow_lists import is_in_networks
from framehouse.playback.errors import NetworkNotAllowed, TenantInactive, TicketInvalid, TicketRevoked
from framehouse.playback.model import Ticket
from framehouse.playback.publication import Publication, open_publication
from framehouse.playback.tickets import OWNERS, TicketSigner

log = structlog.get_logger(__name__)
TERMS_AGE = timedelta(seconds=5)
TERMS_MAX = 20_000
PUBLICATIONS_MAX = 500

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class _Kept(Generic[Key, Value]):
    """A bounded cache, the least used one forgotten first; a missing value is loaded once however many ask."""

    def __init__(self, limit: int, load: Callable[[Key], Awaitable[Value]]) -> None:
        self._limit, self._load = limit, load
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._loading: dict[Key, asyncio.Task[Value]] = {}

    def peek(self, key: Key) -> Value | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    async def reload(self, key: Key) -> Value:
        task = self._loading.get(key)
        if task is None:
            task = asyncio.ensure_future(self._load_and_keep(key))
            self._loading[key] = task
            task.add_done_callback(lambda done: self._loaded(key, done))
        return await asyncio.shield(task)

    async def _load_and_keep(self, key: Key) -> Value:
        value = await self._load(key)
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self._limit:
            self._values.popitem(last=False)
        return value

    def _loaded(self, key: Key, done: "asyncio.Task[Value]") -> None:
        del self._loading[key]
        if not done.cancelled():
            done.exception()  # seen, even if everybody who asked has gone


@dataclass(frozen=True)
class _Terms:
    """None is a deleted or unknown video's."""

    value: TicketTerms | None
    tenant_active: bool
    read_at: datetime


class Catalogue:
    def __init__(self, context: LibraryContext, tickets: TicketSigner) -> None:
        self._library, self._clock, self._tickets = context, context.clock, tickets
        self._terms: _Kept[VideoId, _Terms] = _Kept(TERMS_MAX, self._read_terms)
        self._publications: _Kept[tuple[VideoId, OutputId], Publication] = _Kept(PUBLICATIONS_MAX, self._read_output)

    async def admit(self, ticket_text: str, video_id: VideoId, address: str) -> Ticket:
        """`address` is the viewer's. Raises TicketInvalid (also for another video's ticket), TicketExpired,
        TicketRevoked, NetworkNotAllowed, TenantInactive; NotFound for a deleted video."""
        now = self._clock.now()
        ticket = self._tickets.verify(ticket_text, now)
        if ticket.video_id != video_id:
            raise TicketInvalid("This ticket is not for this video.")
        known = self._terms.peek(video_id)
        is_fresh = known is not None and timedelta(0) <= now - known.read_at < TERMS_AGE
        # A ticket of a later generation than the remembered one is news: it was issued after the change.
        if known is None or not is_fresh or ticket.generation > (known.value.generation if known.value else 0):
            known = await self._refreshed(video_id, known)
        _check(ticket, known, address)
        return ticket

    async def publication(self, video_id: VideoId, output_id: OutputId) -> Publication:
        """NotFound when the video has no such presentation."""
        return self._publications.peek((video_id, output_id)) or await self._publications.reload((video_id, output_id))

    async def _refreshed(self, video_id: VideoId, known: _Terms | None) -> _Terms:
        try:
            return await self._terms.reload(video_id)
        except Exception as error:
            if known is None:
                raise
            # Who watches already goes on while the database does not answer.
            log.warning("playback.terms_not_read", video_id=video_id, error=str(error))
            return known

    async def _read_terms(self, video_id: VideoId) -> _Terms:
        read_at = self._clock.now()  # before the read, so that what changes meanwhile is not missed for longer
        async with self._library.database.read() as tx:
            terms = await library.ticket_terms(tx, video_id)
            tenant = await identity.find_tenant(tx, terms.tenant_id) if terms is not None else None
        return _Terms(terms, tenant is not None and tenant.active, read_at)

    async def _read_output(self, key: tuple[VideoId, OutputId]) -> Publication:
        output = await library.output_document(self._library, *key)
        if output is None or output.kind is not OutputKind.PRESENTATION:
            raise NotFound("There is no such presentation.")
        return open_publication(output)


def _check(ticket: Ticket, terms: _Terms, address: str) -> None:
    if terms.value is None:
        raise NotFound("There is no such video.")
    if terms.value.generation != ticket.generation:
        raise TicketRevoked("This playback ticket is no longer valid.")
    if ticket.flags & OWNERS:
        return
    if not terms.tenant_active:
        raise TenantInactive("This video is not available at the moment.")
    if terms.value.networks and not is_in_networks(address, terms.value.networks):
        raise NetworkNotAllowed("This video cannot be watched from your network.")
