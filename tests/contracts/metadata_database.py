"""A fresh, migrated metadata database for each contract test, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from framehouse.infra.database import Database
from framehouse.infra.migrations import migrate
from tests.contracts.postgresql import PostgresqlServer


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    migrate(f"sqlite:///{folder / 'migrated.sqlite'}", folder)
    return folder / "migrated.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that no other test sees, once per engine."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("migrated_sqlite_file")
        shutil.copyfile(template, tmp_path / "framehouse.sqlite")  # its last connection is closed: no WAL beside it
        yield f"sqlite:///{tmp_path / 'framehouse.sqlite'}"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()
