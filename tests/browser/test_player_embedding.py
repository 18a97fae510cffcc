"""The player in somebody else's page: on another origin, under the strict policy, talking by postMessage."""

from itertools import groupby

import pytest

from framehouse.edge.embed_page import EmbedState
from tests.browser.player_frame import open_framed, received, tell, wait_for_event
from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite


def test_the_parent_hears_events_in_order(player: PlayerPage, player_site: PlayerSite) -> None:
    open_framed(player, player_site)
    ready = wait_for_event(player, "ready")
    assert ready["origin"] == player_site.url("", host="localhost")
    assert ready["data"]["id"] == "film"
    tell(player.driver, "setSpeed", 2)
    tell(player.driver, "play")
    assert wait_for_event(player, "ended")["data"]["currentTime"] == pytest.approx(12, abs=0.3)
    names = [name for name, _ in groupby(message["event"] for message in received(player))]
    assert [name for name in names if name not in ("currentTime", "chapterChange")] == [
        "ready",
        "playbackSpeedChange",
        "play",
        "ended",
    ]
    times = [m["data"]["currentTime"] for m in received(player) if m["event"] == "currentTime"]
    assert times == sorted(times)
    assert len(times) > 10


def test_the_parent_commands_the_player(player: PlayerPage, player_site: PlayerSite) -> None:
    open_framed(player, player_site)
    wait_for_event(player, "ready")
    tell(player.driver, "play")
    wait_for_event(player, "play")
    tell(player.driver, "seek", 9)
    assert wait_for_event(player, "chapterChange")["data"]["title"] == "Ending"
    tell(player.driver, "setVolume", 0.25)
    assert wait_for_event(player, "volumeChange")["data"]["volume"] == 0.25
    tell(player.driver, "setSpeed", 1.5)
    assert wait_for_event(player, "playbackSpeedChange")["data"]["speed"] == 1.5
    tell(player.driver, "pause")
    assert wait_for_event(player, "paused")["data"]["currentTime"] >= 9
    player.driver.execute_script("window.received.length = 0")
    tell(player.driver, "mute")
    assert wait_for_event(player, "volumeChange")["data"]["muted"] is True


def test_choices_of_the_viewer_reach_the_parent(player: PlayerPage, player_site: PlayerSite) -> None:
    open_framed(player, player_site)
    wait_for_event(player, "ready")
    player.driver.switch_to.frame(0)
    player.choose("Captions", "English")
    player.choose("Quality", "90p")
    player.driver.switch_to.default_content()
    assert wait_for_event(player, "subtitleChange")["data"]["language"] == "en"
    assert wait_for_event(player, "resolutionChange")["data"]["resolution"] == "90p"


def test_garbage_from_the_parent_does_no_harm(player: PlayerPage, player_site: PlayerSite) -> None:
    open_framed(player, player_site)
    wait_for_event(player, "ready")
    garbage = [None, 7, "no json", "{}", {"command": 5}, {"command": "seek", "value": "x"}, {"command": "setVolume"}]
    for message in garbage:
        player.driver.execute_script("window.tell(arguments[0])", message)
    tell(player.driver, "play")
    wait_for_event(player, "play")
    assert not [line for line in player.log() if line.startswith("SEVERE")]


@pytest.mark.parametrize("tech", ["hls", "dash"])
def test_nothing_breaks_the_strict_policy(player: PlayerPage, player_site: PlayerSite, tech: str) -> None:
    player.open(player_site.film(theme_color="#ff6600", autoplay=True), f"tech={tech}")
    player.choose("Captions", "English")
    player.wait(lambda state: state["currentTime"] > 1, "playback")
    accent = "return getComputedStyle(document.querySelector('.fh-start')).backgroundColor"
    assert player.driver.execute_script(accent) == "rgb(255, 102, 0)"
    assert player.violations() == []
    assert not [line for line in player.log() if line.startswith("SEVERE")]


def test_the_policy_is_in_force(player: PlayerPage, player_site: PlayerSite) -> None:
    """The check above can fail: an inline script is refused and noticed."""
    player.open(player_site.film())
    player.driver.execute_script(
        "const s = document.createElement('script'); s.textContent = 'window.evil = 1'; document.body.append(s)"
    )
    player.wait(lambda _: player.violations(), "a violation")
    assert player.driver.execute_script("return window.evil") is None


def test_a_stranger_may_not_frame_it(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.configs["film"] = player_site.film(frame_ancestors=("example.com",))
    embed = player_site.url("/embed/film", host="localhost")
    player.driver.get(player_site.url(f"/frame?src={embed}"))
    assert any("frame-ancestors" in line for line in player.log())


def test_a_title_cannot_become_markup(player: PlayerPage, player_site: PlayerSite) -> None:
    title = '</script><script>window.evil=1</script><img src=x onerror="window.evil=2">'
    player.open(player_site.film(title=title, state=EmbedState.FAILED, message=title), ready=False)
    player.wait(lambda state: state["shown"] == "failed", "the panel")
    assert player.driver.execute_script("return window.evil") is None
    assert player.text(".fh-panel-body") == title
    assert player.driver.title == title
