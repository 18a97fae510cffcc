"""Every event and command of the conversation with a page on another origin, and who may take part in it."""

from typing import Any

import pytest
from selenium.webdriver.common.by import By

from framehouse.edge.embed_page import EmbedCallToAction
from tests.browser.player_frame import open_framed, received, tell, wait_for_event
from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite

BUY = EmbedCallToAction("c1", "Buy the record", "/web/nothing", 200, None, skippable=False)
ASK = EmbedCallToAction("c2", "Ask a question", "/web/nothing", 200, None, skippable=True)


def named(player: PlayerPage, name: str) -> list[dict[str, Any]]:
    return [message["data"] for message in received(player) if message["event"] == name]


def test_all_thirteen_events_are_told(player: PlayerPage, player_site: PlayerSite) -> None:
    open_framed(player, player_site, player_site.held(calls_to_action=(BUY, ASK), muted=True))
    ready = wait_for_event(player, "ready")
    assert ready["data"] == {"id": "film", "currentTime": 0, "duration": 12}
    steps: list[tuple[str, object, str]] = [
        ("setSpeed", 1.5, "playbackSpeedChange"),
        ("play", None, "play"),
        ("setSubtitle", "de", "subtitleChange"),
        ("setVolume", 0.25, "volumeChange"),
        ("setQuality", "90p", "resolutionChange"),
        ("seek", 4.5, "chapterChange"),
    ]
    for command, value, event in steps:
        tell(player.driver, command, value)
        wait_for_event(player, event)
    wait_for_event(player, "CTADisplay")
    player.driver.switch_to.frame(0)
    player.driver.find_element(By.CSS_SELECTOR, ".fh-call-skip").click()
    player.driver.find_element(By.CSS_SELECTOR, ".fh-call-link").click()
    player.close_opened_tab()
    wait_for_event(player, "paused")
    tell(player.driver, "seek", 11.5)
    tell(player.driver, "play")
    wait_for_event(player, "ended")

    firsts = list(dict.fromkeys(message["event"] for message in received(player)))
    in_order = ["ready", "playbackSpeedChange", "play", "resolutionChange", "chapterChange", "CTASkip"]
    in_order += ["CTAInteraction", "paused", "ended"]
    assert [name for name in firsts if name in in_order] == in_order
    assert set(firsts) == {*in_order, "currentTime", "subtitleChange", "volumeChange", "CTADisplay"}
    assert player_site.starts() == [""]
    for message in received(player):
        assert message["data"]["id"] == "film"
        assert message["data"]["duration"] == pytest.approx(12, abs=0.1)
        assert 0 <= message["data"]["currentTime"] <= 12.1


def test_what_changed_is_in_the_data(player: PlayerPage, player_site: PlayerSite) -> None:
    open_framed(player, player_site, player_site.film(calls_to_action=(BUY, ASK)))
    wait_for_event(player, "ready")

    def told(command: str, value: object, event: str) -> dict[str, Any]:
        tell(player.driver, command, value)
        data = wait_for_event(player, event)["data"]
        return {name: data[name] for name in data if name not in ("id", "currentTime", "duration")}

    assert told("setSpeed", 2, "playbackSpeedChange") == {"speed": 2}
    assert told("setVolume", 0.25, "volumeChange") == {"volume": 0.25, "muted": False}
    assert told("setSubtitle", "de", "subtitleChange") == {"language": "de", "label": "Deutsch"}
    assert told("setQuality", "90", "resolutionChange") == {"resolution": "90p", "height": 90, "auto": False}
    chapter = {"chapter": "Ending", "title": "Ending", "startTime": 8, "by": "seek"}
    assert told("seek", 9, "chapterChange") == chapter
    assert told("play", None, "CTADisplay") == {"cta": {"id": "c2", "text": "Ask a question", "url": "/web/nothing"}}
    assert [data["cta"]["id"] for data in named(player, "CTADisplay")] == ["c1", "c2"]
    player.driver.execute_script("window.received.length = 0")
    assert told("mute", True, "volumeChange")["muted"] is True
    player.driver.execute_script("window.received.length = 0")
    assert told("mute", False, "volumeChange")["muted"] is False
    player.driver.execute_script("window.received.length = 0")
    assert told("setSubtitle", "", "subtitleChange") == {"language": None, "label": None}


