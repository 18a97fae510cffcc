"""Tables of the library room."""

import sqlalchemy as sa

from framehouse.infra.database import UtcDateTime, metadata


def id_column() -> "sa.Column[int]":
    return sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False)


def tenant_column() -> "sa.Column[object]":
    return sa.Column("tenant_id", sa.Uuid, nullable=False)


def of_video(*, index: bool = False) -> "sa.Column[int]":
    """A row that goes with its video."""
    key = sa.ForeignKey("videos.id", ondelete="CASCADE")
    return sa.Column("video_id", sa.BigInteger, key, nullable=False, index=index or None)


projects = sa.Table(
    "projects",
    metadata,
    id_column(),
    tenant_column(),
    sa.Column("title", sa.String(1000), nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("locked", sa.Boolean, nullable=False),
    sa.Column("password_sealed", sa.Text),
    sa.Column("protected", sa.Boolean, nullable=False),
    sa.Column("private", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Index("ix_projects_list", "tenant_id", "created_at", "id"),
)

folders = sa.Table(
    "folders",
    metadata,
    id_column(),
    tenant_column(),
    sa.Column("project_id", sa.BigInteger, sa.ForeignKey("projects.id"), index=True),
    sa.Column("parent_id", sa.BigInteger, sa.ForeignKey("folders.id"), index=True),
    sa.Column("name", sa.String(1000), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Index("ix_folders_list", "tenant_id", "created_at", "id"),
)

_STAYS = sa.text("deleted_at IS NULL")

videos = sa.Table(
    "videos",
    metadata,
    id_column(),
    tenant_column(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("title", sa.String(1000), nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("state_reason", sa.Text),
    sa.Column("progress_percent", sa.Integer, nullable=False),
    sa.Column("privacy", sa.String(16), nullable=False),
    sa.Column("password_sealed", sa.Text),
    sa.Column("prefers_embed_password", sa.Boolean, nullable=False),
    sa.Column("protected", sa.Boolean, nullable=False),
    sa.Column("embed_token", sa.String(32), nullable=False),
    sa.Column("ticket_generation", sa.Integer, nullable=False),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("signed_embeds_only", sa.Boolean, nullable=False),
    sa.Column("allowed_domains", sa.JSON, nullable=False),  # empty: everywhere
    sa.Column("allowed_networks", sa.JSON, nullable=False),  # CIDR; empty: everybody
    sa.Column("viewer_downloads", sa.JSON),  # qualities; nothing: as the tenant's default has it
    sa.Column("asks_email", sa.Boolean, nullable=False),
    sa.Column("asks_name", sa.Boolean, nullable=False),
    sa.Column("project_id", sa.BigInteger, sa.ForeignKey("projects.id"), index=True),
    sa.Column("folder_id", sa.BigInteger, sa.ForeignKey("folders.id"), index=True),
    sa.Column("source_id", sa.BigInteger),
    sa.Column("replacement_source_id", sa.BigInteger),  # what is being made ready to take its place
    sa.Column("replacement_percent", sa.Integer),  # how far that has come
    sa.Column("source_md5", sa.String(32)),  # soon after the source is this video's: a worker reads it
    sa.Column("original_file_name", sa.String(1000), nullable=False),
    sa.Column("source_size_bytes", sa.BigInteger, nullable=False),
    sa.Column("preset", sa.String(64), nullable=False),
    sa.Column("wants_download", sa.Boolean, nullable=False),
    sa.Column("duration_ms", sa.BigInteger),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("poster_number", sa.Integer, nullable=False),
    sa.Column("notification_url", sa.Text),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime),
    sa.Column("playable_at", UtcDateTime),
    sa.Column("complete_at", UtcDateTime),
    sa.Column("statistics_since", UtcDateTime),  # set where a replacement began them anew
    sa.Column("deleted_at", UtcDateTime),  # the tombstone: set first, then the bytes go, then the row
    # Partial, since PostgreSQL walks no index in order behind a column that is only said to be null.
    sa.Index("ix_videos_list", "tenant_id", "created_at", "id", sqlite_where=_STAYS, postgresql_where=_STAYS),
)

sources = sa.Table(
    "sources",
    metadata,
    id_column(),
    tenant_column(),
    of_video(index=True),
    sa.Column("object_key", sa.String(512), nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("etag", sa.String(80), nullable=False),
    sa.Column("file_name", sa.String(1000), nullable=False),
    sa.Column("media_info", sa.JSON),
    sa.Column("protected", sa.Boolean),  # what a replacement is to be; nothing: as its video is
    sa.Column("keeps_statistics", sa.Boolean, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

outputs = sa.Table(
    "outputs",
    metadata,
    id_column(),
    tenant_column(),
    of_video(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("object_key", sa.String(512), nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("language", sa.String(35)),
    sa.Column("document", sa.JSON),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("video_id", "kind", "name"),
)

uploads = sa.Table(
    "uploads",
    metadata,
    id_column(),
    tenant_column(),
    sa.Column("object_key", sa.String(512), nullable=False, unique=True),
    sa.Column("multipart_id", sa.String(512), nullable=False),
    sa.Column("size_bytes", sa.BigInteger),
    sa.Column("mime_type", sa.String(255)),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("new_video", sa.JSON, nullable=False),
    sa.Column("video_id", sa.BigInteger, index=True),  # the one it replaces, or became
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Index("ix_uploads_expiry", "state", "expires_at"),
)

tags = sa.Table(
    "tags",
    metadata,
    id_column(),
    tenant_column(),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("tenant_id", "name"),
)

video_tags = sa.Table(
    "video_tags",
    metadata,
    sa.Column("video_id", sa.BigInteger, sa.ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.BigInteger, sa.ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)

garbage = sa.Table(
    "garbage",  # storage prefixes whose owner is gone; unlinked durably, then the row goes
    metadata,
    sa.Column("prefix", sa.String(512), primary_key=True),
    sa.Column("not_before", UtcDateTime, nullable=False),
)

tombstones = sa.Table(
    "tombstones",  # videos that were deleted with their folder and of which nobody was told yet
    metadata,
    sa.Column("video_id", sa.BigInteger, sa.ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True),
    tenant_column(),
)
