"""Tables of playlists and of what stands around a video in the player: calls to action, chapters, contacts."""

import sqlalchemy as sa

from framehouse.infra.database import UtcDateTime, metadata
from framehouse.library.store.tables import id_column, of_video, tenant_column

playlists = sa.Table(
    "playlists",
    metadata,
    id_column(),
    tenant_column(),
    sa.Column("title", sa.String(1000), nullable=False),
    sa.Column("privacy", sa.String(16), nullable=False),
    sa.Column("password_sealed", sa.Text),
    sa.Column("embed_token", sa.String(32), nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Index("ix_playlists_list", "tenant_id", "created_at", "id"),
)

playlist_videos = sa.Table(
    "playlist_videos",  # by position, so that a video may stand in a playlist twice
    metadata,
    sa.Column("playlist_id", sa.BigInteger, sa.ForeignKey("playlists.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    of_video(index=True),
)

calls_to_action = sa.Table(
    "calls_to_action",
    metadata,
    id_column(),
    tenant_column(),
    of_video(index=True),
    sa.Column("text", sa.String(1000), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("start_ms", sa.BigInteger, nullable=False),
    sa.Column("end_ms", sa.BigInteger),
    sa.Column("skippable", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

chapters = sa.Table(
    "chapters",
    metadata,
    sa.Column("video_id", sa.BigInteger, sa.ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("start_ms", sa.BigInteger, primary_key=True, autoincrement=False),
    tenant_column(),
    sa.Column("end_ms", sa.BigInteger),
    sa.Column("title", sa.String(1000), nullable=False),
)

contacts = sa.Table(
    "contacts",  # who left an address at a video's gate; kept when the video goes
    metadata,
    id_column(),
    tenant_column(),
    sa.Column("video_id", sa.BigInteger, sa.ForeignKey("videos.id", ondelete="SET NULL")),
    sa.Column("email", sa.String(320), nullable=False),
    sa.Column("name", sa.String(200)),
    sa.Column("consent", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("video_id", "email"),
    sa.Index("ix_contacts_list", "tenant_id", "created_at", "id"),
)
