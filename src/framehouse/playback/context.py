"""What serving viewers takes, built once per process over the library's context."""

from dataclasses import dataclass, field
from pathlib import Path

from framehouse.library import LibraryContext
from framehouse.playback.catalogue import Catalogue
from framehouse.playback.embed_keys import EmbedKeys
from framehouse.playback.local_sources import LocalSources
from framehouse.playback.passes import PassSigner
from framehouse.playback.segments import SegmentCutter, Segments
from framehouse.playback.signatures import AssetSigner, LoginProofs
from framehouse.playback.throttle import Throttle
from framehouse.playback.tickets import TicketSigner


@dataclass(frozen=True)
class PlaybackContext:
    library: LibraryContext
    ticket_min_s: int
    tickets: TicketSigner
    catalogue: Catalogue
    segments: Segments
    sources: LocalSources
    assets: AssetSigner
    passes: PassSigner
    logins: LoginProofs
    embed_keys: EmbedKeys
    wrong_passwords: Throttle = field(default_factory=Throttle)

    async def close(self) -> None:
        """Stores what was just cut and removes local copies of sources."""
        await self.segments.drain()
        await self.sources.close()


def open_playback(
    library: LibraryContext, *, ticket_min_s: int, scratch: Path, cutter: SegmentCutter | None = None
) -> PlaybackContext:
    """`scratch`: a folder for copies of sources that storage has elsewhere. Without a cutter, stored segments only."""
    tickets = TicketSigner(library.secrets.derive("ticket"))
    sources = LocalSources(library.storage, scratch)
    return PlaybackContext(
        library=library,
        ticket_min_s=ticket_min_s,
        tickets=tickets,
        catalogue=Catalogue(library, tickets),
        segments=Segments(library.storage, cutter, sources),
        sources=sources,
        assets=AssetSigner(library.secrets),
        passes=PassSigner(library.secrets.derive("embed-pass")),
        logins=LoginProofs(library.secrets),
        embed_keys=EmbedKeys(library),
    )
