"""The API keys that may have signed an embed address, kept for seconds: a page load must not decrypt them each time.

A revoked key stops signing embeds within these seconds. Bounded and in memory, one per process.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from framehouse import identity
from framehouse.kernel import TenantId
from framehouse.library import LibraryContext

KEPT_FOR = timedelta(seconds=5)
TENANTS_MAX = 1000


@dataclass(frozen=True)
class _Kept:
    keys: tuple[str, ...] = field(repr=False)
    read_at: datetime


class EmbedKeys:
    def __init__(self, context: LibraryContext) -> None:
        self._context = context
        self._kept: dict[TenantId, _Kept] = {}

    async def of(self, tenant_id: TenantId) -> tuple[str, ...]:
        """Those of the tenant's credentials that are not revoked."""
        now = self._context.clock.now()
        known = self._kept.get(tenant_id)
        if known is not None and timedelta(0) <= now - known.read_at < KEPT_FOR:
            return known.keys
        async with self._context.database.read() as tx:
            keys = await identity.api_keys(tx, self._context.secrets, tenant_id)
        if len(self._kept) >= TENANTS_MAX:
            self._kept.clear()
        self._kept[tenant_id] = _Kept(keys, now)
        return keys
