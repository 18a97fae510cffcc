"""Cloud Video Kit's figures of the crowd over HTTP, against what is counted by hand; its refusals."""

import statistics
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from framehouse.kernel import to_uuid
from tests.audience import brute_force as by_hand
from tests.audience.bench import Bench, ms
from tests.audience.crowd import BEGIN, END, Visit
from tests.dialects.house import BASE, keys_of


@pytest.fixture
async def kit(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(bench.house.app)
    base, keys = f"{BASE}/videokit/streaming/v1/analytics", bench.house.keys("videokit")
    async with httpx.AsyncClient(transport=transport, base_url=base, headers=keys) as client:
        yield client


PERIOD = {"start": BEGIN.isoformat(), "end": END.isoformat()}


async def measured(kit: httpx.AsyncClient, name: str, **body: Any) -> list[list[Any]]:
    answer = await kit.post(f"/queries/{name}", json={**PERIOD, **body})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["rowCount"] == len(found["rows"])
    assert all(len(row) == len(found["columnLabels"]) for row in found["rows"])
    return found["rows"]


def played_ms(visit: Visit) -> float:
    return float(sum(one.end_ms - one.start_ms for play in visit.plays for one in play.stretches))


def middle(values: list[float], share: float = 0.5) -> float:
    """Linear between the two values around the place (inclusive)."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    return ordered[low] + (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]) * (place - low)


AGGREGATES = {
    "count": len, "sum": sum, "avg": statistics.fmean, "median": middle, "min": min, "max": max,
    "stddev": statistics.pstdev, "variance": statistics.pvariance, "percentile": lambda values: middle(values, 0.95),
}  # fmt: skip


@pytest.mark.parametrize("name", AGGREGATES)
async def test_the_kits_aggregates(bench: Bench, kit: httpx.AsyncClient, name: str) -> None:
    more = {"percentile": 95} if name == "percentile" else {}
    calculate = AGGREGATES[name]
    visits = bench.crowd.counted()
    whole = await measured(kit, name, dimension="PLAYED", **more)
    assert whole == [[pytest.approx(calculate([played_ms(visit) for visit in visits]))]]
    rows = await measured(kit, name, dimension="PLAYED", groupBy=["COUNTRY", "DEVICE_TYPE"], **more)
    groups: dict[tuple[Any, ...], list[float]] = {}
    for visit in visits:
        device = "mobile" if "iPhone" in visit.user_agent else "desktop"
        groups.setdefault((visit.place.country or None, device), []).append(played_ms(visit))
    assert {(row[0], row[1]): row[2] for row in rows} == {key: pytest.approx(calculate(v)) for key, v in groups.items()}
    days = await measured(kit, name, dimension="PLAYED", interval="DAY", **more)
    assert [by_hand.day(row[0]) for row in days] == ["2026-10-31", "2026-11-01", "2026-11-02"]
    for start, value in days:
        of_day = [played_ms(visit) for visit in visits if by_hand.day(visit.start_ms) == by_hand.day(start)]
        assert value == pytest.approx(calculate(of_day))


async def test_the_kits_filters(bench: Bench, kit: httpx.AsyncClient) -> None:
    visits = bench.crowd.counted()
    video = str(to_uuid(bench.videos[1]))

    async def number(*filters: tuple[str, str, Any]) -> int:
        given = [{"name": name, "operator": operator, "value": value} for name, operator, value in filters]
        return (await measured(kit, "count", dimension="IMPRESSION_ID", filters=given))[0][0]

    assert await number() == len(visits)
    assert await number(("VIDEO_ID", "EQ", video)) == sum(visit.video == 1 for visit in visits)
    assert await number(("VIDEO_ID", "NE", video)) == sum(visit.video != 1 for visit in visits)
    assert await number(("COUNTRY", "IN", ["US", "HU"])) == sum(visit.place.country != "" for visit in visits)
    assert await number(("VIDEO_TITLE", "CONTAINS", "night")) == sum(visit.video == 2 for visit in visits)
    assert await number(("DOMAIN", "NOTCONTAINS", "films")) == sum("films" not in visit.host for visit in visits)
    assert await number(("PLAYED", "GTE", 31_000)) == sum(played_ms(visit) >= 31_000 for visit in visits)
    assert await number(("PLAYED", "LT", 31_000)) == sum(played_ms(visit) < 31_000 for visit in visits)
    both = (("PLAYED", "GT", 5300), ("DEVICE_TYPE", "EQ", "mobile"))
    assert await number(*both) == sum(played_ms(visit) > 5300 and "iPhone" in visit.user_agent for visit in visits)
    assert await number(("VIDEO_TITLE", "EQ", "it's \\ \t {x:String}")) == 0


async def test_the_kits_counts_of_what_is_known(bench: Bench, kit: httpx.AsyncClient) -> None:
    visits = bench.crowd.counted()
    played = [visit for visit in visits if visit.plays]
    assert await measured(kit, "count", dimension="VIDEO_STARTUPTIME") == [[len(played)]]
    assert await measured(kit, "count", dimension="COUNTRY") == [[sum(bool(v.place.country) for v in visits)]]
    assert await measured(kit, "sum", dimension="PLAY_ATTEMPTS") == [[sum(len(visit.plays) for visit in visits)]]
    assert await measured(kit, "avg", dimension="PAGE_LOAD_TIME") == [[800]]
    first = await measured(kit, "count", dimension="IMPRESSIONS", groupBy=["CITY"], limit=2)
    rest = await measured(kit, "count", dimension="IMPRESSIONS", groupBy=["CITY"], offset=2)
    assert len(first) == 2
    assert sum(row[1] for row in first + rest) == len(visits)
    order = [{"name": "IMPRESSIONS", "order": "DESC"}]
    ordered = await measured(kit, "count", dimension="IMPRESSIONS", groupBy=["CITY"], orderBy=order)
    assert [row[1] for row in ordered] == sorted((row[1] for row in first + rest), reverse=True)


async def test_the_kits_concurrency_and_impressions(bench: Bench, kit: httpx.AsyncClient) -> None:
    minutes = by_hand.concurrency(bench.crowd, 60, ms(BEGIN), ms(END))
    path = "/metrics/max_concurrentviewers"
    assert (await kit.post(path, json=PERIOD)).json()["rows"] == [[max(minutes.values())]]
    hours = by_hand.concurrency(bench.crowd, 3600, ms(BEGIN), ms(END))
    rows = (await kit.post(path, json={**PERIOD, "interval": "HOUR"})).json()["rows"]
    assert rows == [[start * 1000, most] for start, most in sorted(hours.items())]
    listed = (await kit.post("/impressions", json={**PERIOD, "limit": 7})).json()["impressions"]
    assert len({one["impressionId"] for one in listed}) == 7


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/queries/sum", {"dimension": "COUNTRY"}, "count"),
        ("/queries/count", {"dimension": "CUSTOM_DATA_1"}, "IMPRESSION_ID"),
        ("/queries/count", {}, "dimension"),
        ("/queries/count", {"dimension": "PLAYED", "limit": 201}, "limit"),
        ("/queries/count", {"dimension": "PLAYED", "interval": "WEEK"}, "interval"),
        ("/queries/count", {"dimension": "PLAYED", "start": "2026-11-02", "end": "2026-11-01"}, "end"),
        ("/queries/count", {"dimension": "PLAYED", "groupBy": ["NOPE"]}, "groupBy"),
        ("/queries/count", {"dimension": "PLAYED", "orderBy": [{"name": "COUNTRY"}]}, "orderBy"),
        ("/queries/count", {"dimension": "PLAYED", "filters": [{"name": "PLAYED", "value": "x"}]}, "number"),
        ("/ads/queries/count", {"dimension": "PLAYED"}, "AD_IMPRESSION_ID"),
        ("/metrics/max_concurrentviewers", {"filters": [{"name": "COUNTRY", "value": "US"}]}, "VIDEO_ID"),
    ],
)
async def test_the_kits_refusals(bench: Bench, kit: httpx.AsyncClient, path: str, body: dict, says: str) -> None:
    answer = await kit.post(path, json=body)
    assert answer.status_code == 400
    found = answer.json()
    assert found["success"] is False
    assert found["status"]["code"] == 400
    assert says in found["status"]["message"], found


async def test_the_kits_tenants(bench: Bench, kit: httpx.AsyncClient) -> None:
    stranger = keys_of(bench.house.stranger, "videokit")
    answer = await kit.post("/queries/count", json={**PERIOD, "dimension": "IMPRESSIONS"}, headers=stranger)
    assert answer.json()["rows"] == [[0]]
    assert (await kit.post("/impressions", json=PERIOD, headers=stranger)).json() == {"impressions": []}
    wrong = {"X-Tenant-Id": str(bench.house.stranger.tenant.id)}
    assert (await kit.post("/impressions", json=PERIOD, headers=wrong)).status_code == 403
    assert (await kit.post("/impressions", json=PERIOD, headers={"X-Api-Key": "wrong"})).status_code == 401
