"""What the edge is built from. `bootstrap` makes one per process; nothing here is global."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from framehouse.audience import AudienceContext
from framehouse.identity import Identity
from framehouse.infra.settings import Settings
from framehouse.infra.storage import UrlSigner
from framehouse.kernel import Clock, TenantId
from framehouse.library import LibraryContext
from framehouse.playback import PlaybackContext

PLAYER_DIR = Path(__file__).parent.parent / "web" / "player"

# The tenant whose console session the request carries, if any.
OwnerOf = Callable[[Request], Awaitable[TenantId | None]]


async def nobody_signed_in(_request: Request) -> TenantId | None:
    return None


@dataclass(frozen=True)
class EdgeContext:
    """`url_signer` is the one that signs the file system storage's URLs; with S3 nobody asks for them here."""

    library: LibraryContext
    playback: PlaybackContext
    settings: Settings
    identity: Identity
    audience: AudienceContext
    url_signer: UrlSigner | None = None
    owner_of: OwnerOf = nobody_signed_in
    player_dir: Path = PLAYER_DIR

    @property
    def clock(self) -> Clock:
        return self.library.clock
