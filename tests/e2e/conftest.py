"""Fixtures of the end-to-end tests: platforms that leave nothing behind, and the contract tests' real servers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import chromium
from tests.contracts.postgresql import PostgresqlServer, postgresql_server
from tests.contracts.s3_server import S3Server, s3_server
from tests.e2e.platform import Platform
from tests.e2e.three_chunks import make_film

__all__ = ["PostgresqlServer", "S3Server", "chromium", "postgresql_server", "s3_server"]

NewPlatform = Callable[..., Platform]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film"))


@pytest.fixture
def new_platform(tmp_path: Path) -> Iterator[NewPlatform]:
    """Starts installations; each is ended by Ctrl-C after the test, and must then be gone and clean."""
    made: list[Platform] = []

    def make(*, start: bool = True, **settings: object) -> Platform:
        folder = tmp_path / f"platform{len(made)}"
        folder.mkdir()
        platform = Platform(folder, settings)
        made.append(platform)
        if start:
            platform.start()
        return platform

    yield make
    try:
        for platform in made:
            if platform.process is not None:
                platform.stop()
                assert platform.scratch_files() == []
    finally:
        for platform in made:
            platform.clean_up()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One installation for a whole module."""
    shared = Platform(tmp_path_factory.mktemp("platform"))
    try:
        shared.start()
        yield shared
        shared.expect_clean()
        shared.stop()
        assert shared.scratch_files() == []
    finally:
        shared.clean_up()
