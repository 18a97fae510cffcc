"""Viewers whose facts were erased, and since when: what comes late of them is not stored."""

from uuid import UUID

from framehouse.audience.store.schema import ERASURES, FACTS
from framehouse.infra.analytics import AnalyticsEngine
from framehouse.kernel import TenantId, VideoId


async def erased(engine: AnalyticsEngine) -> dict[tuple[str, str], int]:
    """The moment of the last erasure in milliseconds by tenant's and person's ids as text."""
    rows = await engine.query(
        f"SELECT toString(tenant_id), toString(person_id), max(erased_ms) FROM {ERASURES} GROUP BY tenant_id, person_id"
    )
    return {(tenant, person): at_ms for tenant, person, at_ms in rows}


async def persons(engine: AnalyticsEngine, tenant_id: TenantId, name: str) -> list[UUID]:
    """Whom a name means: an identifier, uid, e-mail address, client id or person's id."""
    rows = await engine.query(
        f"SELECT DISTINCT toString(person_id) FROM {FACTS} WHERE tenant_id = {{tenant:UUID}} AND (identifier = "
        "{name:String} OR uid = {name:String} OR email = {name:String} OR toString(client_id) = {name:String} "
        "OR toString(person_id) = {name:String})",
        {"tenant": tenant_id, "name": name},
    )
    return [UUID(row[0]) for row in rows]


async def remember(engine: AnalyticsEngine, tenant_id: TenantId, people: list[UUID], now_ms: int) -> None:
    lines = "".join(f"{tenant_id}\t{person}\t{now_ms}\n" for person in people)
    await engine.insert(ERASURES, ("tenant_id", "person_id", "erased_ms"), lines.encode())


async def delete_persons(engine: AnalyticsEngine, tenant_id: TenantId, people: list[UUID], now_ms: int) -> None:
    """Returns when no question can find their facts from before any more."""
    await engine.execute(
        f"ALTER TABLE {FACTS} DELETE WHERE tenant_id = {{tenant:UUID}} AND person_id IN {{people:Array(UUID)}} "
        "AND started_ms <= {now:Int64} SETTINGS mutations_sync = 1",
        {"tenant": tenant_id, "people": people, "now": now_ms},
    )


async def delete_video_before(engine: AnalyticsEngine, tenant_id: TenantId, video_id: VideoId, at_ms: int) -> None:
    await engine.execute(
        f"ALTER TABLE {FACTS} DELETE WHERE tenant_id = {{tenant:UUID}} AND video_id = {{video:UInt64}} "
        "AND started_ms < {at:Int64} SETTINGS mutations_sync = 1",
        {"tenant": tenant_id, "video": video_id, "at": at_ms},
    )


async def delete_before(engine: AnalyticsEngine, at_ms: int) -> bool:
    """What is older than the retention; False when there was nothing."""
    if not await engine.query(f"SELECT 1 FROM {FACTS} WHERE started_ms < {{at:Int64}} LIMIT 1", {"at": at_ms}):
        return False
    await engine.execute(
        f"ALTER TABLE {FACTS} DELETE WHERE started_ms < {{at:Int64}} SETTINGS mutations_sync = 1", {"at": at_ms}
    )
    return True
