"""How many API requests a tenant may make: whole clock minutes, counted in the memory of one api process.

With several api processes each counts for itself, so that the limit of the installation is theirs together; the
console and what viewers fetch are not counted. A tenant can spend one minute's share at its end and the next one's
at its beginning.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from framehouse.identity.model import Tenant
from framehouse.kernel import Clock, RateLimited, TenantId

WINDOW_S = 60


@dataclass(frozen=True)
class RateLimitStatus:
    """What an API says in its rate limit headers."""

    limit: int
    remaining: int
    reset_at: datetime
    reset_s: int  # until then, rounded up


@dataclass
class RateLimiter:
    """Memory is bounded by the tenants that called in the current minute: a new minute starts an empty table."""

    clock: Clock
    default_limit_per_minute: int
    _window: int = 0
    _counts: dict[TenantId, int] = field(default_factory=dict[TenantId, int])

    def check(self, tenant: Tenant) -> RateLimitStatus:
        """Count one request; raises RateLimited, with the seconds to wait, when the minute's share is spent.

        A refused request costs nothing. A clock that steps starts a new window.
        """
        now_s = self.clock.now().timestamp()
        window = int(now_s // WINDOW_S)
        if window != self._window:
            self._window = window
            self._counts.clear()
        limit = tenant.rate_limit_per_minute or self.default_limit_per_minute
        used = self._counts.get(tenant.id, 0)
        reset_at_s = (window + 1) * WINDOW_S
        reset_s = max(1, int(-(-(reset_at_s - now_s) // 1)))
        if used >= limit:
            message = f"The limit of {limit} requests a minute is reached; try again in {reset_s} s."
            raise RateLimited(message, retry_after_s=reset_s, limit=limit)
        self._counts[tenant.id] = used + 1
        return RateLimitStatus(limit, limit - used - 1, datetime.fromtimestamp(reset_at_s, UTC), reset_s)
