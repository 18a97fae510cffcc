"""Forgetting: a viewer on request, a video's figures when they are to begin anew, and everything past its time."""

from datetime import timedelta

from framehouse.audience.context import AudienceContext
from framehouse.audience.store import erasures
from framehouse.infra.analytics import AnalyticsEngine
from framehouse.kernel import Clock, TenantId, VideoId


async def erase_viewer(context: AudienceContext, tenant_id: TenantId, name: str) -> int:
    """Everybody whom the name means (identifier, uid, e-mail address, client id or person's id) is gone from every
    answer when this returns; the number of persons. What a player kept from before and sends later is not stored."""
    await context.intake.flush()
    people = await erasures.persons(context.engine, tenant_id, name)
    if not people:
        return 0
    now_ms = context.now_ms()
    await erasures.remember(context.engine, tenant_id, people, now_ms)
    await context.intake.flush(erased=True)
    await erasures.delete_persons(context.engine, tenant_id, people, now_ms)
    return len(people)


async def clear_video(context: AudienceContext, tenant_id: TenantId, video_id: VideoId, before_ms: int) -> None:
    """The video's figures begin at that moment. Safe to repeat."""
    await context.intake.flush()
    await erasures.delete_video_before(context.engine, tenant_id, video_id, before_ms)


async def expire(engine: AnalyticsEngine, clock: Clock, retention_days: int) -> bool:
    """Deletes facts older than that; whether there were any."""
    before = clock.now() - timedelta(days=retention_days)
    return await erasures.delete_before(engine, round(before.timestamp() * 1000))
