"""One attempt to deliver, and what follows from it: delivered, tried again after a pause, or given up.

Crash procedure. (1) The receiver is called. (2) One transaction records what it answered and enqueues the next
attempt. A crash between them calls it again: receivers know a repeat by the delivery's id.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from framehouse.infra.outgoing import Limits, OutgoingClient, OutgoingRefused, host_of, told_status
from framehouse.kernel import TemporarilyUnavailable, TenantId, VideoId, to_hex
from framehouse.library import LibraryContext
from framehouse.webhooks.announce import delivery_work
from framehouse.webhooks.model import Delivery, DeliveryState
from framehouse.webhooks.signature import sign, signing_secret
from framehouse.webhooks.store import deliveries

# After the first, second … attempt: ten attempts in a day, give or take the jitter.
PAUSES_S = (5, 15, 60, 5 * 60, 15 * 60, 45 * 60, 2 * 3600, 6 * 3600, 15 * 3600)
JITTER = 0.2  # of a pause, to both sides: what failed together should not come back together
# A redirected POST would become a GET without the body in most clients; the owner is told to name the new address.
LIMITS = Limits(connect_s=5, idle_s=10, total_s=15, redirects=0)
GONE = 410
Render = Callable[[TenantId, VideoId], Awaitable[bytes | None]]
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Outcome:
    status_code: int | None
    error: str | None
    is_final: bool


async def deliver(
    context: LibraryContext,
    outgoing: OutgoingClient,
    render: Render,
    tenant_id: TenantId,
    delivery_id: int,
    attempt: int,
    *,
    chance: Callable[[], float] = random.random,
) -> None:
    """Durable work; `attempt` counts those before. The body is rendered now: it tells how the video is, not was."""
    async with context.database.read() as tx:
        delivery = await deliveries.get(tx, tenant_id, delivery_id)
    if delivery is None or delivery.state is not DeliveryState.PENDING or delivery.attempts != attempt:
        return
    body = await render(tenant_id, delivery.video_id)
    if body is None:
        outcome = _Outcome(None, "the video was deleted before this could be told", is_final=True)
    else:
        outcome = await _call(context, outgoing, delivery, body)
    await _record(context, delivery, outcome, chance())


async def fail_attempt(
    context: LibraryContext, tenant_id: TenantId, delivery_id: int, attempt: int, problem: str
) -> None:
    """Count an attempt that an internal error ended; without effect when it was recorded already."""
    async with context.database.read() as tx:
        delivery = await deliveries.get(tx, tenant_id, delivery_id)
    if delivery is not None and delivery.attempts == attempt:
        await _record(context, delivery, _Outcome(None, problem, is_final=False), random.random())


async def _call(context: LibraryContext, outgoing: OutgoingClient, delivery: Delivery, body: bytes) -> _Outcome:
    timestamp = int(context.clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "X-Framehouse-Event": delivery.event,
        "X-Framehouse-Delivery": to_hex(delivery.id),
        "X-Framehouse-Timestamp": str(timestamp),
        "X-Framehouse-Signature": sign(signing_secret(context.secrets, delivery.tenant_id), timestamp, body),
    }
    try:
        async with outgoing.stream("POST", delivery.url, headers=headers, body=body, limits=LIMITS) as answer:
            return _judged(host_of(delivery.url), answer.status)  # whatever its body says is not read
    except OutgoingRefused as error:
        return _Outcome(None, error.message, is_final=True)
    except TemporarilyUnavailable as error:
        return _Outcome(None, error.message, is_final=False)


def _judged(host: str, status: int) -> _Outcome:
    if 200 <= status < 300:
        return _Outcome(status, None, is_final=True)
    answered = f"{host} answered {told_status(status)}"
    if 300 <= status < 400:
        answered += ": redirects are not followed here, give the new address as notification URL"
    return _Outcome(status, answered, is_final=status == GONE)


async def _record(context: LibraryContext, delivery: Delivery, outcome: _Outcome, chance: float) -> None:
    """Step (2). `chance` is between 0 and 1."""
    now, tries = context.clock.now(), delivery.attempts + 1
    values: dict[str, Any] = {
        "status_code": outcome.status_code,
        "error": outcome.error,
        "attempted_at": now,
        "next_attempt_at": None,
    }
    goes_on = not outcome.is_final and tries <= len(PAUSES_S)
    pause_s = PAUSES_S[tries - 1] * (1 + JITTER * (2 * chance - 1)) if goes_on else 0.0
    if goes_on:
        values["next_attempt_at"] = now + timedelta(seconds=pause_s)
    else:
        values["state"] = (DeliveryState.FAILED if outcome.error else DeliveryState.DELIVERED).value
    async with context.database.write() as tx:
        if await deliveries.record_attempt(tx, delivery, values) and goes_on:
            await tx.enqueue(delivery_work(replace(delivery, attempts=tries), pause_s=pause_s))
    log.info(
        "webhook attempted",
        delivery=to_hex(delivery.id),
        host=host_of(delivery.url),
        attempt=tries,
        problem=outcome.error,
    )
