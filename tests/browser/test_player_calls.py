"""Calls to action: on time, by mouse and keyboard, in full screen. And files, link and code where they are offered."""

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from framehouse.edge.embed_page import EmbedCallToAction, EmbedDownload, EmbedSharing
from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite

BUY = EmbedCallToAction("c1", "Buy the record", "/web/nothing?buy", 2000, 5000, skippable=True)
ASK = EmbedCallToAction("c2", "Ask a question", "/web/nothing?ask", 4000, None, skippable=False)


def shown(player: PlayerPage) -> list[str]:
    script = "return [...document.querySelectorAll('.fh-call-link')].map((link) => link.textContent)"
    return player.driver.execute_script(script)


def seek(player: PlayerPage, seconds: float) -> None:
    player.seek(seconds)
    player.wait(lambda state: not state["seeking"], "the new position")


def test_they_come_and_go_with_the_playhead(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film(calls_to_action=(BUY, ASK)))
    seek(player, 3)
    assert shown(player) == []  # nothing plays yet
    seek(player, 1.6)
    player.play()
    player.wait(lambda _: shown(player) == ["Buy the record"], "the first, as playback passes its start")
    assert player.state()["currentTime"] >= 2
    seek(player, 0)
    assert shown(player) == []
    seek(player, 4.5)
    assert shown(player) == ["Buy the record", "Ask a question"]
    player.wait(lambda _: shown(player) == ["Ask a question"], "the end of the first")
    seek(player, 3)
    assert shown(player) == []
    player.seek(11.8)
    player.wait(lambda state: state["ended"], "the end")
    assert shown(player) == ["Ask a question"]


def test_it_opens_in_a_tab_of_its_own(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film(calls_to_action=(BUY,), start_ms=2500))
    player.play()
    link = player.find(".fh-call-link")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    link.click()
    player.wait(lambda state: state["paused"], "the film to wait")
    assert player.close_opened_tab().endswith("/web/nothing?buy")
    assert shown(player) == ["Buy the record"]


def test_it_is_skipped_by_keyboard(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film(calls_to_action=(BUY, ASK), start_ms=4200))
    player.press("k")
    player.wait(lambda _: len(shown(player)) == 2, "both")
    assert player.find(".fh-calls").get_attribute("aria-live") == "polite"
    player.press("k")
    focused = "return document.activeElement.ariaLabel || document.activeElement.textContent"
    passed: list[str] = []
    while (now := player.driver.execute_script(focused)) != "Hide: Buy the record":
        assert len(passed) < 10, passed
        passed.append(now)
        player.press(Keys.TAB)
    assert "Buy the record" in passed
    player.press(Keys.ENTER)
    assert shown(player) == ["Ask a question"]
    assert player.driver.execute_script(focused) == "Play"
    seek(player, 3)
    assert shown(player) == []
    assert player.driver.find_elements(By.CSS_SELECTOR, ".fh-call-skip") == []


def test_it_stays_in_full_screen_and_leaves_the_controls_free(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film(calls_to_action=(BUY, ASK), start_ms=4200))
    player.press("k")
    player.wait(lambda _: len(shown(player)) == 2, "both")
    player.press("k", "f")
    player.wait(lambda _: player.driver.execute_script("return document.fullscreenElement !== null"), "full screen")
    assert player.find(".fh-calls").is_displayed()
    controls, title, calls = (player.find(css).rect for css in (".fh-controls", ".fh-title", ".fh-calls"))
    assert calls["y"] + calls["height"] <= controls["y"]
    assert calls["y"] >= title["y"] + title["height"] - 14  # below its words: this is their padding


@pytest.mark.parametrize(("width", "height"), [(200, 113), (320, 180)])
def test_it_fits_a_small_player(player: PlayerPage, player_site: PlayerSite, width: int, height: int) -> None:
    player.resize(width, height)
    long = EmbedCallToAction("c3", "Read everything about it on our pages today", "/web/x", 0, None, skippable=True)
    player.open(player_site.film(calls_to_action=(long,)))
    player.play()
    box, controls = player.find(".fh-calls").rect, player.find(".fh-controls").rect
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= controls["y"] + 1


def test_a_script_is_no_address(player: PlayerPage, player_site: PlayerSite) -> None:
    evil = EmbedCallToAction("c4", "Harmless", "javascript:window.evil=1", 0, None, skippable=False)
    player.open(player_site.film(calls_to_action=(evil,)))
    player.play()
    assert shown(player) == []


def test_files_are_offered_and_fetched(player: PlayerPage, player_site: PlayerSite) -> None:
    files = (
        EmbedDownload("sd", "SD", "/media/ticket-1/160x90.mp4?pass=p"),
        EmbedDownload("original", "Original", "/media/ticket-1/320x180.mp4?pass=p"),
    )
    player.open(player_site.held(downloads=files), ready=False)
    player.wait(lambda state: state["held"], "the film")
    player.find(".fh-download").click()
    items = player.driver.find_elements(By.CSS_SELECTOR, ".fh-menu a[role=menuitem]")
    assert [each.text for each in items] == ["SD", "Original"]
    assert items[0].get_dom_attribute("download") is not None
    items[0].click()
    player.wait(lambda _: "/media/ticket-1/160x90.mp4?pass=p" in player_site.asked, "the file")
    assert player.find(".fh-menu").get_attribute("hidden") is not None
    assert player.driver.current_url.endswith("/embed/film?")


def test_link_and_code_are_copied(player: PlayerPage, player_site: PlayerSite) -> None:
    code = "<iframe src='https://videos.example.com/embed/1/2'></iframe>"
    player.open(player_site.film(sharing=EmbedSharing("/watch/film", code)))
    pasted = "return window.copied"
    player.driver.execute_script(
        "document.addEventListener('copy', () => { window.copied = document.activeElement.value; })"
    )
    player.find(".fh-share").click()
    player.press(Keys.ENTER)
    player.wait(lambda _: player.text(".fh-menu-item .fh-menu-detail") == "Copied", "the link copied")
    assert player.driver.execute_script(pasted) == player_site.url("/watch/film")
    assert player.driver.execute_script("return document.activeElement.textContent") == "Copy linkCopied"
    player.press(Keys.ARROW_DOWN, Keys.ENTER)
    player.wait(lambda _: player.driver.execute_script(pasted) == code, "the code copied")
    player.press(Keys.ESCAPE)
    assert player.driver.execute_script("return document.activeElement.ariaLabel") == "Share"


def test_what_is_not_offered_is_not_there(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film(sharing=EmbedSharing("https://videos.example.com/watch/1", None)))
    assert not player.find(".fh-download").is_displayed()
    player.find(".fh-share").click()
    labels = [each.text for each in player.driver.find_elements(By.CSS_SELECTOR, ".fh-menu-label")]
    assert labels == ["Copy link"]


def test_a_narrow_player_has_offers_in_its_settings(player: PlayerPage, player_site: PlayerSite) -> None:
    player.resize(400, 225)
    files = (EmbedDownload("hd", "HD", "/media/ticket-1/320x180.mp4"),)
    player.open(player_site.film(downloads=files, sharing=EmbedSharing("/watch/film", None)))
    assert not player.find(".fh-share").is_displayed()
    player.choose("Download")
    ActionChains(player.driver).send_keys(Keys.ESCAPE).perform()
    assert "Share" in player.text(".fh-menu")
