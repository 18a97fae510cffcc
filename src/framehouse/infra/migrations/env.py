"""Runs migrations on the connection that `framehouse.infra.migrations.migrate` configures."""

import sqlalchemy as sa
from alembic import context

from framehouse.infra.database import create_sync_engine, metadata

ADVISORY_LOCK = 0x6672616D65  # "frame": one migrating machine at a time

engine = create_sync_engine(context.config.attributes["url"], pool_size=1)
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # a batch migration rebuilds tables that others refer to
        connection.commit()
    else:
        connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if connection.dialect.name != "sqlite":
        connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
engine.dispose()
