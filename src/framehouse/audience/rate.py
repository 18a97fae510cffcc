"""How many facts one page load, and one address, may bring: a bucket each, filled at a steady rate.

Counted by each api process for itself; the least used are forgotten when there are very many.
"""

from collections import OrderedDict

from framehouse.kernel import RateLimited

REMEMBERED = 50_000
PER_PAGE = (600, 20.0)  # at once, and a second
PER_ADDRESS = (60_000, 2_000.0)  # an office or a provider may be behind one


class FactRates:
    def __init__(self, scale: float = 1.0) -> None:
        self._scale = scale
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def spend(self, page: str, address: str, facts: int, now_ms: int) -> None:
        """Raises RateLimited, and takes nothing then."""
        keys = ((f"page {page}", PER_PAGE), (f"address {address}", PER_ADDRESS))
        left: list[tuple[str, float]] = []
        for key, (size, per_s) in keys:
            size, per_s = size * self._scale, per_s * self._scale
            tokens, at_ms = self._buckets.get(key, (size, now_ms))
            tokens = min(size, tokens + max(0, now_ms - at_ms) / 1000 * per_s) - facts
            if tokens < 0:
                wait_s = max(1, round(-tokens / per_s))
                raise RateLimited("Too many facts; send them again later.", retry_after_s=wait_s, limit=round(size))
            left.append((key, tokens))
        for key, tokens in left:
            self._buckets[key] = (tokens, now_ms)
            self._buckets.move_to_end(key)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
