"""Fixtures of the contract tests; the real servers behind them are in modules of their own."""

from tests.contracts.metadata_database import database, database_url, migrated_sqlite_file
from tests.contracts.playback_house import playback_house
from tests.contracts.postgresql import postgresql_server
from tests.contracts.s3_server import s3_server
from tests.contracts.storages import files, s3_bucket_url, storage, storage_url

__all__ = [
    "database",
    "database_url",
    "files",
    "migrated_sqlite_file",
    "playback_house",
    "postgresql_server",
    "s3_bucket_url",
    "s3_server",
    "storage",
    "storage_url",
]
