"""Slows down guessing: counts failures per key in memory, bounded. One per process; it forgets at a restart."""

from collections import OrderedDict
from datetime import datetime, timedelta

from framehouse.kernel import RateLimited


class Throttle:
    """At most `limit` failures per key within `window`, counted from the first one."""

    def __init__(self, *, limit: int = 10, window: timedelta = timedelta(minutes=5), keys_max: int = 10_000) -> None:
        self._limit, self._window, self._keys_max = limit, window, keys_max
        self._failures: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def check(self, key: str, now: datetime) -> None:
        """RateLimited, with the rest of the window, once there were too many failures."""
        since, count = self._current(key, now)
        if count >= self._limit:
            retry_after_s = max(1, round((since + self._window - now).total_seconds()))
            raise RateLimited(
                f"Too many wrong passwords; try again in {retry_after_s} seconds.",
                retry_after_s=retry_after_s,
                limit=self._limit,
            )

    def failed(self, key: str, now: datetime) -> None:
        since, count = self._current(key, now)
        self._failures[key] = (since, count + 1)
        self._failures.move_to_end(key)
        while len(self._failures) > self._keys_max:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        self._failures.pop(key, None)

    def _current(self, key: str, now: datetime) -> tuple[datetime, int]:
        since, count = self._failures.get(key, (now, 0))
        return (since, count) if since <= now < since + self._window else (now, 0)
