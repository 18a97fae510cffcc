"""What 500 people did, counted by hand, against what each API answers of it over HTTP."""

import statistics
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from framehouse import library
from framehouse.kernel import VideoId, to_hex, to_uuid
from framehouse.library import NewVideo
from tests.audience import brute_force as by_hand
from tests.audience.crowd import BEGIN, END, Crowd, Visit, make_crowd, send
from tests.dialects.house import BASE, House, keys_of

TITLES = ("Harbour", "Market", "Night train")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


@dataclass
class Bench:
    house: House
    crowd: Crowd
    videos: list[VideoId]
    ibm: httpx.AsyncClient
    sprout: httpx.AsyncClient

    async def stats(self, path: str, **query: Any) -> Any:
        answer = await self.sprout.get(f"/stats/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ask(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All of a series of IBM's, page after page."""
        asked = {"date_time_from": BEGIN.isoformat(), "date_time_to": END.isoformat(), "_limit": 1000} | query
        found: list[dict[str, Any]] = []
        answer = await self.ibm.get(path, params=asked)
        while True:
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["data"]
            if page["pagination"]["next"] is None:
                assert len(found) == page["pagination"]["count"]
                return found
            answer = await self.ibm.get(page["pagination"]["next"]["href"])

    async def series(self, path: str, **query: Any) -> dict[str, int]:
        return {row["attributes"]["point"]: row["attributes"]["value"] for row in await self.ask(path, **query)}


async def token(house: House) -> str:
    own = house.own
    form = {
        "grant_type": "client_credentials", "client_id": own.credential.client_id,
        "client_secret": own.client_secret, "token_type": "jwt",
    }  # fmt: skip
    answer = await house.client.post("/ibm/oauth2/token", data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


@pytest.fixture
async def bench(house: House) -> AsyncIterator[Bench]:
    crowd = make_crowd()
    house.clock.time = END + timedelta(days=1)
    videos: list[VideoId] = []

    async def data() -> AsyncIterator[bytes]:
        yield b"bytes"

    for title, duration_ms in zip(TITLES, crowd.durations_ms, strict=True):
        new = NewVideo(title=title, file_name="a.mp4")
        video = await library.receive_video(house.library, house.owner, new, data())
        async with house.library.database.write() as tx:
            await library.mark_inspected(
                tx, house.clock, house.owner.tenant_id, video.id, duration_ms=duration_ms, width=640, height=360
            )
        videos.append(video.id)
    await send(house.audience, house.owner.tenant_id, videos, crowd, TITLES)
    transport = httpx.ASGITransport(house.app)
    headers = {"Authorization": await token(house)}
    async with (
        httpx.AsyncClient(transport=transport, base_url=f"{BASE}/ibm/v1", headers=headers) as ibm,
        house.api("sproutvideo") as sprout,
    ):
        yield Bench(house, crowd, videos, ibm, sprout)


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


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


async def test_sproutvideos_counts(bench: Bench) -> None:
    crowd = bench.crowd
    assert await bench.stats("counts") == by_hand.counts(crowd)
    for index, video in enumerate(bench.videos):
        assert await bench.stats(f"counts/{to_hex(video)}") == by_hand.counts(crowd, index)
    days = await bench.stats("counts", start_date="2026-10-29", end_date="2026-11-03")
    assert [row["date"] for row in days] == [f"2026-10-{n}" for n in (29, 30, 31)] + [
        f"2026-11-0{n}" for n in (1, 2, 3)
    ]
    for row in days:
        assert row == {"date": row["date"], **by_hand.counts(crowd, on=row["date"])}
    of_one = await bench.stats(f"counts/{to_hex(bench.videos[1])}", end_date="2026-11-01")
    assert of_one
    assert all(row == {"date": row["date"], **by_hand.counts(crowd, 1, row["date"])} for row in of_one)


LABELS = {
    "domains": ("domain", lambda visit: visit.host),
    "geo": ("country", lambda visit: visit.place.country or None),
    "video_types": ("video_type", lambda visit: f"{'High' if visit.height_px >= 720 else 'Standard'} Definition"),
    "playback_types": ("playback_type", lambda _visit: "HTML5"),
    "device_types": ("device_type", lambda visit: "Mobile" if "iPhone" in visit.user_agent else "Desktop"),
}


@pytest.mark.parametrize("family", LABELS)
async def test_sproutvideos_labels(bench: Bench, family: str) -> None:
    name, label = LABELS[family]

    def found(rows: list[dict[str, Any]]) -> Counter[object]:
        assert all(set(row) == {name, "play_count"} for row in rows)
        return Counter({row[name]: row["play_count"] for row in rows})

    assert found(await bench.stats(family)) == by_hand.plays_by(bench.crowd, label)
    video = to_hex(bench.videos[2])
    assert found(await bench.stats(f"{family}/{video}")) == by_hand.plays_by(bench.crowd, label, 2)
    for path, index in ((family, None), (f"{family}/{video}", 2)):
        days = await bench.stats(path, start_date="2026-10-31", end_date="2026-11-02")
        assert len(days) == 3
        for row in days:
            assert found(row[family]) == by_hand.plays_by(bench.crowd, label, index, row["date"])


async def test_cities_of_a_country(bench: Bench) -> None:
    rows = await bench.stats("geo", country="us")
    expected = Counter(visit.place.city for visit, _ in bench.crowd.plays() if visit.place.country == "US")
    assert {row["city"]: row["play_count"] for row in rows} == expected


async def test_sproutvideos_engagement(bench: Bench) -> None:
    total = sum(one.to_ms - one.from_ms for _, _, one in bench.crowd.stretches())
    assert await bench.stats("engagement") == {"seconds_watched": round(total / 1000)}
    for index, video in enumerate(bench.videos):
        found = await bench.stats(f"engagement/{to_hex(video)}")
        expected = by_hand.engagement(bench.crowd, index)
        assert found["engagement"] == pytest.approx(expected.pop("engagement"))
        assert found.pop("avg_engagement") == pytest.approx(sum(found["engagement"]) / len(found["engagement"]))
        del found["engagement"]
        assert found == expected


async def test_sproutvideos_sessions(bench: Bench) -> None:
    crowd, video = bench.crowd, to_hex(bench.videos[0])
    mine = [(visit, play) for visit, play in crowd.plays(0) if play.stretches]
    found: list[dict[str, Any]] = []
    url: str | None = f"/stats/engagement/{video}/sessions?per_page=100"
    while url:
        page = (await bench.sprout.get(url)).json()
        assert page["total"] == len(mine)
        found += page["sessions"]
        url = page["next_page"]
    mine.sort(key=lambda pair: -pair[1].start_ms)
    assert [row["watched"] for row in found] == [by_hand.watched(play, crowd.durations_ms[0]) for _, play in mine]
    others = {
        visit.person: len(
            {other.video for other, play in crowd.plays() if other.person == visit.person and play.stretches}
        )
        for visit, _ in mine
    }
    for row, (visit, _play) in zip(found, mine, strict=True):
        assert (row["viewer"]["email"], row["ip_address"]) == (visit.who or None, visit.address)
        assert row["viewer"]["other_videos_watched"] == others[visit.person] - 1
        assert (row["url"], row["geo"]["city"]) == (f"https://{visit.host}/p", visit.place.city or None)
    somebody = next(visit.who for visit, play in crowd.plays() if visit.who and play.stretches)
    only = await bench.stats("engagement/sessions", vemail=somebody)
    assert only["total"] == sum(1 for visit, play in crowd.plays() if visit.who == somebody and play.stretches)
    dated = await bench.stats("engagement/sessions", start_date="2026-11-01", end_date="2026-11-01")
    assert dated["total"] == sum(
        1 for _, play in crowd.plays() if play.stretches and by_hand.day(play.start_ms) == "2026-11-01"
    )


@pytest.mark.parametrize("video", [None, 1])
@pytest.mark.parametrize(
    ("path", "measure"),
    [("total-views", "plays"), ("unique-devices", "devices"), ("authenticated-viewers", "authenticated"),
     ("viewer-seconds", "watched_ms")],
)  # fmt: skip
async def test_ibms_series(bench: Bench, path: str, measure: str, video: int | None) -> None:
    """In Los Angeles over the change of the clocks, in UTC, and of a part of the time in another zone."""
    periods = [
        (
            BEGIN.astimezone(LOS_ANGELES).replace(tzinfo=None),
            END.astimezone(LOS_ANGELES).replace(tzinfo=None),
            LOS_ANGELES,
        ),
        (BEGIN, END, UTC),
        (
            datetime(2026, 11, 1, 8, 20, tzinfo=UTC).astimezone(timezone(timedelta(hours=1))),
            END,
            timezone(timedelta(hours=1)),
        ),
    ]
    of = f"{path}/recorded" if video is not None else path
    query = {"content_id": str(bench.videos[video])} if video is not None else {}
    for start, end, zone in periods:
        asked = {"date_time_from": start.isoformat(), "date_time_to": end.isoformat(), **query}
        begin = start.replace(tzinfo=LOS_ANGELES) if start.tzinfo is None else start
        until = end.replace(tzinfo=LOS_ANGELES) if end.tzinfo is None else end
        for size in ("hour", "day", "month"):
            expected = by_hand.by_time(bench.crowd, measure, size, zone, ms(begin), ms(until), video)
            if measure == "watched_ms":
                expected = {point: round(value / 1000) for point, value in expected.items()}
            assert await bench.series(f"{of}/{size}", **asked) == expected, (size, zone)


async def test_ibms_sums_and_properties(bench: Bench) -> None:
    crowd = bench.crowd
    plays = list(crowd.plays())
    clients = {visit.client for visit, _, _ in crowd.stretches()}
    signed_in = {visit.person for visit, _, _ in crowd.stretches() if visit.signed_in}
    for path, value in (
        ("total-views", len(plays)),
        ("unique-devices", len(clients)),
        ("authenticated-viewers", len(signed_in)),
    ):
        row = (await bench.ask(f"{path}/summary"))[0]["attributes"]
        assert row == {"dimension_type": "summary", "point": BEGIN.isoformat(), "value": value}
        assert (await bench.ask(f"{path}/live/summary"))[0]["attributes"]["value"] == 0
    by_country = Counter(visit.place.country or "Unknown" for visit, _ in plays)
    assert await bench.series("total-views/location") == by_country
    assert await bench.series("total-views/Recorded/Country") == by_country
    assert await bench.series("total-views/device") == Counter(
        "mobile" if "iPhone" in visit.user_agent else "desktop" for visit, _ in plays
    )
    sources = Counter("onsite" if visit.on_site else "offsite" for visit, _ in plays)
    assert await bench.series("total-views/view-source") == sources


@pytest.mark.parametrize(("granularity", "size_s"), [("minute", 60), ("hour", 3600)])
async def test_ibms_peaks(bench: Bench, granularity: str, size_s: int) -> None:
    for index, video in enumerate(bench.videos):
        query = {"granularity": granularity, "content_id": video, "_limit": 10_000}
        rows = await bench.ask("peak-viewer-numbers/recorded", **query)
        assert {(row["attributes"]["content_type"], row["attributes"]["content_id"]) for row in rows} == {
            ("recorded", video)
        }
        found = {
            ms(datetime.fromisoformat(row["attributes"]["time"])) // 1000: row["attributes"]["value"] for row in rows
        }
        assert found == by_hand.concurrency(bench.crowd, size_s, ms(BEGIN), ms(END), index)
    rows = await bench.ask("peak-viewer-numbers/summary", granularity=granularity, _limit=10_000)
    found = {ms(datetime.fromisoformat(row["attributes"]["time"])) // 1000: row["attributes"]["value"] for row in rows}
    assert found == by_hand.concurrency(bench.crowd, size_s, ms(BEGIN), ms(END))
    assert max(found.values()) > 3


@pytest.mark.parametrize("unfinished", [True, False])
@pytest.mark.parametrize("inclusive", [True, False])
async def test_ibms_views(bench: Bench, unfinished: bool, inclusive: bool) -> None:
    start, end = datetime(2026, 10, 31, 23, 50, tzinfo=UTC), datetime(2026, 11, 1, 0, 10, tzinfo=UTC)
    rows = await bench.ask(
        "views", date_time_from=start.isoformat(), date_time_to=end.isoformat(),
        list_unfinished_segments=str(unfinished).lower(), inclusive_range=str(inclusive).lower(),
    )  # fmt: skip
    assert (
        len(rows) == by_hand.in_range(bench.crowd, ms(start), ms(end), unfinished=unfinished, inclusive=inclusive) > 5
    )
    assert unfinished or all(row["attributes"]["finished_at"] for row in rows)


async def test_ibms_viewers(bench: Bench) -> None:
    rows = await bench.ask("viewers")
    expected: dict[str, set[int]] = {}
    segments: Counter[str] = Counter()
    for visit, _, _one in bench.crowd.stretches():
        name = visit.who or str(visit.client)
        expected.setdefault(name, set()).add(visit.video)
        segments[name] += 1
    found = {row["attributes"]["viewer_identifier"]: row["attributes"] for row in rows}
    assert {name: about["videos_watched"] for name, about in found.items()} == {n: len(v) for n, v in expected.items()}
    assert {name: len(about["segments"]) for name, about in found.items()} == segments
    some = await bench.ask("viewers", viewer_identifier="WER12@")
    assert [row["attributes"]["viewer_identifier"] for row in some] == ["viewer12@example.com"] * len(some)


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


async def test_what_ibm_refuses(bench: Bench) -> None:
    period = {"date_time_from": "2026-10-31T00:00:00Z", "date_time_to": "2026-11-03T00:00:00Z"}
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("/views", {"date_time_to": period["date_time_to"]}, "/date_time_from"),
        ("/views", {**period, "date_time_from": "yesterday"}, "/date_time_from"),
        ("/views", {**period, "date_time_from": "2026-13-01"}, "/date_time_from"),
        ("/views", {**period, "date_time_to": "2026-10-30"}, "/date_time_to"),
        ("/views", {**period, "_limit": 10_001}, "/_limit"),
        ("/views", {**period, "_page": 0}, "/_page"),
        ("/views", {**period, "content_id": "1,x"}, "/content_id"),
        ("/views/sometimes", period, "/content_type"),
        ("/total-views/weekday", period, "/dimension"),
        ("/peak-viewer-numbers", {**period, "granularity": "day"}, "/granularity"),
    ]
    for path, query, pointer in wrong:
        answer = await bench.ibm.get(path, params=query)
        assert answer.status_code == 400, (path, query, answer.text)
        (error,) = answer.json()["errors"]
        assert (error["status"], error["title"]) == (400, "Bad Request")
        assert error["source"]["pointer"].startswith(pointer), (path, query, error)
    assert (await bench.ibm.get("/nothing")).status_code == 404
    assert (await bench.ibm.get("/views", headers={"Authorization": "x.y.z"})).status_code == 401


async def test_ibms_pages(bench: Bench) -> None:
    query = {"date_time_from": "2026-10-31T00:00:00+00:00", "date_time_to": "2026-11-03T00:00:00 00:00"}
    query |= {"content_id": f"{bench.videos[0]},{bench.videos[1]}", "_limit": "7", "_page": "2"}
    answer = (await bench.ibm.get("/views/recorded", params=query)).json()
    pages = answer["pagination"]
    wanted = sum(1 for video in (0, 1) for _ in bench.crowd.stretches(video))
    assert pages["count"] == wanted
    assert len(answer["data"]) == 7
    assert pages["last"]["href"].endswith(f"_page={-(-wanted // 7)}&_limit=7")
    for name in ("self", "first", "prev", "next", "last"):
        href = pages[name]["href"]
        assert href.startswith("/views/recorded?date_time_from=2026-10-31T00%3A00%3A00%2B00%3A00&")
        assert f"content_id={bench.videos[0]}%2C{bench.videos[1]}" in href
    beyond = (await bench.ibm.get("/views/recorded", params={**query, "_page": "999"})).json()
    assert (beyond["data"], beyond["pagination"]["next"]) == ([], None)
    first = (await bench.ibm.get("/views/recorded", params={**query, "_page": "1"})).json()
    assert first["pagination"]["prev"] is None
    attributes = first["data"][0]["attributes"]
    assert attributes["device_info"]["browser"]["family"] in ("Chrome", "Mobile Safari")
    assert isinstance(attributes["content_id"], int)


async def test_ibms_tokens(bench: Bench) -> None:
    house = bench.house
    own = house.own
    client = {"client_id": own.credential.client_id, "client_secret": own.client_secret}

    async def asked(**form: str) -> httpx.Response:
        return await house.client.post("/ibm/oauth2/token", data=form)

    granted = await asked(grant_type="client_credentials", token_type="jwt", **client)
    assert granted.headers["cache-control"] == "no-store"
    pair = granted.json()
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 86_400)
    for spelled in (pair["access_token"], f"Bearer {pair['access_token']}"):
        assert (await bench.ibm.get("/viewers", headers={"Authorization": spelled})).status_code == 200
    assert (await bench.ibm.get("/viewers", headers={"Authorization": pair["refresh_token"]})).status_code == 401
    refreshed = await asked(grant_type="refresh_token", refresh_token=pair["refresh_token"], **client)
    assert refreshed.status_code == 200
    refusals = [
        ({"grant_type": "client_credentials", **client, "client_secret": "x" * 40}, 400, "invalid_client"),
        ({"grant_type": "refresh_token", **client, "refresh_token": pair["access_token"]}, 400, "invalid_grant"),
        (
            {"grant_type": "password", **client, "username": "nobody@example.com", "password": "no"},
            400,
            "invalid_grant",
        ),
        ({"grant_type": "client_credentials"}, 400, "invalid_request"),
        ({}, 400, "invalid_request"),
        ({"grant_type": "device_code", **client}, 501, "unsupported_grant_type"),
    ]
    for form, status, error in refusals:
        answer = await asked(**form)
        assert (answer.status_code, answer.json()["error"]) == (status, error), form
    revoked = await house.client.post("/ibm/oauth2/token/revoke", data={"token": pair["access_token"]})
    assert revoked.status_code == 200
    assert (await house.client.post("/ibm/oauth2/token/revoke", data={"token": "nonsense"})).status_code == 200
    assert (await bench.ibm.get("/viewers", headers={"Authorization": pair["access_token"]})).status_code == 401
    left = refreshed.json()["access_token"]
    assert (await bench.ibm.get("/viewers", headers={"Authorization": left})).status_code == 200
    house.advance(days=1, seconds=1)
    assert (await bench.ibm.get("/viewers", headers={"Authorization": left})).status_code == 401


async def test_a_revoked_credential_ends_its_tokens(bench: Bench) -> None:
    own = bench.house.own
    await bench.house.identity.revoke_credential(own.tenant.id, own.credential.id)
    assert (await bench.ibm.get("/viewers")).status_code == 401
