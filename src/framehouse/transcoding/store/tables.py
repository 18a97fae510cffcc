"""Tables of the transcoding room."""

import sqlalchemy as sa

from framehouse.infra.database import UtcDateTime, metadata

jobs = sa.Table(
    "encode_jobs",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tenant_id", sa.Uuid, nullable=False),
    sa.Column("video_id", sa.BigInteger, sa.ForeignKey("videos.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("source_id", sa.BigInteger, nullable=False),
    sa.Column("preset", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("reason", sa.Text),
    sa.Column("plan", sa.JSON),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
)

pieces = sa.Table(
    "encode_pieces",  # one row per chunk of the picture and one for the sound
    metadata,
    sa.Column("job_id", sa.BigInteger, sa.ForeignKey("encode_jobs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # -1 is the sound
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("progress_percent", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("executor_id", sa.String(128)),
    sa.Column("started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("cpu_s", sa.Float),
    sa.Column("frames", sa.JSON),  # encoded frames of each rung
)
