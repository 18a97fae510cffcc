"""Access grants in the database. Every call takes the tenant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from framehouse.infra.transaction import Transaction
from framehouse.kernel import GrantId, LoginId, NotFound, TenantId, VideoId
from framehouse.library import DownloadQuality, Page
from framehouse.playback.model import Grant
from framehouse.playback.store.tables import access_grants

_g = access_grants


def _to_grant(row: Mapping[Any, Any]) -> Grant:
    values: dict[str, Any] = dict(row)
    values["downloads"] = tuple(DownloadQuality(each) for each in values["downloads"])
    return Grant(**values)


def _own(tenant_id: TenantId, grant_id: GrantId) -> sa.ColumnElement[bool]:
    return sa.and_(_g.c.id == grant_id, _g.c.tenant_id == tenant_id)


async def insert_grants(tx: Transaction, grants: Sequence[Grant]) -> None:
    """Raises NotFound when a login or video was removed at this moment."""
    rows = [{**grant.__dict__, "downloads": list(grant.downloads)} for grant in grants]
    try:
        await tx.execute(sa.insert(_g), rows)
    except IntegrityError as error:
        raise NotFound("there is no such login or video any more") from error


async def find_grant(tx: Transaction, tenant_id: TenantId, grant_id: GrantId, *, lock: bool = False) -> Grant | None:
    statement = sa.select(_g).where(_own(tenant_id, grant_id))
    row = (await tx.execute(statement.with_for_update() if lock else statement)).mappings().one_or_none()
    return _to_grant(row) if row is not None else None


async def page_of_grants(
    tx: Transaction,
    tenant_id: TenantId,
    *,
    offset: int,
    limit: int,
    login_id: LoginId | None,
    video_id: VideoId | None,
) -> Page[Grant]:
    """The newest first; None means "any"."""
    where = [_g.c.tenant_id == tenant_id]
    if login_id is not None:
        where.append(_g.c.login_id == login_id)
    if video_id is not None:
        where.append(_g.c.video_id == video_id)
    total = (await tx.execute(sa.select(sa.func.count()).select_from(_g).where(*where))).scalar_one()
    statement = sa.select(_g).where(*where).order_by(_g.c.created_at.desc(), _g.c.id.desc())
    rows = await tx.execute(statement.offset(offset).limit(limit))
    return Page(tuple(_to_grant(row) for row in rows.mappings()), total)


async def grants_for(tx: Transaction, tenant_id: TenantId, login_id: LoginId, video_id: VideoId) -> tuple[Grant, ...]:
    """What a login has for a video, in the order in which plays are taken from them: unlimited ones, then those that
    end first."""
    own = sa.and_(_g.c.tenant_id == tenant_id, _g.c.login_id == login_id, _g.c.video_id == video_id)
    limited = sa.case((_g.c.allowed_plays == 0, 0), else_=1)
    statement = sa.select(_g).where(own).order_by(limited, _g.c.ends_at.asc().nulls_last(), _g.c.id)
    return tuple(_to_grant(row) for row in (await tx.execute(statement)).mappings())


async def ids_of_logins(
    tx: Transaction, tenant_id: TenantId, login_ids: Sequence[LoginId]
) -> list[tuple[LoginId, GrantId]]:
    """The oldest first."""
    statement = sa.select(_g.c.login_id, _g.c.id).where(_g.c.tenant_id == tenant_id, _g.c.login_id.in_(login_ids))
    rows = await tx.execute(statement.order_by(_g.c.created_at, _g.c.id))
    return [(LoginId(row.login_id), GrantId(row.id)) for row in rows]


async def videos_of_login(tx: Transaction, tenant_id: TenantId, login_id: LoginId) -> list[VideoId]:
    statement = sa.select(_g.c.video_id).where(_g.c.tenant_id == tenant_id, _g.c.login_id == login_id).distinct()
    return [VideoId(row.video_id) for row in await tx.execute(statement)]


async def update_grant(tx: Transaction, tenant_id: TenantId, grant_id: GrantId, values: Mapping[str, Any]) -> None:
    await tx.execute(sa.update(_g).where(_own(tenant_id, grant_id)).values(**values))


async def delete_grant(tx: Transaction, tenant_id: TenantId, grant_id: GrantId) -> None:
    await tx.execute(sa.delete(_g).where(_own(tenant_id, grant_id)))


async def delete_grants_of_video(tx: Transaction, tenant_id: TenantId, video_id: VideoId) -> None:
    await tx.execute(sa.delete(_g).where(_g.c.tenant_id == tenant_id, _g.c.video_id == video_id))


async def count_play(tx: Transaction, tenant_id: TenantId, grant_id: GrantId, now: datetime) -> bool:
    """Take one play, if the grant allows one now: a single statement, so that of two at the same moment who want the
    last one exactly one gets it."""
    allows = sa.and_(
        _own(tenant_id, grant_id),
        sa.or_(_g.c.allowed_plays == 0, _g.c.play_count < _g.c.allowed_plays),
        sa.or_(_g.c.starts_at.is_(None), _g.c.starts_at <= now),
        sa.or_(_g.c.ends_at.is_(None), _g.c.ends_at > now),
    )
    return bool((await tx.execute(sa.update(_g).where(allows).values(play_count=_g.c.play_count + 1))).rowcount)
