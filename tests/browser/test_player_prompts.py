"""What is asked before the film: a login, an address; and what comes after, from the prompt to the picture."""

import time

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from framehouse.edge.embed_page import EmbedContact, EmbedState
from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite

NO_MEDIA = {"hls_url": None, "dash_url": None, "captions": (), "storyboard_url": None}
FOCUSED = "return document.activeElement.name || document.activeElement.ariaLabel"
ERROR = ".fh-panel-error[role=alert]"


def open_prompt(player: PlayerPage, site: PlayerSite, state: EmbedState, **changes: object) -> None:
    player.open(site.film(state=state, **NO_MEDIA, **changes), ready=False)
    player.wait(lambda said: said["shown"] == state.value, "the prompt")


def enter(player: PlayerPage, name: str, text: str) -> None:
    field = player.find(f"input[name={name}]")
    field.clear()
    field.send_keys(text)


def test_a_login_opens_the_film(player: PlayerPage, player_site: PlayerSite) -> None:
    """By keyboard alone: the first field has the focus, Enter sends, the film's play button has it after."""
    player_site.opened = player_site.held()
    open_prompt(player, player_site, EmbedState.LOGIN, message="Only for the course.")
    assert player.text(".fh-panel-body") == "Only for the course."
    assert player.driver.execute_script(FOCUSED) == "email"
    player.press("ann@example.com", Keys.TAB, "wrong", Keys.ENTER)
    player.wait(
        lambda _: "do not belong together" in player.text(ERROR) or player.text(ERROR) == "Only for the course.", "no"
    )
    assert player.driver.execute_script(FOCUSED) == "password"
    player.press(player_site.password, Keys.ENTER)  # what was wrong is selected, and so replaced
    player.wait(lambda said: said["held"] and said["shown"] == "none", "the film")
    assert player.driver.execute_script(FOCUSED) == "Play"
    player.press(Keys.ENTER)
    player.wait(lambda said: said["currentTime"] > 0.3, "playback")
    assert player_site.forms == [
        ("/login/film", {"email": "ann@example.com", "password": "wrong"}),
        ("/login/film", {"email": "ann@example.com", "password": player_site.password}),
        ("/start/film", {"previous": ""}),
    ]


def test_password_managers_know_the_fields(player: PlayerPage, player_site: PlayerSite) -> None:
    open_prompt(player, player_site, EmbedState.LOGIN)
    fields = player.driver.find_elements(By.CSS_SELECTOR, ".fh-panel input")
    assert [(each.get_attribute("type"), each.get_attribute("autocomplete")) for each in fields] == [
        ("email", "username"),
        ("password", "current-password"),
    ]
    assert [each.accessible_name for each in fields] == ["E-mail", "Password"]
    assert all(each.get_attribute("aria-describedby") == player.find(ERROR).get_attribute("id") for each in fields)


def test_too_many_attempts_have_to_wait(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.retry_after = "2"
    open_prompt(player, player_site, EmbedState.LOGIN)
    enter(player, "email", "ann@example.com")
    enter(player, "password", "wrong")
    player.press(Keys.ENTER)
    button = player.find(".fh-panel button[type=submit]")
    player.wait(lambda _: button.text in ("Wait 0:02", "Wait 0:01"), "the lock")
    assert "Too many attempts" in player.text(ERROR)
    player.press(Keys.ENTER)
    assert len(player_site.forms) == 1
    player.wait(lambda _: button.text == "Sign in" and button.is_enabled(), "the end of the lock")
    assert player.text(ERROR) == ""
    enter(player, "password", player_site.password)
    button.click()
    player.wait(lambda said: said["loaded"], "the film")


def test_whoever_leaves_an_address_may_watch(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.opened = player_site.held()
    open_prompt(player, player_site, EmbedState.CONTACT)
    send = player.find(".fh-panel button[type=submit]")
    send.click()
    assert player.text(ERROR) == "Enter your name first."
    assert player.find("input[name=name]").get_attribute("aria-invalid") == "true"
    enter(player, "name", " Ann ")
    enter(player, "email", "no address")
    send.click()
    assert player.text(ERROR) == "That is not an e-mail address."
    assert player.driver.execute_script(FOCUSED) == "email"
    assert player_site.forms == []
    enter(player, "email", "ann@example.com")
    player.press(Keys.TAB, Keys.SPACE, Keys.TAB, Keys.ENTER)
    player.wait(lambda said: said["held"] and said["shown"] == "none", "the film")
    assert player_site.forms == [
        ("/contact/film", {"name": "Ann", "email": "ann@example.com", "consent": "true"}),
    ]


def test_only_what_the_owner_wants_is_asked(player: PlayerPage, player_site: PlayerSite) -> None:
    gate = EmbedContact("/contact/film", asks_name=True, asks_email=False)
    open_prompt(player, player_site, EmbedState.CONTACT, contact=gate, message="We take names that are in our list.")
    assert [each.get_attribute("name") for each in player.driver.find_elements(By.CSS_SELECTOR, "input")] == [
        "name",
        "consent",
    ]
    player.press("Ann", Keys.ENTER)
    player.wait(lambda _: "in our list" in player.text(ERROR), "the server's refusal")
    assert player_site.forms == [("/contact/film", {"name": "Ann", "consent": "false"})]


@pytest.mark.parametrize(
    ("state", "path"), [(EmbedState.LOGIN, "/login/film"), (EmbedState.PASSWORD, "/password/film")]
)
def test_a_server_that_is_away_is_said(
    player: PlayerPage, player_site: PlayerSite, state: EmbedState, path: str
) -> None:
    player_site.fault = lambda asked: 0 if asked == path else None
    open_prompt(player, player_site, state)
    if state is EmbedState.LOGIN:
        enter(player, "email", "ann@example.com")
    enter(player, "password", player_site.password)
    player.press(Keys.ENTER)
    player.wait(lambda _: "Try again in a moment" in player.text(ERROR), "the reason")
    assert player.find(".fh-panel button[type=submit]").is_enabled()


def test_prompts_can_be_used_on_a_small_player(player: PlayerPage, player_site: PlayerSite) -> None:
    player.resize(300, 170)
    open_prompt(player, player_site, EmbedState.LOGIN)
    button = player.find(".fh-panel button[type=submit]")
    player.driver.execute_script("arguments[0].scrollIntoView()", button)
    box = button.rect
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 300
    bottom = "return arguments[0].getBoundingClientRect().bottom"
    assert player.driver.execute_script(bottom, button) <= 170
    assert player.driver.execute_script("return document.querySelector('.fh-panel').scrollWidth") <= 300


def test_a_prompt_takes_nobody_out_of_the_page_around(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.configs["film"] = player_site.film(state=EmbedState.LOGIN, **NO_MEDIA)
    player.driver.get(player_site.url(f"/frame?src={player_site.url('/embed/film', host='localhost')}"))
    time.sleep(1)
    assert player.driver.execute_script("return document.activeElement.tagName") == "BODY"
