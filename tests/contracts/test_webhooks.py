"""Deliveries on both engines, to a real receiver: what is told, how it is signed, when it is tried again, and when
not."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import webhooks
from framehouse.infra.database import Database
from framehouse.infra.outgoing import OutgoingClient, parse_networks
from framehouse.infra.transaction import Transaction, Work
from framehouse.infra.workflows import DELIVER
from framehouse.kernel import Conflict, FakeClock, NotFound, TenantId, VideoId, new_tenant_id, to_hex
from framehouse.library import LibraryContext
from framehouse.webhooks import Delivery, DeliveryState
from tests.contracts.library_house import open_house
from tests.contracts.tenant_server import TenantServer, in_turn, says, sends, tenant_server

LOCAL = OutgoingClient(parse_networks("127.0.0.0/8"))
VIDEO = VideoId(0xABC)
OTHER_VIDEO = VideoId(0xDEF)


@dataclass
class Desk:
    """The room over a real database; `work` is what was enqueued."""

    context: LibraryContext
    clock: FakeClock
    work: list[Work]
    tenant: TenantId = field(default_factory=new_tenant_id)
    body: bytes | None = b'{"id": 1}'

    async def announced(self, *urls: str | None, video: VideoId = VIDEO) -> list[Delivery]:
        async with self.context.database.write() as tx:
            made = await webhooks.announce(tx, self.clock, self.tenant, video, webhooks.VIDEO_COMPLETED, urls)
        return list(made)

    async def attempt(self, *, chance: float = 0.5, client: OutgoingClient = LOCAL) -> None:
        """The work that was enqueued last, as a worker does it."""
        tenant, delivery, attempt = self.work[-1].arguments
        assert tenant == str(self.tenant)
        await webhooks.deliver(
            self.context, client, self._render, self.tenant, delivery, attempt, chance=lambda: chance
        )

    async def _render(self, tenant_id: TenantId, video_id: VideoId) -> bytes | None:
        assert tenant_id == self.tenant
        return self.body

    async def listed(self, video: VideoId | None = None, **window: int) -> list[Delivery]:
        return list((await webhooks.deliveries_of(self.context, self.tenant, video, **window)).items)

    async def only(self) -> Delivery:
        (delivery,) = await self.listed()
        return delivery


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    work: list[Work] = []

    async def enqueue(_tx: Transaction, given: Work) -> None:
        if given.id not in {each.id for each in work}:
            work.append(given)

    async with open_house(database_url, tmp_path) as house:
        database = Database(database_url, enqueue=enqueue)
        yield Desk(replace(house.context, database=database), house.clock, work)
        await database.close()


@pytest.fixture
def server() -> Iterator[TenantServer]:
    with tenant_server() as running:
        yield running


async def test_each_url_is_told_once_and_its_work_is_enqueued_with_it(desk: Desk) -> None:
    made = await desk.announced("http://a.example/", None, "http://b.example/", "http://a.example/", "")
    assert [each.url for each in made] == ["http://a.example/", "http://b.example/"]
    assert sorted(each.id for each in await desk.listed()) == sorted(each.id for each in made)
    assert [(each.name, each.queue, each.delay_s) for each in desk.work] == [("webhooks.deliver", DELIVER, None)] * 2


async def test_the_receiver_gets_a_signed_post(desk: Desk, server: TenantServer) -> None:
    url = server.on("/hook", says(204)) + "?token=1"
    (made,) = await desk.announced(url)
    await desk.attempt()
    (call,) = server.asked
    assert (call.method, call.path, json.loads(call.body)) == ("POST", "/hook?token=1", {"id": 1})
    assert call.headers["content-type"] == "application/json"
    assert call.headers["x-framehouse-event"] == "video.completed"
    assert call.headers["x-framehouse-delivery"] == to_hex(made.id)
    secret = webhooks.signing_secret(desk.context.secrets, desk.tenant)
    assert webhooks.verify(
        secret,
        timestamp=call.headers["x-framehouse-timestamp"],
        body=call.body,
        signature=call.headers["x-framehouse-signature"],
        now=desk.clock.now(),
    )
    delivery = await desk.only()
    assert (delivery.state, delivery.attempts, delivery.status_code, delivery.error, delivery.next_attempt_at) == (
        DeliveryState.DELIVERED, 1, 204, None, None,
    )  # fmt: skip
    assert delivery.attempted_at == desk.clock.now()
    await desk.attempt()  # the work is run again after a crash behind its record
    assert (len(server.asked), len(desk.work)) == (1, 1)
    assert webhooks.tell(delivery).endswith("/hook: delivered, answered 204 (1 attempt)")


async def test_attempts_grow_apart_over_a_day_and_end(desk: Desk, server: TenantServer) -> None:
    began = desk.clock.now()
    await desk.announced(server.on("/hook", says(500)))
    for number in range(1, 11):
        delivery = await desk.only()
        assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, number - 1)
        assert delivery.next_attempt_at is not None
        desk.clock.advance(delivery.next_attempt_at - desk.clock.now())
        await desk.attempt()
    assert [each.delay_s for each in desk.work] == [None, 5, 15, 60, 300, 900, 2700, 7200, 21600, 54000]
    assert len({each.id for each in desk.work}) == 10
    assert timedelta(hours=23) < desk.clock.now() - began < timedelta(hours=25)
    delivery = await desk.only()
    assert (delivery.state, delivery.attempts, delivery.status_code) == (DeliveryState.FAILED, 10, 500)
    assert delivery.error == f"127.0.0.1:{server.port} answered 500 (internal server error)"
    assert delivery.next_attempt_at is None
    assert len({call.headers["x-framehouse-delivery"] for call in server.asked}) == 1
    assert len({call.headers["x-framehouse-timestamp"] for call in server.asked}) == 10
    assert "given up after 10 attempts — 127.0.0.1" in webhooks.tell(delivery)


async def test_pauses_vary_by_a_fifth(desk: Desk, server: TenantServer) -> None:
    for chance, pause_s in ((0.0, 4.0), (1.0, 6.0)):
        await desk.announced(server.on("/hook", says(500)))
        await desk.attempt(chance=chance)
        assert desk.work[-1].delay_s == pytest.approx(pause_s)


async def test_a_receiver_that_comes_back_is_told(desk: Desk, server: TenantServer) -> None:
    redirect = says(302, Location="/elsewhere")
    await desk.announced(server.on("/hook", in_turn(says(503), redirect, sends(b""), says(200))))
    problems: list[str | None] = []
    for _ in range(4):
        await desk.attempt()
        problems.append((await desk.only()).error)
    host = f"127.0.0.1:{server.port}"
    assert problems == [
        f"{host} answered 503 (service unavailable)",
        f"{host} answered 302 (found): redirects are not followed here, give the new address as notification URL",
        f"{host} closed the connection without an answer",
        None,
    ]
    assert ((await desk.only()).state, len(server.asked)) == (DeliveryState.DELIVERED, 4)
    assert {call.path for call in server.asked} == {"/hook"}


async def test_what_will_not_change_ends_at_once(desk: Desk, server: TenantServer) -> None:
    await desk.announced(server.on("/hook", says(410)))
    await desk.attempt()
    await desk.announced(server.url("/hook"))
    await desk.attempt(client=OutgoingClient())
    await desk.announced("mailto:someone@example.com")
    await desk.attempt()
    desk.body = None
    await desk.announced(server.url("/hook"))
    await desk.attempt()
    assert {each.state for each in await desk.listed()} == {DeliveryState.FAILED}
    told = {each.error for each in await desk.listed()}
    assert told == {
        f"127.0.0.1:{server.port} answered 410 (gone)",
        "127.0.0.1 is not at a public address, and others are not connected to",
        "the URL is no http or https URL",
        "the video was deleted before this could be told",
    }
    assert (len(server.asked), len(desk.work)) == (1, 4)


async def test_an_internal_error_counts_as_an_attempt(desk: Desk) -> None:
    (made,) = await desk.announced("http://a.example/")
    await webhooks.fail_attempt(desk.context, new_tenant_id(), made.id, 0, "not theirs")
    assert (await desk.only()).attempts == 0
    for _ in range(2):
        await webhooks.fail_attempt(desk.context, desk.tenant, made.id, 0, "an internal error ended the attempt")
    delivery = await desk.only()
    assert (delivery.state, delivery.attempts, delivery.error) == (
        DeliveryState.PENDING, 1, "an internal error ended the attempt",
    )  # fmt: skip
    assert [each.arguments[2] for each in desk.work] == [0, 1]


async def test_lists_are_newest_first_in_pages_and_for_their_tenant(desk: Desk) -> None:
    for number in range(3):
        await desk.announced(f"http://a.example/{number}", video=OTHER_VIDEO if number == 1 else VIDEO)
        desk.clock.advance(timedelta(seconds=1))
    assert [each.url[-1] for each in await desk.listed()] == ["2", "1", "0"]
    assert [each.url[-1] for each in await desk.listed(offset=1, limit=1)] == ["1"]
    assert [each.url[-1] for each in await desk.listed(VIDEO)] == ["2", "0"]
    page = await webhooks.deliveries_of(desk.context, desk.tenant, limit=1)
    assert (len(page.items), page.total) == (1, 3)
    assert (await webhooks.deliveries_of(desk.context, new_tenant_id())).total == 0


async def test_an_ended_delivery_is_begun_anew(desk: Desk, server: TenantServer) -> None:
    (made,) = await desk.announced(server.on("/hook", in_turn(says(410), says(200))))
    with pytest.raises(Conflict):
        await webhooks.redeliver(desk.context, desk.tenant, made.id)
    await desk.attempt()
    with pytest.raises(NotFound):
        await webhooks.redeliver(desk.context, new_tenant_id(), made.id)
    again = await webhooks.redeliver(desk.context, desk.tenant, made.id)
    assert (again.id != made.id, again.url, again.event, again.video_id) == (True, made.url, made.event, VIDEO)
    await desk.attempt()
    states = {each.id: each.state for each in await desk.listed()}
    assert states == {made.id: DeliveryState.FAILED, again.id: DeliveryState.DELIVERED}


async def test_old_records_go_and_what_waits_stays(desk: Desk, server: TenantServer) -> None:
    (waits,) = await desk.announced("http://a.example/")
    await desk.announced(server.on("/hook", says()))
    await desk.attempt()
    desk.clock.advance(timedelta(days=1))
    await desk.announced(server.url("/hook"))
    await desk.attempt()
    newest = desk.work[-1].arguments[1]
    removed = await webhooks.forget_deliveries(desk.context, desk.clock.now() - timedelta(hours=1))
    assert removed == 1
    assert {each.id for each in await desk.listed()} == {waits.id, newest}


async def test_what_a_url_hides_is_not_told(desk: Desk) -> None:
    (made,) = await desk.announced("https://someone:pass@a.example/hook?token=secret")
    assert (
        webhooks.tell(made)
        == f"webhook {to_hex(made.id)} video.completed to https://a.example/hook: waits for a worker"
    )
    await webhooks.fail_attempt(desk.context, desk.tenant, made.id, 0, "it rained")
    line = webhooks.tell(await desk.only())
    assert "1 attempt — it rained; the next one at 2026-01-01 00:00:0" in line
