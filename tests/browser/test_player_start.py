"""Films whose media come with the first play: asked for once, at a play and not before, and again when they run out."""

from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from framehouse.edge.embed_page import EmbedState
from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite

NO_MEDIA = {"hls_url": None, "dash_url": None, "captions": (), "storyboard_url": None}


def open_held(player: PlayerPage, site: PlayerSite, **changes: object) -> None:
    player.open(site.held(**changes), ready=False)
    player.wait(lambda state: state["held"], "the film before its first play")


def test_a_film_shows_itself_before_it_is_started(player: PlayerPage, player_site: PlayerSite) -> None:
    open_held(player, player_site)
    assert player.text(".fh-title") == "The little film"
    assert player.text(".fh-time-end") == "0:12"
    assert "/poster.jpg" in player.driver.execute_script("return document.querySelector('video').poster")
    assert player.driver.execute_script("return document.querySelectorAll('.fh-seek-mark').length") == 2
    assert player.find(".fh-start").is_displayed()
    player.wait(lambda _: any("shaka" in path for path in player_site.asked), "the code that will play")
    assert not any("manifest" in path or "master" in path for path in player_site.asked)
    assert player_site.starts() == []


def test_a_double_press_starts_one_play(player: PlayerPage, player_site: PlayerSite) -> None:
    open_held(player, player_site)
    ActionChains(player.driver).double_click(player.find(".fh-start")).perform()
    player.wait(lambda state: state["currentTime"] > 0.5, "playback")
    player.press("k")
    player.press("k")
    player.seek(11)
    player.wait(lambda state: state["ended"], "the end")
    player.press_button(".fh-play")
    player.wait(lambda state: 0.1 < state["currentTime"] < 5, "it playing again")
    assert player_site.starts() == [""]


def test_a_double_press_on_the_picture_does_not_take_it_back(player: PlayerPage, player_site: PlayerSite) -> None:
    open_held(player, player_site)
    surface = player.find(".fh-surface")
    ActionChains(player.driver).move_to_element_with_offset(surface, 200, 100).double_click().perform()
    player.wait(lambda state: state["currentTime"] > 0.5, "playback")
    assert player_site.starts() == [""]


def test_keys_start_it_and_a_place_chosen_before_is_kept(player: PlayerPage, player_site: PlayerSite) -> None:
    open_held(player, player_site)
    player.press("5")
    assert player.text(".fh-time-now") == "0:06"
    player.press("k")
    player.wait(lambda state: state["currentTime"] > 6.3, "playback from there")
    assert player_site.starts() == [""]


def test_it_starts_by_itself_when_asked_to(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.configs["film"] = player_site.held(autoplay=True)
    player.driver.get(player_site.url("/embed/film"))
    player.wait(lambda state: state["currentTime"] > 0.3, "playback")
    assert player_site.starts() == [""]


def test_a_refusal_shows_its_reason(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.refusal = player_site.film(state=EmbedState.DENIED, message="All plays are used up.", **NO_MEDIA)
    open_held(player, player_site)
    player.press_button(".fh-start")
    player.wait(lambda state: state["shown"] == "denied", "the reason")
    assert "All plays are used up." in player.text(".fh-panel [role=alert]")
    assert not player.find(".fh-spinner").is_displayed()


def test_who_is_asked_to_sign_in_at_the_play_goes_on_to_it(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.refusal = player_site.film(state=EmbedState.LOGIN, message="Your time is over.", **NO_MEDIA)
    player_site.opened = player_site.held()
    open_held(player, player_site)
    player.press_button(".fh-start")
    player.wait(lambda state: state["shown"] == "login", "the prompt")
    player_site.refusal = None
    player.press("ann@example.com", Keys.TAB, player_site.password, Keys.ENTER)
    player.wait(lambda state: state["currentTime"] > 0.3 and state["shown"] == "none", "playback")
    assert player_site.starts() == ["", ""]


def test_a_start_that_got_lost_is_tried_again(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.fault = lambda path: 0 if path.startswith("/start/") else None
    open_held(player, player_site)
    player.press_button(".fh-start")
    player.wait(lambda state: state["shown"] == "error", "the problem")
    assert "The connection was lost" in player.text(".fh-panel")
    player_site.fault = lambda _path: None
    player.wait(lambda state: state["currentTime"] > 0.3 and state["shown"] == "none", "playback by itself")
    assert player_site.starts() == [""]


def test_a_ticket_that_ran_out_is_the_same_play(player: PlayerPage, player_site: PlayerSite) -> None:
    open_held(player, player_site)
    player_site.fault = lambda path: 403 if "/ticket-1/" in path and path.endswith(("/4.m4s", "/5.m4s")) else None
    player.press("k")
    player.wait(lambda state: state["currentTime"] > 0.3, "playback")
    player_site.ticket = "ticket-2"
    player.seek(6.5)
    player.wait(lambda state: state["currentTime"] > 7 and state["shown"] == "none", "playback past the old ticket")
    assert player_site.starts() == ["", "ticket-1"]
    assert "/status/film" not in player_site.asked
    assert player.state()["paused"] is False


def test_a_permission_that_ended_meanwhile_stops_the_film(player: PlayerPage, player_site: PlayerSite) -> None:
    """And who signs in again goes on where it stopped."""
    open_held(player, player_site)
    player_site.fault = lambda path: 403 if "/ticket-1/" in path and path.endswith(("/4.m4s", "/5.m4s")) else None
    player.press("k")
    player.wait(lambda state: state["currentTime"] > 0.3, "playback")
    player_site.ticket = "ticket-2"
    player_site.refusal = player_site.film(state=EmbedState.LOGIN, message="Your time is over.", **NO_MEDIA)
    player.seek(6.5)
    state = player.wait(lambda state: state["shown"] == "login", "the prompt")
    assert state["loaded"] is False
    assert state["currentTime"] >= 6.5
    player_site.refusal, player_site.opened = None, player_site.held()
    player.press("ann@example.com", Keys.TAB, player_site.password, Keys.ENTER)
    player.wait(lambda state: state["currentTime"] > 7 and state["shown"] == "none", "it going on")
    assert player_site.starts() == ["", "ticket-1", "ticket-1"]
