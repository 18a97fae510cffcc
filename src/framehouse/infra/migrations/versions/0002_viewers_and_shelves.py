"""Viewer logins, grants, plays; playlists, calls to action, chapters, contacts; upload tokens, webhooks, access."""

import sqlalchemy as sa
from alembic import op

from framehouse.infra.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

VIDEO_COLUMNS = (
    ("signed_embeds_only", sa.Boolean(), sa.false()),
    ("allowed_domains", sa.JSON(), sa.text("'[]'")),
    ("allowed_networks", sa.JSON(), sa.text("'[]'")),
    ("asks_email", sa.Boolean(), sa.false()),
    ("asks_name", sa.Boolean(), sa.false()),
)


def _id() -> "sa.Column[int]":
    return sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False)


def _tenant() -> "sa.Column[object]":
    return sa.Column("tenant_id", sa.Uuid(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _of_video(table: str) -> tuple["sa.Column[int]", sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name=op.f(f"fk_{table}_video_id"), ondelete="CASCADE")
    return sa.Column("video_id", sa.BigInteger(), nullable=False), key


def upgrade() -> None:
    with op.batch_alter_table("videos", schema=None) as batch_op:
        for name, kind, default in VIDEO_COLUMNS:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        batch_op.add_column(sa.Column("viewer_downloads", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("replacement_source_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("replacement_percent", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("source_md5", sa.String(length=32), nullable=True))
    with op.batch_alter_table("videos", schema=None) as batch_op:
        for name, kind, _ in VIDEO_COLUMNS:  # the default was for the rows that were there
            batch_op.alter_column(name, existing_type=kind, server_default=None)
    stays = sa.text("deleted_at IS NULL")
    op.drop_index("ix_videos_list", "videos")
    op.create_index(
        "ix_videos_list", "videos", ["tenant_id", "created_at", "id"], sqlite_where=stays, postgresql_where=stays
    )
    # An empty list used to say "as the role has it"; now it says "nothing", and null the former.
    op.execute("UPDATE users SET permissions = 'null' WHERE CAST(permissions AS TEXT) = '[]'")
    _create_playlists()
    _create_around_videos()
    _create_viewers()
    _create_arrivals()
    _create_webhooks()
    _create_speech()
    video_id, video_key = _of_video("tombstones")
    op.create_table(
        "tombstones",
        video_id,
        _tenant(),
        video_key,
        sa.PrimaryKeyConstraint("video_id", name=op.f("pk_tombstones")),
    )


def _create_playlists() -> None:
    op.create_table(
        "playlists",
        _id(),
        _tenant(),
        sa.Column("title", sa.String(length=1000), nullable=False),
        sa.Column("privacy", sa.String(length=16), nullable=False),
        sa.Column("password_sealed", sa.Text(), nullable=True),
        sa.Column("embed_token", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        _time("created_at"),
        _time("updated_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playlists")),
    )
    op.create_index("ix_playlists_list", "playlists", ["tenant_id", "created_at", "id"])
    video_id, video_key = _of_video("playlist_videos")
    op.create_table(
        "playlist_videos",
        sa.Column("playlist_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        video_id,
        sa.ForeignKeyConstraint(
            ["playlist_id"], ["playlists.id"], name=op.f("fk_playlist_videos_playlist_id"), ondelete="CASCADE"
        ),
        video_key,
        sa.PrimaryKeyConstraint("playlist_id", "position", name=op.f("pk_playlist_videos")),
    )
    op.create_index(op.f("ix_playlist_videos_video_id"), "playlist_videos", ["video_id"])


def _create_around_videos() -> None:
    video_id, video_key = _of_video("calls_to_action")
    op.create_table(
        "calls_to_action",
        _id(),
        _tenant(),
        video_id,
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=True),
        sa.Column("skippable", sa.Boolean(), nullable=False),
        _time("created_at"),
        _time("updated_at"),
        video_key,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls_to_action")),
    )
    op.create_index(op.f("ix_calls_to_action_video_id"), "calls_to_action", ["video_id"])
    video_id, video_key = _of_video("chapters")
    op.create_table(
        "chapters",
        sa.Column("video_id", sa.BigInteger(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), autoincrement=False, nullable=False),
        _tenant(),
        sa.Column("end_ms", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.String(length=1000), nullable=False),
        video_key,
        sa.PrimaryKeyConstraint("video_id", "start_ms", name=op.f("pk_chapters")),
    )
    op.create_table(
        "contacts",
        _id(),
        _tenant(),
        sa.Column("video_id", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=False),
        _time("created_at"),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name=op.f("fk_contacts_video_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("video_id", "email", name=op.f("uq_contacts_video_id_email")),
    )
    op.create_index("ix_contacts_list", "contacts", ["tenant_id", "created_at", "id"])


def _create_viewers() -> None:
    op.create_table(
        "logins",
        _id(),
        _tenant(),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        _time("created_at"),
        _time("updated_at"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_logins_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logins")),
        sa.UniqueConstraint("tenant_id", "email", name=op.f("uq_logins_tenant_id_email")),
    )
    op.create_index("ix_logins_list", "logins", ["tenant_id", "created_at", "id"])
    video_id, video_key = _of_video("access_grants")
    op.create_table(
        "access_grants",
        _id(),
        _tenant(),
        sa.Column("login_id", sa.BigInteger(), nullable=False),
        video_id,
        _time("starts_at", nullable=True),
        _time("ends_at", nullable=True),
        sa.Column("allowed_plays", sa.Integer(), nullable=False),
        sa.Column("play_count", sa.Integer(), nullable=False),
        sa.Column("downloads", sa.JSON(), nullable=False),
        _time("created_at"),
        _time("updated_at"),
        sa.ForeignKeyConstraint(
            ["login_id"], ["logins.id"], name=op.f("fk_access_grants_login_id"), ondelete="CASCADE"
        ),
        video_key,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grants")),
    )
    op.create_index("ix_access_grants_list", "access_grants", ["tenant_id", "created_at", "id"])
    op.create_index(op.f("ix_access_grants_login_id"), "access_grants", ["login_id"])
    op.create_index(op.f("ix_access_grants_video_id"), "access_grants", ["video_id"])
    op.create_table(
        "plays",
        _id(),
        _tenant(),
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        _time("started_at"),
        _time("continues_until"),
        sa.ForeignKeyConstraint(["grant_id"], ["access_grants.id"], name=op.f("fk_plays_grant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plays")),
    )
    op.create_index(op.f("ix_plays_grant_id"), "plays", ["grant_id"])
    op.create_index(op.f("ix_plays_continues_until"), "plays", ["continues_until"])


def _create_arrivals() -> None:
    op.create_table(
        "upload_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _tenant(),
        sa.Column("return_url", sa.Text(), nullable=True),
        _time("created_at"),
        _time("expires_at"),
        _time("used_at", nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_upload_tokens")),
    )
    op.create_index(op.f("ix_upload_tokens_expires_at"), "upload_tokens", ["expires_at"])
    video_id, video_key = _of_video("fetches")
    op.create_table(
        "fetches",
        _id(),
        _tenant(),
        video_id,
        sa.Column("url_sealed", sa.Text(), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        _time("next_attempt_at", nullable=True),
        _time("created_at"),
        video_key,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetches")),
    )
    op.create_index(op.f("ix_fetches_video_id"), "fetches", ["video_id"])


def _create_webhooks() -> None:
    op.create_table(
        "webhook_deliveries",
        _id(),
        _tenant(),
        sa.Column("video_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        _time("created_at"),
        _time("attempted_at", nullable=True),
        _time("next_attempt_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index("ix_webhook_deliveries_list", "webhook_deliveries", ["tenant_id", "created_at", "id"])
    op.create_index(op.f("ix_webhook_deliveries_video_id"), "webhook_deliveries", ["video_id"])


def _create_speech() -> None:
    video_id, video_key = _of_video("speech_jobs")
    op.create_table(
        "speech_jobs",
        _id(),
        _tenant(),
        video_id,
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("source_caption_id", sa.BigInteger(), nullable=True),
        sa.Column("engine", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("progress_percent", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("caption_id", sa.BigInteger(), nullable=True),
        _time("created_at"),
        _time("started_at", nullable=True),
        _time("ended_at", nullable=True),
        video_key,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speech_jobs")),
    )
    op.create_index(op.f("ix_speech_jobs_video_id"), "speech_jobs", ["video_id"])


def downgrade() -> None:
    op.execute("UPDATE users SET permissions = '[]' WHERE CAST(permissions AS TEXT) = 'null'")
    for table in (
        "speech_jobs",
        "tombstones", "webhook_deliveries", "fetches", "upload_tokens", "plays", "access_grants", "logins", "contacts",
        "chapters", "calls_to_action", "playlist_videos", "playlists",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_videos_list", "videos")
    op.create_index("ix_videos_list", "videos", ["tenant_id", "deleted_at", "created_at", "id"])
    with op.batch_alter_table("videos", schema=None) as batch_op:
        for name in ("source_md5", "replacement_percent", "replacement_source_id", "viewer_downloads"):
            batch_op.drop_column(name)
        for name, _kind, _default in VIDEO_COLUMNS:
            batch_op.drop_column(name)
