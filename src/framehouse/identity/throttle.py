"""Locks out who guesses passwords: counts failed sign-ins per e-mail address and per network address.

The counts live in the memory of one api process: a restart forgets them, and several processes count apart.
"""

import ipaddress
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from framehouse.kernel import Clock, RateLimited

WINDOW = timedelta(minutes=15)
FAILURES_PER_EMAIL = 10
FAILURES_PER_ADDRESS = 30  # an office or a school shares one
KEYS_MAX = 20_000


@dataclass
class _Count:
    since: datetime
    attempts: int = 0


@dataclass
class SignInThrottle:
    """Call `begin` before a password is looked at, so that attempts at the same moment count too."""

    clock: Clock
    keys_max: int = KEYS_MAX
    _counts: dict[str, _Count] = field(default_factory=dict[str, _Count])

    def begin(self, email: str, address: str) -> None:
        """Count an attempt; raises RateLimited while the e-mail or the network address is locked out."""
        limits = {f"email {email}": FAILURES_PER_EMAIL, f"address {network_of(address)}": FAILURES_PER_ADDRESS}
        counts = {key: self._current(key) for key in limits}
        for key, limit in limits.items():
            if counts[key].attempts >= limit:
                raise self._locked_out(counts[key], limit)
        for key, count in counts.items():
            count.attempts += 1
            self._counts[key] = count
        while len(self._counts) > self.keys_max:
            del self._counts[next(iter(self._counts))]  # the oldest window

    def succeeded(self, email: str, address: str) -> None:
        """Forget the e-mail's failures; of the network address's only this attempt, which was none."""
        self._counts.pop(f"email {email}", None)
        count = self._counts.get(f"address {network_of(address)}")
        if count is not None and count.attempts > 0:
            count.attempts -= 1

    def _current(self, key: str) -> _Count:
        now = self.clock.now()
        count = self._counts.get(key)
        if count is not None and count.since <= now < count.since + WINDOW:
            return count
        self._counts.pop(key, None)  # so that a new window stands at the end of the dict
        return _Count(now)

    def _locked_out(self, count: _Count, limit: int) -> RateLimited:
        wait_s = max(1, math.ceil((count.since + WINDOW - self.clock.now()).total_seconds()))
        minutes = math.ceil(wait_s / 60)
        return RateLimited(
            f"Too many failed sign-ins; try again in {minutes} minute{'s' if minutes > 1 else ''}.",
            retry_after_s=wait_s,
            limit=limit,
        )


def network_of(address: str) -> str:
    """What one person commands: an IPv4 address, or the /64 network of an IPv6 address (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
