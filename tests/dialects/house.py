"""A small installation for the dialects' tests: migrated SQLite, files, both dialects and the edge behind the front."""

import json
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp

from framehouse import library
from framehouse.audience import AudienceContext
from framehouse.bootstrap.front import Front
from framehouse.bootstrap.wiring import subscribe
from framehouse.dialects import adilo, ibm, sproutvideo, videokit
from framehouse.dialects.context import DialectContext
from framehouse.edge import EdgeContext, create_edge
from framehouse.identity import Identity, IssuedCredential, Role, TenantChanges
from framehouse.identity.passwords import Passwords
from framehouse.infra.database import Database
from framehouse.infra.events import EventBus
from framehouse.infra.metrics import Metrics
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.settings import Settings
from framehouse.infra.storage import FileSystemStorage, UrlSigner
from framehouse.infra.transaction import Transaction, Work
from framehouse.kernel import FakeClock, VideoId, from_hex
from framehouse.library import LibraryContext, Output, OutputKind, Owner, Video
from framehouse.playback import open_playback
from tests.audience.crowd import KnownPlaces
from tests.audience.engine import audience_for

BASE = "http://films.example"
RESOURCES = Path(__file__).parents[1] / "resources"
CREATE = {"sproutvideo": sproutvideo.create, "adilo": adilo.create, "ibm": ibm.create, "videokit": videokit.create}
HOSTS = {"api.sproutvideo.com": "/sproutvideo", "adilo-api.bigcommand.com": "/adilo"}
CHEAP = Passwords(time_cost=1, memory_kib=64, parallelism=1)
KINDS = {"int": int, "float": float, "str": str, "bool": bool, "list": list, "dict": dict, "null": type(None)}


def facts(name: str) -> dict[str, Any]:
    return json.loads((RESOURCES / f"{name}.json").read_text("utf-8"))


def assert_shape(value: dict[str, Any], shape: dict[str, list[str]]) -> None:
    """Every named field is there with one of its types; True is not taken for an integer."""
    for name, kinds in shape.items():
        assert name in value, name
        assert type(value[name]) in [KINDS[kind] for kind in kinds], (name, value[name])


def keys_of(issued: IssuedCredential, vendor: str) -> dict[str, str]:
    """One credential in the vendor's spelling."""
    if vendor == "sproutvideo":
        return {"SproutVideo-Api-Key": issued.api_key}
    if vendor == "videokit":
        return {"X-Api-Key": issued.api_key}
    return {"X-Public-Key": issued.credential.public_key, "X-Secret-Key": issued.secret_key}


@dataclass
class House:
    folder: Path
    settings: Settings
    clock: FakeClock
    identity: Identity
    library: LibraryContext
    app: ASGIApp
    client: httpx.AsyncClient
    own: IssuedCredential
    stranger: IssuedCredential
    work: list[Work]  # what workers would do
    audience: AudienceContext

    @property
    def owner(self) -> Owner:
        return Owner(self.own.tenant.id)

    def keys(self, vendor: str) -> dict[str, str]:
        return keys_of(self.own, vendor)

    def api(self, vendor: str, credential: IssuedCredential | None = None, **more: Any) -> httpx.AsyncClient:
        """A client of one vendor's API, with keys."""
        headers = keys_of(credential or self.own, vendor) | more.pop("headers", {})
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        base = more.pop("base", BASE)
        return httpx.AsyncClient(transport=transport, base_url=f"{base}/{vendor}/v1", headers=headers, **more)

    async def change_tenant(self, **changes: Any) -> None:
        await self.identity.update_tenant(self.own.tenant.id, TenantChanges(**changes))

    async def role_key(self, role: Role) -> IssuedCredential:
        return await self.identity.issue_credential(self.own.tenant.id, "another", role)

    async def inspected(self, video_id: VideoId, width: int | None = 1920, height: int | None = 1080) -> None:
        async with self.library.database.write() as tx:
            await library.mark_inspected(
                tx, self.clock, self.owner.tenant_id, video_id, duration_ms=62_600, width=width, height=height
            )

    async def completed(self, video_id: VideoId, *heights: int, portrait: bool = False) -> None:
        """With a download of each height."""
        await self.inspected(video_id)
        async with self.library.database.write() as tx:
            for height in heights:
                size = (height, height * 16 // 9) if portrait else (height * 16 // 9, height)
                output_id = library.new_output_id()
                prefix = library.output_prefix(video_id, output_id)
                key = f"{prefix}download/{height}p.mp4"
                about = (OutputKind.DOWNLOAD, f"{height}p", key, height * 1000, *size)
                output = Output(output_id, video_id, *about, None, None, self.clock.now())
                await library.record_output(tx, self.clock, self.owner.tenant_id, output, prefix)
            await library.mark_complete(tx, self.clock, self.owner.tenant_id, video_id)

    async def published(self, video_id: VideoId) -> None:
        """There is something to stream, as far as the policy looks."""
        output_id = library.new_output_id()
        prefix = library.output_prefix(video_id, output_id)
        about = (OutputKind.PRESENTATION, library.LADDER, f"{prefix}ladder", 1, 1920, 1080)
        output = Output(output_id, video_id, *about, None, {}, self.clock.now())
        async with self.library.database.write() as tx:
            await library.record_output(tx, self.clock, self.owner.tenant_id, output, prefix)
            await library.mark_playable(tx, self.clock, self.owner.tenant_id, video_id)

    async def stored(self, hexadecimal: str) -> Video:
        number = from_hex(hexadecimal)
        assert number is not None
        return await library.get_video(self.library, self.owner, VideoId(number))

    def files(self) -> list[Path]:
        """Every file that storage holds, but for its own locks."""
        root = self.folder / "media"
        return [path for path in root.rglob("*") if path.is_file() and path.relative_to(root).parts[0] != "locks"]

    def advance(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))


