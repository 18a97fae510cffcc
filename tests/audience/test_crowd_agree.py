"""What the crowd is, where the APIs agree, and who sees nothing of it."""

from datetime import UTC, datetime

import pytest

from framehouse.kernel import to_hex
from tests.audience.bench import Bench, ms
from tests.dialects.house import House


async def test_the_crowd_is_worth_counting(bench: Bench) -> None:
    """The behaviours that figures get wrong are all there."""
    stretches = list(bench.crowd.stretches())
    assert len(bench.crowd.visits) > 700
    assert len(stretches) > 1000
    assert any(not one.finished for _, _, one in stretches)
    for border in (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, 9, tzinfo=UTC)):
        assert sum(one.start_ms < ms(border) < one.end_ms for _, _, one in stretches) > 5
    devices: dict[str, set[int]] = {}
    for visit in bench.crowd.counted():
        devices.setdefault(visit.person, set()).add(visit.client)
    assert sum(len(clients) > 1 for clients in devices.values()) > 10
    assert len(bench.crowd.visits) - len(bench.crowd.counted()) > 10, "no bots"


async def test_the_apis_agree(bench: Bench) -> None:
    """SproutVideo's plays are IBM's views, play by play; its impressions are the page loads."""
    sprout = await bench.stats("counts", start_date="2026-10-31", end_date="2026-11-02")
    period = {"date_time_from": "2026-10-31T00:00:00Z", "date_time_to": "2026-11-03T00:00:00Z"}
    views = (await bench.ask("total-views/summary", **period))[0]["attributes"]["value"]
    assert sum(row["play_count"] for row in sprout) == views
    by_day = await bench.series("total-views/day", **period)
    assert {point[:10]: value for point, value in by_day.items()} == {row["date"]: row["play_count"] for row in sprout}


async def test_another_tenant_sees_nothing(bench: Bench) -> None:
    async with bench.house.api("sproutvideo", bench.house.stranger) as stranger:
        assert set((await stranger.get("/stats/counts")).json().values()) == {0}
        assert (await stranger.get("/stats/engagement/sessions")).json()["total"] == 0
        video = to_hex(bench.videos[0])
        for path in ("counts", "domains", "geo", "engagement"):
            assert (await stranger.get(f"/stats/{path}/{video}")).status_code == 404


async def test_an_erased_viewer_is_gone(bench: Bench) -> None:
    from framehouse import audience

    somebody = next(visit.who for visit, play in bench.crowd.plays() if visit.who and play.stretches)
    assert await audience.erase_viewer(bench.house.audience, bench.house.owner.tenant_id, somebody) == 1
    assert (await bench.stats("engagement/sessions", vemail=somebody))["total"] == 0
    assert await bench.ask("viewers", viewer_identifier=somebody) == []
    left = [visit for visit in bench.crowd.counted() if visit.who != somebody]
    assert (await bench.stats("counts"))["impression_count"] == len(left)


@pytest.mark.parametrize("query", [{"start_date": "2026-11-01"}, {"end_date": "2026-11-01"}])
async def test_days_without_a_fact(house: House, query: dict[str, str]) -> None:
    """A range that is open at one end, before anything was ever watched."""
    house.clock.time = datetime(2026, 11, 3, tzinfo=UTC)
    async with house.api("sproutvideo") as sprout:
        answer = await sprout.get("/stats/counts", params=query)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()) == (3 if "start_date" in query else 0)
        assert (await sprout.get("/stats/domains", params={"start_date": "2000-01-01"})).status_code == 422
