"""The table of the webhooks room."""

import sqlalchemy as sa

from framehouse.infra.database import UtcDateTime, metadata

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tenant_id", sa.Uuid, nullable=False),
    sa.Column("video_id", sa.BigInteger, nullable=False, index=True),  # outlives the video
    sa.Column("event", sa.String(64), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("status_code", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("attempted_at", UtcDateTime),
    sa.Column("next_attempt_at", UtcDateTime),
    sa.Index("ix_webhook_deliveries_list", "tenant_id", "created_at", "id"),
)
