"""What a dialect is created with: the rooms below, the settings and the clock. No vendor's words here."""

from dataclasses import dataclass
from functools import cached_property

from framehouse.audience import AudienceContext
from framehouse.identity import Identity
from framehouse.infra.settings import Settings
from framehouse.kernel import Clock
from framehouse.library import LibraryContext
from framehouse.playback import AssetSigner


@dataclass(frozen=True)
class DialectContext:
    identity: Identity
    library: LibraryContext
    settings: Settings
    clock: Clock
    audience: AudienceContext

    @cached_property
    def assets(self) -> AssetSigner:
        """Signs the URLs of posters, downloads and sources; made once, since its key is derived."""
        return AssetSigner(self.library.secrets)
