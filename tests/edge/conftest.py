"""One migrated database file for the session, a house of its own for each test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from framehouse.infra.database import Database
from framehouse.infra.migrations import migrate
from tests.edge.house import House, open_database, open_house


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edge")
    migrate(f"sqlite:///{folder / 'migrated.sqlite'}", folder)
    return folder / "migrated.sqlite"


@pytest.fixture
async def database(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copyfile(migrated_file, tmp_path / "framehouse.sqlite")
    opened = open_database(f"sqlite:///{tmp_path / 'framehouse.sqlite'}")
    yield opened
    await opened.close()


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    opened = await open_house(database, tmp_path)
    async with opened.client:
        yield opened
    await opened.playback.close()
