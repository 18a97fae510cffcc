"""The library over a real database and a real storage, for its contract tests; time stands still, events are kept."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from framehouse import library
from framehouse.infra.database import Database
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.storage import ObjectStorage, UrlSigner, open_storage
from framehouse.infra.transaction import Transaction
from framehouse.kernel import FakeClock, SourceId, VideoId, new_tenant_id
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.model import NewVideo, Video

UPLOAD_MAX_BYTES = 64 * 1024 * 1024
UPLOAD_EXPIRES_S = 3600
Kind = TypeVar("Kind")


@dataclass
class House:
    context: LibraryContext
    clock: FakeClock
    events: list[object] = field(default_factory=list[object])

    @property
    def database(self) -> Database:
        return self.context.database

    @property
    def storage(self) -> ObjectStorage:
        return self.context.storage

    def owner(self, quota_bytes: int | None = None) -> Owner:
        """A new tenant's."""
        return Owner(new_tenant_id(), quota_bytes)

    async def video(self, owner: Owner, title: str = "A film", *, data: bytes = b"film", **more: Any) -> Video:
        """A received video; the next one is a second younger."""
        new = NewVideo(title=title, file_name=f"{title}.mp4", **more)
        made = await library.receive_video(self.context, owner, new, blocks(data))
        self.clock.advance(timedelta(seconds=1))
        return made

    async def processing(self, owner: Owner, video_id: VideoId, duration_ms: int = 1000) -> None:
        async with self.database.write() as tx:
            await library.mark_inspected(
                tx, self.clock, owner.tenant_id, video_id, duration_ms=duration_ms, width=320, height=180
            )

    async def stored(self, prefix: str = "videos/") -> list[str]:
        return [info.key async for info in self.storage.list(prefix)]

    async def count(self, table: str) -> int:
        async with self.database.read() as tx:
            return (await tx.execute(sa.text(f"SELECT count(*) FROM {table}"))).scalar_one()

    def told(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def open_house(database_url: str, folder: Path, storage: ObjectStorage | None = None) -> AsyncGenerator[House]:
    """On the given storage, or on files below `folder`."""
    clock, events = FakeClock(), list[object]()

    async def emit(_tx: Transaction, event: object) -> None:
        events.append(event)

    database = Database(database_url, emit=emit)
    signer = UrlSigner(b"a secret of the tests, 16+ bytes")
    own = storage or open_storage(f"file://{folder}/library", signer=signer, base_url="http://127.0.0.1:1", clock=clock)
    secrets = SecretBox(b"k" * 32)
    try:
        yield House(LibraryContext(database, own, secrets, clock, UPLOAD_MAX_BYTES, UPLOAD_EXPIRES_S), clock, events)
    finally:
        if storage is None:
            await own.close()
        await database.close()


def source_id_of(video: Video) -> SourceId:
    """Of a video that has received its source."""
    assert video.source_id is not None
    return video.source_id


async def blocks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 1000):
        yield data[start : start + 1000]
