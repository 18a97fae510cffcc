"""Schema migrations: Alembic, the same scripts on SQLite and PostgreSQL, both directions."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config

from framehouse.infra.database import sync_url
from framehouse.infra.workflows import migrate_workflow_tables


def alembic_config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = sync_url(database_url)
    return config


def migrate(database_url: str, lock_dir: Path) -> None:
    """Bring our tables and the workflow library's to the current version.

    The processes of one machine take turns by a lock file; on PostgreSQL an advisory lock in `env.py` keeps machines
    apart.
    """
    with _turn(lock_dir):
        command.upgrade(alembic_config(database_url), "head")
        migrate_workflow_tables(database_url)


@contextmanager
def _turn(lock_dir: Path) -> Generator[None, None, None]:
    lock_dir.mkdir(parents=True, exist_ok=True)
    with (lock_dir / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
