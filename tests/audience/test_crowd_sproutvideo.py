"""SproutVideo's figures of the crowd over HTTP, against what is counted by hand."""

from collections import Counter
from typing import Any

import pytest

from framehouse.kernel import to_hex
from tests.audience import brute_force as by_hand
from tests.audience.bench import Bench


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
