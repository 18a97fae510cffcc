"""Tables of the other ways in: tokens that allow one upload each, and sources that are fetched from a URL."""

import sqlalchemy as sa

from framehouse.infra.database import UtcDateTime, metadata
from framehouse.library.store.tables import id_column, of_video, tenant_column

upload_tokens = sa.Table(
    "upload_tokens",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    tenant_column(),
    sa.Column("return_url", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sa.Column("used_at", UtcDateTime),
)

fetches = sa.Table(
    "fetches",  # a row for as long as the bytes are on their way
    metadata,
    id_column(),
    tenant_column(),
    of_video(index=True),
    sa.Column("url_sealed", sa.Text, nullable=False),  # may carry a signature or a password
    sa.Column("received_bytes", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),  # that failed
    sa.Column("problem", sa.Text),  # of the last one
    sa.Column("next_attempt_at", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
)
