"""What the console is given by whoever starts it."""

from dataclasses import dataclass

from framehouse.identity import Identity
from framehouse.infra.settings import Settings
from framehouse.infra.workflows import WorkClient
from framehouse.kernel import Clock
from framehouse.library import LibraryContext


@dataclass(frozen=True)
class ConsoleContext:
    identity: Identity
    library: LibraryContext
    work: WorkClient
    settings: Settings
    clock: Clock
