"""The migrations make exactly the tables that the stores declare, forwards and backwards, on both engines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import framehouse.bootstrap.worker as every_table  # importing it declares the tables of all rooms
from framehouse.infra.database import create_sync_engine, metadata
from framehouse.infra.migrations import alembic_config, migrate

assert every_table  # used for what importing it does
SEARCH = "search_documents"  # a virtual table on SQLite, a generated column on PostgreSQL: written by hand
WORKFLOWS = "dbos"


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    opened = create_sync_engine(database_url, pool_size=1)
    yield opened
    opened.dispose()


def is_ours(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leaves out the search index and the workflow library's tables."""
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", "")
    return not str(table or "").startswith((SEARCH, WORKFLOWS)) and (table in metadata.tables or not reflected)


def differences(engine: sa.Engine) -> list[Any]:
    with engine.connect() as connection:
        options = {"include_object": is_ours, "compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def tables(engine: sa.Engine) -> set[str]:
    return {name for name in sa.inspect(engine).get_table_names() if name in metadata.tables or name == SEARCH}


def test_a_migrated_database_is_what_the_stores_declare(engine: sa.Engine) -> None:
    assert differences(engine) == []
    assert tables(engine) == {*metadata.tables, SEARCH}
    assert {"tenants", "videos", "encode_jobs", "workers"} <= set(metadata.tables), "a room's tables are not declared"


def test_the_comparison_notices_a_missing_column_and_index(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX ix_videos_list"))
        connection.execute(sa.text("ALTER TABLE workers DROP COLUMN host"))
    assert {difference[0] for difference in differences(engine)} == {"add_column", "add_index"}


def test_down_to_nothing_and_up_again(engine: sa.Engine, database_url: str, tmp_path: Path) -> None:
    config = alembic_config(database_url)
    command.downgrade(config, "base")
    assert tables(engine) == set()
    command.upgrade(config, "head")
    assert differences(engine) == []
    migrate(database_url, tmp_path)  # and again is without effect
    assert differences(engine) == []
