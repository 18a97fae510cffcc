"""Sources, outputs, uploads and garbage in the database."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from framehouse.infra.transaction import Transaction
from framehouse.kernel import SourceId, TenantId, UploadId, VideoId
from framehouse.library.model import Output, OutputId, OutputKind, Source
from framehouse.library.store import rows
from framehouse.library.store.tables import garbage, outputs, sources, uploads
from framehouse.library.upload_model import Upload, UploadState


async def insert_source(tx: Transaction, source: Source) -> None:
    await tx.execute(sa.insert(sources).values(**source.__dict__))


async def get_source(tx: Transaction, tenant_id: TenantId, source_id: SourceId) -> Source | None:
    statement = sa.select(sources).where(sources.c.id == source_id, sources.c.tenant_id == tenant_id)
    row = (await tx.execute(statement)).one_or_none()
    return rows.plain(Source, row) if row is not None else None


async def remove_source(tx: Transaction, tenant_id: TenantId, source_id: SourceId) -> None:
    await tx.execute(sa.delete(sources).where(sources.c.id == source_id, sources.c.tenant_id == tenant_id))


async def record_media_info(tx: Transaction, source_id: SourceId, media_info: dict[str, Any]) -> None:
    await tx.execute(sa.update(sources).where(sources.c.id == source_id).values(media_info=media_info))


async def put_output(tx: Transaction, tenant_id: TenantId, output: Output) -> str | None:
    """Insert, or replace the one of the same video, kind and name; returns the replaced one's key."""
    same = sa.and_(
        outputs.c.video_id == output.video_id, outputs.c.kind == output.kind.value, outputs.c.name == output.name
    )
    old = (await tx.execute(sa.select(outputs.c.object_key).where(same))).scalar_one_or_none()
    await tx.execute(sa.delete(outputs).where(same))
    values = {**output.__dict__, "kind": output.kind.value, "tenant_id": tenant_id}
    await tx.execute(sa.insert(outputs).values(**values))
    return old if old != output.object_key else None


async def outputs_of(
    tx: Transaction,
    video_ids: Sequence[VideoId],
    kinds: Sequence[OutputKind] | None = None,
    *,
    documents: bool | Sequence[OutputKind] = True,
) -> dict[VideoId, list[Output]]:
    """Outputs of many videos in one query, oldest first; without documents where lists only need names, or with those
    of some kinds."""
    found: dict[VideoId, list[Output]] = defaultdict(list)
    if not video_ids:
        return found
    columns: list[Any] = [column for column in outputs.c if column.name != "document"]
    if isinstance(documents, bool):
        columns.append(outputs.c.document if documents else sa.null().label("document"))
    else:
        of_kinds = outputs.c.kind.in_([kind.value for kind in documents])
        columns.append(sa.case((of_kinds, outputs.c.document), else_=sa.null()).label("document"))
    statement = sa.select(*columns).where(outputs.c.video_id.in_(video_ids))
    if kinds is not None:
        statement = statement.where(outputs.c.kind.in_([kind.value for kind in kinds]))
    for row in await tx.execute(statement.order_by(outputs.c.created_at, outputs.c.id)):
        found[VideoId(row.video_id)].append(rows.output(row))
    return found


async def rename_output(tx: Transaction, tenant_id: TenantId, output_id: OutputId, name: str) -> None:
    own = (outputs.c.id == output_id, outputs.c.tenant_id == tenant_id)
    await tx.execute(sa.update(outputs).where(*own).values(name=name))


async def remove_outputs(tx: Transaction, tenant_id: TenantId, output_ids: Sequence[OutputId]) -> None:
    own = (outputs.c.id.in_(output_ids), outputs.c.tenant_id == tenant_id)
    await tx.execute(sa.delete(outputs).where(*own))


async def get_output(tx: Transaction, video_id: VideoId, output_id: OutputId) -> Output | None:
    """For viewers, who have no tenant: their ticket names the video."""
    statement = sa.select(outputs).where(outputs.c.id == output_id, outputs.c.video_id == video_id)
    row = (await tx.execute(statement)).one_or_none()
    return rows.output(row) if row is not None else None


async def insert_upload(tx: Transaction, upload: Upload) -> None:
    await tx.execute(sa.insert(uploads).values(**{**upload.__dict__, "state": upload.state.value}))


async def get_upload(tx: Transaction, tenant_id: TenantId, upload_id: UploadId, *, lock: bool = False) -> Upload | None:
    statement = sa.select(uploads).where(uploads.c.id == upload_id, uploads.c.tenant_id == tenant_id)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return rows.upload(row) if row is not None else None


async def end_upload(tx: Transaction, upload_id: UploadId, state: UploadState, video_id: VideoId | None = None) -> None:
    values: dict[str, Any] = {"state": state.value} | ({"video_id": video_id} if video_id is not None else {})
    await tx.execute(sa.update(uploads).where(uploads.c.id == upload_id).values(values))


async def last_replacement_upload(tx: Transaction, tenant_id: TenantId, video_id: VideoId) -> Upload | None:
    """The newest of those that were begun to replace a video's media; an open one before those that have ended."""
    own = sa.select(uploads).where(uploads.c.video_id == video_id, uploads.c.tenant_id == tenant_id)
    ended = sa.case((uploads.c.state == UploadState.OPEN.value, 0), else_=1)
    newest = await tx.execute(own.order_by(ended, uploads.c.created_at.desc(), uploads.c.id.desc()))
    found = (rows.upload(row) for row in newest)
    return next((upload for upload in found if upload.new_video.get("replaces")), None)


async def expired_uploads(tx: Transaction, now: datetime, limit: int) -> list[Upload]:
    statement = sa.select(uploads).where(uploads.c.state == UploadState.OPEN.value, uploads.c.expires_at < now)
    return [rows.upload(row) for row in await tx.execute(statement.limit(limit))]


async def add_garbage(tx: Transaction, prefix: str, not_before: datetime) -> None:
    """Say that everything under a prefix is to be removed after a time, unless it is claimed before."""
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    new = insert(garbage).values(prefix=prefix, not_before=not_before)
    await tx.execute(new.on_conflict_do_update(index_elements=[garbage.c.prefix], set_={"not_before": not_before}))


async def claim_from_garbage(tx: Transaction, prefix: str) -> None:
    """What is under the prefix has an owner now."""
    await tx.execute(sa.delete(garbage).where(garbage.c.prefix == prefix))


async def forget_under(tx: Transaction, prefix: str) -> None:
    """Rows of outputs and sources whose bytes were removed with the prefix."""
    for table in (outputs, sources):
        await tx.execute(sa.delete(table).where(table.c.object_key.startswith(prefix, autoescape=True)))


async def due_garbage(tx: Transaction, now: datetime, limit: int) -> list[str]:
    found = await tx.execute(sa.select(garbage.c.prefix).where(garbage.c.not_before < now).limit(limit))
    return [row.prefix for row in found]


async def every_key(tx: Transaction) -> tuple[set[str], set[str]]:
    """Keys of single objects, and prefixes that are owned whole or are being removed; of all tenants."""
    files = {row.object_key for row in await tx.execute(sa.select(sources.c.object_key))}
    folders = {row.prefix for row in await tx.execute(sa.select(garbage.c.prefix))}
    for row in await tx.execute(sa.select(outputs.c.object_key)):
        (folders if row.object_key.endswith("/") else files).add(row.object_key)
    return files, folders
