"""The player plays: both techniques to the end, seeking, tracks, speed, keys, memory, protection."""

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser.player_media import DURATION_S
from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite


@pytest.mark.parametrize("tech", ["hls", "dash"])
def test_it_plays_to_the_end(player: PlayerPage, player_site: PlayerSite, tech: str) -> None:
    player.open(player_site.film(), f"tech={tech}")
    state = player.state()
    assert state["tech"] == tech
    assert state["duration"] == pytest.approx(DURATION_S, abs=0.1)
    player.speed(2)
    player.play()
    state = player.wait(lambda state: state["ended"], "the end")
    assert state["error"] is None
    assert len(state["buffered"]) == 1
    assert state["currentTime"] == pytest.approx(DURATION_S, abs=0.2)
    assert player.find(".fh-play").get_attribute("aria-label") == "Play again"


def test_only_the_engine_in_use_is_fetched(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    scripts = [path for path in player_site.asked if "shaka" in path]
    assert scripts == [player_site.assets.shaka_dash_url]


def test_what_only_hls_offers_plays_by_hls(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film(dash_url=None))
    assert player.state()["tech"] == "hls"


def test_the_browsers_own_hls_plays_with_captions(player: PlayerPage, player_site: PlayerSite) -> None:
    """The way of phones without Media Source Extensions; Chromium can do it too."""
    player.open(player_site.film(), "tech=native")
    player.speed(2)
    player.play()
    player.press("c")
    assert [track["active"] for track in player.state()["captions"]] == [True, False]
    player.seek(9)
    state = player.wait(lambda state: state["ended"], "the end")
    assert state["tech"] == "native"
    assert state["error"] is None


def test_a_broken_manifest_is_tried_in_the_other_format(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film(dash_url=f"/media/{player_site.ticket}/poster.jpg"))
    assert player.state()["tech"] == "hls"


def test_seeking_lands_where_asked(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    player.play()
    player.seek(9)
    state = player.wait(lambda state: not state["seeking"] and state["currentTime"] >= 9, "the new position")
    assert 9 <= state["currentTime"] < 11
    player.wait(lambda state: state["currentTime"] > 9.4, "playback at the new position")
    player.seek(-5)
    player.wait(lambda state: state["currentTime"] < 3, "the start")


def test_a_quality_is_chosen_and_given_back(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    assert [quality["height"] for quality in player.state()["qualities"]] == [90, 180]
    player.play()
    player.choose("Quality", "90p")
    state = player.wait(lambda state: state["activeQuality"]["height"] == 90, "the small picture")
    assert state["chosenQuality"] == "160x90"
    player.wait(lambda state: state["height"] == 90 or state["ended"], "the small picture on the screen")
    assert player.state()["height"] == 90
    player.choose("Quality", "Auto")
    assert player.state()["chosenQuality"] is None


SEEK, CHOOSE = "framehousePlayer.player.seek(11)", "framehousePlayer.player.chooseQuality('160x90')"


@pytest.mark.parametrize("steps", [(SEEK, CHOOSE), (CHOOSE, SEEK), (CHOOSE, "1", SEEK)])
def test_a_quality_chosen_around_a_seek_does_not_stop_the_film(
    player: PlayerPage, player_site: PlayerSite, steps: tuple[str, ...]
) -> None:
    """Neither may leave the player waiting for a picture that nobody fetches (see engine_shaka.ts)."""
    player.open(player_site.film())
    player.play()
    for step in steps:
        player.driver.execute_script(step)
    player.wait(lambda state: state["ended"], "the end", timeout_s=8)


def test_captions_are_shown_and_remembered(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    assert [track["label"] for track in player.state()["captions"]] == ["English", "Deutsch"]
    player.play()
    player.choose("Captions", "Deutsch")
    player.wait(lambda _: "Guten Morgen" in player.text(".fh-text"), "the German words")
    assert player.find(".fh-captions").get_attribute("aria-pressed") == "true"
    words = player.find(".fh-text span").rect
    assert words["y"] > player.find("#framehouse").rect["height"] / 2
    assert words["y"] + words["height"] <= player.find(".fh-controls").rect["y"] + 1
    player.open(player_site.film(), "again")
    player.wait(lambda _: "Guten Morgen" in player.text(".fh-text"), "the German words again")
    player.press("c")
    player.wait(lambda _: "Guten Morgen" not in player.text(".fh-text"), "no words")


def test_an_audio_language_is_chosen(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    assert [(track["language"], track["active"]) for track in player.state()["audioTracks"]] == [
        ("en", True),
        ("de", False),
    ]
    player.play()
    player.choose("Audio", "Deutsch")
    player.wait(lambda state: state["audioTracks"][1]["active"], "the German sound")
    player.wait(lambda _: any("/de/2.m4s" in path for path in player_site.asked), "its segments")


def test_keys_do_what_they_say(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    player.press("k")
    player.wait(lambda state: not state["paused"], "playback by key")
    player.press(" ")
    player.wait(lambda state: state["paused"], "a pause by key")
    player.press("5")
    player.wait(lambda state: state["currentTime"] == pytest.approx(6, abs=0.1), "the middle")
    player.press(Keys.ARROW_RIGHT)
    player.wait(lambda state: state["currentTime"] == pytest.approx(11, abs=0.1), "five seconds on")
    player.press("j")
    player.wait(lambda state: state["currentTime"] == pytest.approx(1, abs=0.1), "ten seconds back")
    player.press("l")
    player.wait(lambda state: state["currentTime"] == pytest.approx(11, abs=0.1), "ten seconds on")
    player.press("m")
    assert player.state()["muted"] is True
    player.press(Keys.ARROW_DOWN)
    assert player.state()["volume"] == pytest.approx(0.9)
    player.press(">", ">")
    assert player.state()["speed"] == 1.5
    player.press("<")
    assert player.state()["speed"] == 1.25
    player.press("f")
    player.wait(lambda _: player.driver.execute_script("return document.fullscreenElement !== null"), "full screen")


def test_a_menu_is_walked_by_keyboard(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    player.driver.execute_script("document.querySelector('.fh-settings').focus()")
    player.press(Keys.ENTER)
    focused = "return document.activeElement.textContent"
    assert "Quality" in player.driver.execute_script(focused)
    player.press(Keys.ARROW_DOWN)
    assert "Speed" in player.driver.execute_script(focused)
    player.press(Keys.ARROW_RIGHT)
    assert player.driver.execute_script("return document.activeElement.ariaChecked") == "true"
    player.press(Keys.ARROW_DOWN, Keys.ENTER)
    assert player.state()["speed"] == 1.25
    assert player.driver.execute_script("return document.activeElement.ariaLabel") == "Settings"
    player.press(Keys.ENTER, Keys.ESCAPE)
    assert player.find(".fh-menu").get_attribute("hidden") is not None


def test_chapters_are_listed_and_reached(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    assert player.driver.execute_script("return document.querySelectorAll('.fh-seek-mark').length") == 2
    player.choose("Chapters", "Ending")
    player.wait(lambda state: state["currentTime"] == pytest.approx(8, abs=0.1), "the last chapter")
    player.wait(lambda _: player.text(".fh-chapter-name") == "Ending", "its name in the bar")


def test_it_goes_on_where_one_left(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    player.play()
    player.seek(6)
    player.wait(lambda state: state["currentTime"] >= 6.1, "the position")
    player.press("k")
    player.open(player_site.film(), "again")
    assert player.state()["currentTime"] == pytest.approx(6.3, abs=0.5)
    player.open(player_site.film(start_ms=2000), "asked-for")
    assert player.state()["currentTime"] == pytest.approx(2, abs=0.1)


def test_it_plays_where_storage_is_blocked(player: PlayerPage, player_site: PlayerSite) -> None:
    blocked = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError'); }})"
    player.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": blocked})
    player.open(player_site.film(autoplay=True))
    player.wait(lambda state: state["currentTime"] > 0.5, "playback")
    player.press("k")
    assert player.state()["error"] is None


@pytest.mark.parametrize("tech", ["hls", "dash"])
def test_protected_video_plays_with_its_clear_key(player: PlayerPage, player_site: PlayerSite, tech: str) -> None:
    media = f"/media/{player_site.ticket}/protected"
    film = player_site.film(
        hls_url=f"{media}/master.m3u8", dash_url=f"{media}/manifest.mpd", clear_key_url="/license/film"
    )
    player.open(film, f"tech={tech}")
    player.play()
    player.wait(lambda state: state["currentTime"] > 3, "playback past the first segment")
    assert "/license/film" in player_site.asked


def test_hovering_the_seek_bar_shows_a_picture(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    bar = player.find(".fh-seek")
    ActionChains(player.driver).move_to_element(bar).perform()
    player.wait(lambda _: any(path.endswith("storyboard.vtt") for path in player_site.asked), "the storyboard")
    ActionChains(player.driver).move_to_element_with_offset(bar, 5, 0).perform()
    player.wait(lambda _: any(path.endswith("sprite.jpg") for path in player_site.asked), "the picture")
    assert player.text(".fh-preview-text") == "0:06 · The middle part"
