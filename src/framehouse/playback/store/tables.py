"""Tables of the playback room: which login may watch which video, and the plays that were counted."""

import sqlalchemy as sa

from framehouse.infra.database import UtcDateTime, metadata

access_grants = sa.Table(
    "access_grants",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tenant_id", sa.Uuid, nullable=False),
    sa.Column("login_id", sa.BigInteger, sa.ForeignKey("logins.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("video_id", sa.BigInteger, sa.ForeignKey("videos.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("starts_at", UtcDateTime),
    sa.Column("ends_at", UtcDateTime),
    sa.Column("allowed_plays", sa.Integer, nullable=False),  # 0: as often as one likes
    sa.Column("play_count", sa.Integer, nullable=False),
    sa.Column("downloads", sa.JSON, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Index("ix_access_grants_list", "tenant_id", "created_at", "id"),
)

plays = sa.Table(
    "plays",  # the id is the session in the play's tickets
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tenant_id", sa.Uuid, nullable=False),
    sa.Column(
        "grant_id", sa.BigInteger, sa.ForeignKey("access_grants.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("continues_until", UtcDateTime, nullable=False, index=True),
)
