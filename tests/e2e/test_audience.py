"""Real viewers in Chromium on a real installation, and what its statistics say of them; and the audience process killed
while reports come in."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver import Chrome

from tests.browser.conftest import open_chromium
from tests.e2e import media_recipes as recipes
from tests.e2e.adopted import wait_for
from tests.e2e.conftest import NewPlatform
from tests.e2e.platform import Platform
from tests.e2e.test_viewers import press_play, state, wait_until_startable

API = "/sproutvideo/v1"


@pytest.fixture
def three(tmp_path: Path) -> Iterator[list[Chrome]]:
    with ExitStack() as stack:
        yield [stack.enter_context(open_chromium(tmp_path / f"profile{n}")) for n in range(3)]


def token(platform: Platform) -> str:
    form = {"grant_type": "client_credentials", "token_type": "jwt"}
    form |= {"client_id": platform.key["client_id"], "client_secret": platform.key["client_secret"]}
    answer = httpx.post(f"{platform.base}/ibm/oauth2/token", data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def ibm(platform: Platform, path: str, **query: str) -> list[dict[str, Any]]:
    headers = {"Authorization": token(platform)}
    answer = httpx.get(f"{platform.base}/ibm/v1{path}", params={"_limit": "1000", **query}, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return [row["attributes"] for row in answer.json()["data"]]


def watch(browser: Chrome, until_s: float, timeout_s: float = 40) -> None:
    wait_for(
        f"second {until_s}",
        lambda: state(browser).get("currentTime", 0) >= until_s,
        timeout_s,
        lambda: f"{state(browser)}",
    )


def run(browser: Chrome, script: str) -> None:
    browser.execute_script(f"window.framehousePlayer.player.{script}")


@pytest.mark.timeout(300)
def test_what_three_people_watch_is_what_the_figures_say(
    new_platform: NewPlatform, three: list[Chrome], tmp_path: Path
) -> None:
    """One watches to the end and has a name, one jumps, one leaves in the middle without a word."""
    platform = new_platform(audience_report_s=2)
    film = recipes.h264_aac(tmp_path)
    video = platform.wait_state(platform.upload(film, title="Harbour"), "deployed")
    length_s = video["duration"]
    url = platform.embed_url(video)
    joint = "&" if "?" in url else "?"
    began = time.time()
    addresses = [f"{url}{joint}vemail=ann@example.com&uid=a1", url, url]
    for browser, address in zip(three, addresses, strict=True):
        browser.get(address)
        wait_until_startable(browser)
    to_the_end, jumps, leaves = three
    for browser in three:
        press_play(browser)
    watch(leaves, 1.6)
    leaves.get("about:blank")
    watch(jumps, 1.2)
    run(jumps, "pause()")
    time.sleep(0.7)
    run(jumps, f"seek({length_s - 1.5})")
    press_play(jumps)
    for browser in (to_the_end, jumps):
        wait_for("the end", lambda b=browser: bool(state(b).get("ended")), 45, lambda b=browser: f"{state(b)}")
    for browser in (to_the_end, jumps):
        wait_for("the reports", lambda b=browser: state(b).get("unsentFacts") == 0, 20, lambda b=browser: f"{state(b)}")
        browser.get("about:blank")

    expect_figures(platform, video, began)


def expect_figures(platform: Platform, video: dict[str, Any], began: float) -> None:
    def engagement() -> dict[str, Any]:
        return platform.call("GET", f"{API}/stats/engagement/{video['id']}").json()

    wait_for("all three sessions", lambda: engagement()["sessions"] == 3, 20, lambda: f"{engagement()}{platform.log()}")
    time.sleep(2)  # the last beacons
    found = engagement()
    assert (found["plays"], found["views"], found["visitors"], found["sessions"]) == (3, 3, 3, 3), found
    watched = [round(level * 3) for level in found["engagement"]]
    assert watched[0] == 3, watched
    assert watched[-1] == 2, watched
    middle = int(video["duration"] / 2)
    assert watched[middle] == 1, watched
    counts = platform.call("GET", f"{API}/stats/counts").json()
    assert counts == {"play_count": 3, "impression_count": 3, "unique_play_count": 3, "unique_impression_count": 3}
    assert platform.video(video["id"])["plays"] in (0, 3)  # remembered for ten seconds

    named = platform.call("GET", f"{API}/stats/engagement/sessions?vemail=ann@example.com").json()
    (session,) = named["sessions"]
    assert session["viewer"]["email"] == "ann@example.com"
    assert session["video_id"] == video["id"]
    assert session["watched"] == [1] * len(session["watched"]), session["watched"]
    assert session["playback_type"] == "html5"
    assert session["ip_address"] == "127.0.0.1"

    expect_others_agree(platform, began, found["seconds_watched"])


def expect_others_agree(platform: Platform, began: float, seconds_watched: int) -> None:
    period = {"date_time_from": iso(began - 60), "date_time_to": iso(time.time() + 60)}
    (views,) = ibm(platform, "/total-views/summary", **period)
    assert views["value"] == 3
    (devices,) = ibm(platform, "/unique-devices/summary", **period)
    assert devices["value"] == 3
    peaks = ibm(platform, "/peak-viewer-numbers", granularity="hour", **period)
    assert max(peak["value"] for peak in peaks) in (2, 3), peaks
    segments = ibm(platform, "/views", **period)
    jumped = [one for one in segments if one["to"] - one["from"] <= 2]
    assert len(segments) >= 4, segments
    assert jumped, segments
    assert {one["viewer_identifier"] for one in ibm(platform, "/viewers", **period)} > {"ann@example.com"}
    seconds = sum(row["value"] for row in ibm(platform, "/viewer-seconds/recorded/day", **period))
    assert abs(seconds - seconds_watched) <= 2, (seconds, seconds_watched)
    body = {"start": iso(began - 60), "end": iso(time.time() + 60), "dimension": "IMPRESSIONS"}
    kit = httpx.post(
        f"{platform.base}/videokit/streaming/v1/analytics/queries/count", json=body,
        headers={"X-Api-Key": platform.key["api_key"]},
    )  # fmt: skip
    assert kit.json()["rows"] == [[3]], kit.text


def iso(at_s: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at_s))


@pytest.mark.timeout(240)
def test_killed_under_load_nothing_acknowledged_is_lost_or_doubled(new_platform: NewPlatform, tmp_path: Path) -> None:
    platform = new_platform()
    video = platform.wait_state(platform.upload(recipes.h264_aac(tmp_path)), "deployed")
    stop = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(keep_reporting, platform, video, number, stop) for number in range(4)]
        for _ in range(3):
            time.sleep(3)
            killed = platform.kill_role("audience")
            wait_for("a new one", lambda old=killed: platform.roles().get("audience", old) != old, 20, platform.log)
        time.sleep(3)
        stop.set()
        sent = sum(one.result() for one in running)
    platform.wait_ready()

    def plays() -> int:
        return platform.call("GET", f"{API}/stats/counts/{video['id']}").json()["play_count"]

    wait_for("all of them", lambda: plays() >= sent, 20, lambda: f"{plays()} of {sent}\n{platform.log()}")
    time.sleep(2)
    counts = platform.call("GET", f"{API}/stats/counts/{video['id']}").json()
    assert sent > 50
    unsure = counts["play_count"] - sent  # taken, but the answer was lost when the test stopped
    assert 0 <= unsure <= 4, (counts, sent)
    assert counts["impression_count"] == counts["play_count"]
    watched = platform.call("GET", f"{API}/stats/engagement/{video['id']}").json()
    assert watched["seconds_watched"] == counts["play_count"] * 2


def keep_reporting(platform: Platform, video: dict[str, Any], number: int, stop: threading.Event) -> int:
    """Page load after page load, each with one report, until told to stop; how many were acknowledged."""
    acknowledged = 0
    with httpx.Client(timeout=20) as client:
        while not stop.is_set():
            report = page_load(platform, client, video)
            body = {"ticket": report["ticket"], "client": str(number + 1), "facts": facts(report["nowMs"])}
            while True:  # as a player does: again until it is known
                answer = client.post(f"{platform.base}{report['url']}", content=json.dumps(body))
                if answer.status_code == 200:
                    assert answer.json()["accepted"] == len(body["facts"]), answer.text
                    acknowledged += 1
                    break
                assert answer.status_code in (429, 503), answer.text
                if stop.is_set():
                    break
                time.sleep(0.2)
    return acknowledged


def page_load(platform: Platform, client: httpx.Client, video: dict[str, Any]) -> dict[str, Any]:
    page = client.get(platform.embed_url(video)).text
    config = page.partition('id="framehouse-config"')[2].partition(">")[2].partition("</script>")[0]
    return json.loads(config)["report"]


def facts(now_ms: int) -> list[dict[str, Any]]:
    started = now_ms - 3000
    ends = {"finishedAtMs": now_ms - 1000, "fromMs": 0, "toMs": 2000}
    return [
        {"n": 0, "kind": "impression", "startedAtMs": started},
        {"n": 1, "kind": "play", "startedAtMs": started, "startupMs": 100},
        {"n": 2, "kind": "segment", "play": 1, "startedAtMs": started, **ends},
    ]


def test_a_forged_report_changes_nothing(new_platform: NewPlatform, tmp_path: Path) -> None:
    platform = new_platform()
    video = platform.wait_state(platform.upload(recipes.h264_aac(tmp_path)), "deployed")
    with httpx.Client(timeout=20) as client:
        report = page_load(platform, client, video)
        url = f"{platform.base}{report['url']}"
        good = {"ticket": report["ticket"], "client": "7", "facts": facts(report["nowMs"])}
        forged = [
            ({**good, "ticket": report["ticket"][:-6] + "AAAAAA"}, 403),
            ({**good, "ticket": ""}, 403),
            ({**good, "client": "x"}, 400),
            ({**good, "facts": "many"}, 400),
            ({**good, "facts": [good["facts"][0]] * 501}, 400),
        ]
        for body, status in forged:
            assert client.post(url, content=json.dumps(body)).status_code == status, body
        assert client.post(url, content=b"\xff\x00{").status_code == 400
        assert client.post(url, content=b"x" * 300_000).status_code == 413
        assert client.get(url).status_code == 405
        later = [{**fact, "startedAtMs": report["nowMs"] + 86_400_000} for fact in good["facts"]]
        earlier = [{**fact, "startedAtMs": report["nowMs"] - 86_400_000} for fact in good["facts"]]
        impossible = [{**good["facts"][2], "toMs": 60_000_000}, {**good["facts"][2], "play": None}]
        for wrong in (later, earlier, impossible):
            answer = client.post(url, content=json.dumps({**good, "facts": wrong})).json()
            assert answer["accepted"] == 0, answer
            assert len(answer["refused"]) == len(wrong)
        for _ in range(3):  # a replay of what is right is right once
            assert client.post(url, content=json.dumps(good)).json()["accepted"] == 3

    def counts() -> dict[str, int]:
        return platform.call("GET", f"{API}/stats/counts/{video['id']}").json()

    wait_for("the play", lambda: counts()["play_count"] > 0, 20, lambda: f"{counts()}")
    assert counts() == {"play_count": 1, "impression_count": 1, "unique_play_count": 1, "unique_impression_count": 1}
