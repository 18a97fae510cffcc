"""From an event to deliveries: one row and one durable work for each URL, in the transaction of the event."""

from collections.abc import Iterable, Sequence

from framehouse.infra.transaction import Transaction, Work
from framehouse.infra.workflows import DELIVER
from framehouse.kernel import Clock, Conflict, NotFound, TenantId, VideoId, new_content_id, to_hex
from framehouse.library import LibraryContext, Page
from framehouse.webhooks.model import Delivery, DeliveryState
from framehouse.webhooks.store import deliveries

DELIVER_WORK = "webhooks.deliver"


def delivery_work(delivery: Delivery, *, pause_s: float | None = None) -> Work:
    """The next attempt. Its id names it, so that it is made once however often it is enqueued."""
    arguments = (str(delivery.tenant_id), delivery.id, delivery.attempts)
    work_id = f"deliver:{to_hex(delivery.id)}:{delivery.attempts}"
    return Work(DELIVER_WORK, DELIVER, work_id, arguments, delay_s=pause_s)


async def announce(
    tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId, event: str, urls: Iterable[str | None]
) -> Sequence[Delivery]:
    """Each URL once, whoever asked for it."""
    made = [_new(clock, tenant_id, video_id, event, url) for url in dict.fromkeys(urls) if url]
    for delivery in made:
        await _start(tx, delivery)
    return made


async def redeliver(context: LibraryContext, tenant_id: TenantId, delivery_id: int) -> Delivery:
    """A new delivery of the same event, which tells how the video is by then. NotFound; Conflict while it goes on."""
    async with context.database.write() as tx:
        old = await deliveries.get(tx, tenant_id, delivery_id)
        if old is None:
            raise NotFound("there is no such delivery")
        if old.state is DeliveryState.PENDING:
            raise Conflict("the delivery is still being tried")
        again = _new(context.clock, tenant_id, old.video_id, old.event, old.url)
        await _start(tx, again)
    return again


async def deliveries_of(
    context: LibraryContext, tenant_id: TenantId, video_id: VideoId | None = None, *, offset: int = 0, limit: int = 25
) -> Page[Delivery]:
    """Of one video or of all; newest first."""
    async with context.database.read() as tx:
        found, total = await deliveries.page(tx, tenant_id, video_id, offset, limit)
    return Page(tuple(found), total)


def _new(clock: Clock, tenant_id: TenantId, video_id: VideoId, event: str, url: str) -> Delivery:
    now = clock.now()
    return Delivery(
        new_content_id(), tenant_id, video_id, event, url, DeliveryState.PENDING, 0, None, None, now, None, now
    )


async def _start(tx: Transaction, delivery: Delivery) -> None:
    await deliveries.insert(tx, delivery)
    await tx.enqueue(delivery_work(delivery))
