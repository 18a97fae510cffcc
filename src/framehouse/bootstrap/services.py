"""What every process is made of: database, storage, secrets, clock, and the rooms' contexts over them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from framehouse.audience import AudienceContext
from framehouse.bootstrap.audience import open_audience
from framehouse.bootstrap.wiring import subscribe
from framehouse.identity import Identity
from framehouse.infra.database import Database
from framehouse.infra.events import EventBus
from framehouse.infra.secretbox import SecretBox, load_or_create
from framehouse.infra.settings import Settings
from framehouse.infra.storage import ObjectStorage, UrlSigner, open_storage
from framehouse.infra.tools import Tools, locate_tools
from framehouse.infra.workflows import WorkClient
from framehouse.kernel import Clock, SystemClock
from framehouse.library import LibraryContext


@dataclass(frozen=True)
class Services:
    settings: Settings
    clock: Clock
    secrets: SecretBox
    database: Database
    storage: ObjectStorage
    signer: UrlSigner
    work: WorkClient
    tools: Tools
    identity: Identity
    library: LibraryContext

    @property
    def scratch(self) -> Path:
        return self.settings.scratch_location

    @cached_property
    def audience(self) -> AudienceContext:
        """Made when it is first used: most processes never ask it."""
        return open_audience(self.settings, self.secrets, self.clock)

    async def close(self) -> None:
        if "audience" in self.__dict__:
            await self.audience.close()
        await self.storage.close()
        await self.database.close()
        self.work.close()


def open_services(settings: Settings, clock: Clock | None = None) -> Services:
    """Connect nothing yet, create only folders and the installation's key; the database must be migrated."""
    clock = clock or SystemClock()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    settings.scratch_location.mkdir(parents=True, exist_ok=True)
    secrets = load_or_create(settings.data_dir)
    bus = EventBus()
    work = WorkClient(settings.database_location)
    database = Database(settings.database_location, enqueue=work.enqueue_in, emit=bus.emit)
    signer = UrlSigner(secrets.derive("storage-url"))
    storage = open_storage(settings.storage_location, signer=signer, base_url=settings.local_url, clock=clock)
    library = LibraryContext(
        database,
        storage,
        secrets,
        clock,
        settings.upload_max_bytes,
        settings.upload_expires_s,
        settings.free_space_min_bytes,
    )
    identity = Identity(database, secrets, clock, settings.rate_limit_per_minute)
    subscribe(bus, settings, clock)
    return Services(
        settings, clock, secrets, database, storage, signer, work, locate_tools(settings), identity, library
    )