def test_chapters_that_playback_enters_are_told(player: PlayerPage, player_site: PlayerSite) -> None:
    open_framed(player, player_site)
    wait_for_event(player, "ready")
    tell(player.driver, "setSpeed", 4)
    tell(player.driver, "seek", 3)
    tell(player.driver, "play")
    wait_for_event(player, "chapterChange", 2)
    entered = [(data["title"], data["by"]) for data in named(player, "chapterChange")]
    assert entered == [("The middle part", "playback"), ("Ending", "playback")]


def test_an_automatic_change_of_the_picture_is_told(player: PlayerPage, player_site: PlayerSite) -> None:
    """The larger picture goes missing on the way: the player goes on with the smaller one."""
    missing = tuple(f"/320x180/{number}.m4s" for number in (4, 5, 6))
    player_site.fault = lambda path: 404 if path.endswith(missing) else None
    open_framed(player, player_site)
    wait_for_event(player, "ready")
    tell(player.driver, "seek", 5)
    tell(player.driver, "play")
    change = wait_for_event(player, "resolutionChange")["data"]
    assert (change["resolution"], change["height"], change["auto"]) == ("90p", 90, True)
    assert 5.5 < change["currentTime"] < 8


def test_the_position_is_told_four_times_a_second(player: PlayerPage, player_site: PlayerSite) -> None:
    open_framed(player, player_site)
    wait_for_event(player, "ready")
    player.driver.switch_to.frame(0)
    # A browser may send as many as 66 a second (HTML, "timeupdate").
    player.driver.execute_script(
        "setInterval(() => document.querySelector('video').dispatchEvent(new Event('timeupdate')), 20)"
    )
    player.driver.switch_to.default_content()
    tell(player.driver, "play")
    tell(player.driver, "seek", 9)
    tell(player.driver, "setSpeed", 0.9)
    wait_for_event(player, "ended")
    assert named(player, "currentTime")[-2]["currentTime"] > 9  # and the seek was not lost on the way
    times = [message["at"] for message in received(player) if message["event"] == "currentTime"]
    assert len(times) / ((times[-1] - times[0]) / 1000) == pytest.approx(4, abs=0.8)
    last_position, last = [m for m in received(player) if m["event"] in ("currentTime", "ended")][-2:]
    assert last["event"] == "ended"
    assert last_position["data"]["currentTime"] == pytest.approx(12, abs=0.3)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "http://127.0.0.1:*"), ("shop.localhost", "*.localhost")],
)
def test_an_allowed_site_takes_part(player: PlayerPage, player_site: PlayerSite, host: str, allowed: str) -> None:
    open_framed(player, player_site, player_site.film(parent_hosts=("example.com", allowed)), host=host)
    wait_for_event(player, "ready")
    tell(player.driver, "play")
    wait_for_event(player, "play")


def test_another_site_hears_nothing_and_is_not_obeyed(player: PlayerPage, player_site: PlayerSite) -> None:
    hosts = ("example.com", "0.0.1", "https://127.0.0.1", "http://127.0.0.1")
    open_framed(player, player_site, player_site.film(parent_hosts=hosts))
    player.driver.switch_to.frame(0)
    player.wait(lambda state: state["loaded"], "the film")
    player.driver.switch_to.default_content()
    tell(player.driver, "play")
    tell(player.driver, "setVolume", 0.25)
    player.driver.switch_to.frame(0)
    player.press_button(".fh-settings")
    player.play()
    assert player.state()["volume"] == 1
    player.driver.switch_to.default_content()
    assert received(player) == []