@asynccontextmanager
async def open_house(template: Path, folder: Path, **settings: Any) -> AsyncGenerator[House, None]:
    """`template` is a migrated database file that nobody has open."""
    shutil.copyfile(template, folder / "framehouse.sqlite")
    clock, secrets = FakeClock(), SecretBox(bytes(range(32)))
    options = Settings(data_dir=folder, **settings)
    bus, work = EventBus(), list[Work]()
    subscribe(bus, options, clock)

    async def enqueue(_tx: Transaction, wanted: Work) -> None:
        work.append(wanted)

    database = Database(f"sqlite:///{folder / 'framehouse.sqlite'}", enqueue=enqueue, emit=bus.emit)
    signer = UrlSigner(secrets.derive("storage-url"))
    storage = FileSystemStorage(folder / "media", signer, options.local_url, clock)
    context = LibraryContext(database, storage, secrets, clock, options.upload_max_bytes, options.upload_expires_s)
    identity = Identity(database, secrets, clock, options.rate_limit_per_minute, passwords=CHEAP)
    playback = open_playback(context, ticket_min_s=options.ticket_min_s, scratch=folder / "copies", cutter=None)
    audience = audience_for(secrets, clock, places=KnownPlaces())
    root = FastAPI(openapi_url=None)
    for vendor, create in CREATE.items():
        root.mount(f"/{vendor}", create(DialectContext(identity, context, options, clock, audience)))
    root.mount("/", create_edge(EdgeContext(context, playback, options, identity, audience, signer)))
    app = Front(root, HOSTS, Metrics())
    credentials: list[IssuedCredential] = []
    for slug in ("own", "stranger"):
        tenant = await identity.create_tenant(slug, slug)
        credentials.append(await identity.issue_credential(tenant.id, "test"))
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield House(
            folder, options, clock, identity, context, app, client, credentials[0], credentials[1], work, audience
        )
    await audience.close()
    await playback.close()
    await database.close()


async def in_pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def form(*parts: tuple[str, str | bytes] | tuple[str, bytes, str], boundary: str = "frontier") -> bytes:
    """A multipart body in exactly this order: (name, value) for fields, (name, bytes, file name) for files."""
    lines: list[bytes] = []
    for part in parts:
        disposition = f'form-data; name="{part[0]}"'
        if len(part) == 3:
            disposition += f'; filename="{part[2]}"'
        value = part[1] if isinstance(part[1], bytes) else part[1].encode()
        lines += [f"--{boundary}".encode(), f"Content-Disposition: {disposition}".encode(), b"", value]
    return b"\r\n".join([*lines, f"--{boundary}--".encode(), b""])


FORM = {"content-type": "multipart/form-data; boundary=frontier"}
