"""The console over real services: migrated SQLite, files and queue tables, with the edge that takes uploaded parts."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from framehouse import library
from framehouse.bootstrap.services import Services, open_services
from framehouse.console import ConsoleContext, create_console, owner_of
from framehouse.edge import EdgeContext, create_edge
from framehouse.identity import Permission, Role
from framehouse.infra.migrations import migrate
from framehouse.infra.settings import Settings
from framehouse.kernel import FakeClock, TenantId
from framehouse.library import NewVideo, Owner, Video
from framehouse.playback import open_playback

BASE = "http://films.example"
PASSWORD = "correct horse battery staple"


@dataclass
class House:
    services: Services
    clock: FakeClock
    app: FastAPI
    _open: AsyncExitStack
    tenants: dict[str, TenantId] = field(default_factory=dict[str, TenantId])

    async def client(self) -> httpx.AsyncClient:
        """A browser without a session."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        return await self._open.enter_async_context(httpx.AsyncClient(transport=transport, base_url=BASE))

    async def user(self, slug: str, role: Role = Role.ADMIN, permissions: tuple[Permission, ...] | None = None) -> str:
        """A new user of that tenant; the e-mail address."""
        identity = self.services.identity
        if slug not in self.tenants:
            self.tenants[slug] = (await identity.create_tenant(slug, slug.title())).id
        email = f"{role}@{slug}.example"
        await identity.create_user(self.tenants[slug], email, "Somebody", PASSWORD, role, permissions)
        return email

    async def signed_in(
        self, slug: str = "studio", role: Role = Role.ADMIN, permissions: tuple[Permission, ...] | None = None
    ) -> httpx.AsyncClient:
        """A browser with a session, whose requests carry the CSRF token."""
        client = await self.client()
        email = await self.user(slug, role, permissions)
        answer = await client.post("/console/api/session", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["x-csrf-token"] = answer.json()["csrfToken"]
        return client

    async def video(self, slug: str = "studio", **values: Any) -> Video:
        """A received video of that tenant, with bytes that nobody will look at."""
        new = NewVideo(**{"title": "Harbour at dawn", "file_name": "harbour.mp4", **values})

        async def data() -> AsyncIterator[bytes]:
            yield b"bytes"

        return await library.receive_video(self.services.library, Owner(self.tenants[slug]), new, data())


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("console")
    migrate(f"sqlite:///{folder / 'migrated.sqlite'}", folder)
    return folder / "migrated.sqlite"


OpenHouse = Callable[..., Any]


@pytest.fixture
def open_house(migrated_file: Path, tmp_path: Path) -> OpenHouse:
    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[House]:
        shutil.copyfile(migrated_file, tmp_path / "framehouse.sqlite")
        options = Settings(data_dir=tmp_path, **settings)
        clock = FakeClock()
        services = open_services(options, clock)
        playback = open_playback(services.library, ticket_min_s=60, scratch=tmp_path / "copies")
        root = FastAPI(openapi_url=None)
        console = ConsoleContext(services.identity, services.library, services.work, options, clock)
        root.mount("/console", create_console(console))
        identity = services.identity
        edge = EdgeContext(
            services.library, playback, options, identity, services.audience, services.signer, owner_of(identity)
        )
        root.mount("/", create_edge(edge))
        async with AsyncExitStack() as stack:
            yield House(services, clock, root, stack)
        await playback.close()
        await services.close()

    return opened


@pytest.fixture
async def house(open_house: OpenHouse) -> AsyncIterator[House]:
    async with open_house() as opened:
        yield opened
