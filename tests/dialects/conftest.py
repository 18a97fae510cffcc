"""One migrated database file for the session, a house of its own for each test."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from framehouse.infra.migrations import migrate
from tests.dialects.house import House, open_house


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dialects")
    migrate(f"sqlite:///{folder / 'migrated.sqlite'}", folder)
    return folder / "migrated.sqlite"


@pytest.fixture
async def house(migrated_file: Path, tmp_path: Path) -> AsyncGenerator[House, None]:
    async with open_house(migrated_file, tmp_path) as opened:
        yield opened


@pytest.fixture
async def sprout(house: House) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with house.api("sproutvideo") as client:
        yield client


@pytest.fixture
async def adilo(house: House) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with house.api("adilo") as client:
        yield client
