"""IBM's figures of the crowd over HTTP, against what is counted by hand; its refusals, pages and tokens."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from tests.audience import brute_force as by_hand
from tests.audience.bench import LOS_ANGELES, Bench, ms
from tests.audience.crowd import BEGIN, END


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
