"""A migrated SQLite file for each test, a clock that stands still, and the facade over them."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from framehouse.identity import Identity
from framehouse.identity.passwords import Passwords
from framehouse.infra.database import Database
from framehouse.infra.migrations import migrate
from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import FakeClock


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("identity")
    migrate(f"sqlite:///{folder / 'migrated.sqlite'}", folder)
    return folder / "migrated.sqlite"


@pytest.fixture
async def database(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copyfile(migrated_file, tmp_path / "framehouse.sqlite")
    opened = Database(f"sqlite:///{tmp_path / 'framehouse.sqlite'}")
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def secret_box() -> SecretBox:
    return SecretBox(bytes(range(32)))


@pytest.fixture
def identity(database: Database, secret_box: SecretBox, clock: FakeClock) -> Identity:
    cheap = Passwords(time_cost=1, memory_kib=64, parallelism=1)
    return Identity(database, secret_box, clock, default_rate_limit_per_minute=5, passwords=cheap)
