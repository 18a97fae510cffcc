"""A tenant's share of a minute: counted, refused with the time to wait, and given again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from framehouse.identity import RateLimiter, Tenant
from framehouse.kernel import FakeClock, RateLimited, TenantId

START = datetime(2026, 1, 1, 12, 0, 10, tzinfo=UTC)


def a_tenant(limit: int | None = None) -> Tenant:
    return Tenant(TenantId(uuid4()), "acme", "Acme", True, limit, None, "public", START)


def test_requests_are_counted_down_and_then_refused() -> None:
    clock = FakeClock(START)
    limiter, tenant = RateLimiter(clock, 3), a_tenant()
    assert [limiter.check(tenant).remaining for _ in range(3)] == [2, 1, 0]
    clock.advance(timedelta(seconds=1.5))
    with pytest.raises(RateLimited, match=r"3 requests a minute .* in 49 s") as caught:
        limiter.check(tenant)
    assert (caught.value.retry_after_s, caught.value.limit) == (49, 3)


def test_the_status_says_when_the_share_is_given_again() -> None:
    status = RateLimiter(FakeClock(START), 3).check(a_tenant())
    assert (status.limit, status.reset_s, status.reset_at) == (3, 50, START.replace(minute=1, second=0))


def test_waiting_as_long_as_told_is_enough() -> None:
    clock = FakeClock(START)
    limiter, tenant = RateLimiter(clock, 1), a_tenant()
    limiter.check(tenant)
    with pytest.raises(RateLimited) as caught:
        limiter.check(tenant)
    clock.advance(timedelta(seconds=caught.value.retry_after_s - 1))
    with pytest.raises(RateLimited):
        limiter.check(tenant)
    clock.advance(timedelta(seconds=1))
    assert limiter.check(tenant).remaining == 0


def test_a_tenants_own_limit_counts_and_tenants_count_apart() -> None:
    limiter = RateLimiter(FakeClock(START), 3)
    one, two = a_tenant(limit=1), a_tenant()
    limiter.check(one)
    with pytest.raises(RateLimited):
        limiter.check(one)
    assert limiter.check(two).remaining == 2
    assert limiter.check(replace(one, rate_limit_per_minute=4)).remaining == 2, "a raised limit works at once"


def test_memory_is_that_of_one_minute() -> None:
    clock = FakeClock(START)
    limiter = RateLimiter(clock, 3)
    for _ in range(100):
        limiter.check(a_tenant())
    clock.advance(timedelta(minutes=1))
    limiter.check(a_tenant())
    assert len(limiter._counts) == 1


def test_a_clock_that_steps_back_locks_nobody_out() -> None:
    clock = FakeClock(START)
    limiter, tenant = RateLimiter(clock, 1), a_tenant()
    limiter.check(tenant)
    clock.advance(timedelta(hours=-5))
    assert limiter.check(tenant).remaining == 0
