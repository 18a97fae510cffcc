"""Behind an installation's HTTP: its rows by SQL, its stored objects and working files, its own services."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from framehouse import library
from framehouse.bootstrap.services import Services, open_services
from framehouse.infra.database import create_sync_engine
from framehouse.infra.settings import Settings

Found = TypeVar("Found")


class Behind(Protocol):
    """What a test may look at that no client sees."""

    @property
    def configured(self) -> Settings: ...

    @property
    def scratch(self) -> Path:
        return self.configured.scratch_location

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        engine = create_sync_engine(self.configured.database_location, pool_size=1)
        try:
            with engine.connect() as connection:
                return [dict(row) for row in connection.execute(sa.text(statement), values).mappings()]
        finally:
            engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction of the tests' own, for what cannot be waited for."""
        engine = create_sync_engine(self.configured.database_location, pool_size=1)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def pieces(self, video_id: str) -> dict[int, dict[str, Any]]:
        """The pieces of the video's last job, by number."""
        found = self.rows(
            "SELECT p.number, p.state, p.attempts, p.executor_id, p.progress_percent FROM encode_pieces p "
            "JOIN encode_jobs j ON j.id = p.job_id WHERE j.video_id = :id ORDER BY j.created_at",
            id=int(video_id, 16),
        )
        return {row["number"]: row for row in found}

    def inside(self, action: Callable[[Services], Awaitable[Found]]) -> Found:
        """Run something with the installation's own services, in this process."""

        async def run() -> Found:
            services = open_services(self.configured)
            try:
                return await action(services)
            finally:
                await services.close()

        return asyncio.run(run())

    def collect_garbage(self) -> None:
        self.inside(lambda services: library.collect_garbage(services.library))

    def stored(self, prefix: str = "videos/") -> list[str]:
        async def keys(services: Services) -> list[str]:
            return [info.key async for info in services.storage.list(prefix)]

        return self.inside(keys)

    def scratch_files(self) -> list[str]:
        return [str(file.relative_to(self.scratch)) for file in self.scratch.rglob("*") if file.is_file()]
