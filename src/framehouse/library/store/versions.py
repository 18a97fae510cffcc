"""Pages of videos as fingerprints of everything that is stored of each: what was made of a video may be kept under one.

Long lists are asked for again and again while next to nothing in them changes. A fingerprint covers every stored
value of the video, its tags and its outputs of the wanted kinds, so that what is kept under it can never be stale.
It is valid in this process only: Python's own hash of the database driver's values.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId, VideoId
from framehouse.library.model import OutputKind
from framehouse.library.store.tables import outputs, video_tags, videos
from framehouse.library.store.videos import VideoQuery, selection


def _as_stored(column: "sa.Column[Any]") -> "sa.ColumnElement[Any]":
    """The driver's value, without the work of making it a time or an id; trees as texts, which can be hashed."""
    return sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else sa.type_coerce(column, sa.types.NullType())


# Of one tenant, and not deleted: both are said by the query.
_VIDEO = [_as_stored(column) for column in videos.c if column.name not in ("tenant_id", "deleted_at")]
_ID = [column.name for column in videos.c if column.name not in ("tenant_id", "deleted_at")].index("id")
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_KINDS: sa.BindParameter[Any] = sa.bindparam("kinds", expanding=True)
_TAGS = sa.select(video_tags).where(video_tags.c.video_id.in_(_IDS)).order_by(video_tags.c.tag_id)
# A new output has a new id, and none ever changes.
_OUTPUTS = (
    sa.select(outputs.c.video_id, outputs.c.id)
    .where(outputs.c.video_id.in_(_IDS), outputs.c.kind.in_(_KINDS))
    .order_by(outputs.c.id)
)


async def page(
    tx: Transaction, tenant_id: TenantId, query: VideoQuery, kinds: Sequence[OutputKind]
) -> tuple[list[tuple[VideoId, int]], int]:
    """Ids and fingerprints in the query's order, and how many videos match; four queries whatever the page's size."""
    where, order = selection(tenant_id, query)
    total = (await tx.execute(sa.select(sa.func.count()).select_from(videos).where(*where))).scalar_one()
    statement = sa.select(*_VIDEO).where(*where).order_by(*order).offset(query.offset).limit(query.limit)
    found: list[tuple[Any, ...]] = [tuple(row) for row in await tx.execute(statement)]
    ids: list[int] = [row[_ID] for row in found]
    around = await _around(tx, ids, kinds) if ids else {}
    return [(VideoId(row[_ID]), hash((row, *around.get(row[_ID], ())))) for row in found], total


async def _around(tx: Transaction, ids: list[int], kinds: Sequence[OutputKind]) -> dict[int, list[int]]:
    """Tags, then outputs of each video."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in await tx.execute(_TAGS, {"ids": ids}):
        found[row.video_id].append(row.tag_id)
    for row in await tx.execute(_OUTPUTS, {"ids": ids, "kinds": [kind.value for kind in kinds]}):
        found[row.video_id].append(row.id)
    return found
