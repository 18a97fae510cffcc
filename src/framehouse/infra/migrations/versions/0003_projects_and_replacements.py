"""What a replacement is to be and whether its video's statistics go on; projects that are deleted are gone."""

import sqlalchemy as sa
from alembic import op

from framehouse.infra.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("videos", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statistics_since", UtcDateTime(), nullable=True))
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(sa.Column("protected", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("keeps_statistics", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.alter_column("keeps_statistics", server_default=None)
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.create_index("ix_uploads_video_id", ["video_id"])
    op.execute("DELETE FROM projects WHERE deleted_at IS NOT NULL")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_column("deleted_at")


def downgrade() -> None:
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deleted_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_index("ix_uploads_video_id")
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_column("keeps_statistics")
        batch_op.drop_column("protected")
    with op.batch_alter_table("videos", schema=None) as batch_op:
        batch_op.drop_column("statistics_since")
