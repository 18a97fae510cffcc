"""What the viewer meets besides the film: waiting, prompts, reasons, and faults that pass or stay."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from framehouse.edge.embed_page import EmbedState
from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite

NO_MEDIA = {"hls_url": None, "dash_url": None, "captions": (), "storyboard_url": None}


def test_processing_becomes_playing(player: PlayerPage, player_site: PlayerSite) -> None:
    waiting = player_site.film(state=EmbedState.PROCESSING, progress_percent=20, **NO_MEDIA)
    player.open(waiting, ready=False)
    player.wait(lambda state: state["shown"] == "processing", "the wait")
    assert "20% prepared" in player.text(".fh-panel")
    player_site.configs["film"] = player_site.film(state=EmbedState.PROCESSING, progress_percent=70, **NO_MEDIA)
    player.wait(lambda _: "70% prepared" in player.text(".fh-panel"), "progress")
    assert player.find("progress").get_attribute("value") == "70"
    player_site.configs["film"] = player_site.film()
    player.wait(lambda state: state["shown"] == "none" and state["currentTime"] > 0.3, "playback by itself")


def test_polling_waits_as_long_as_the_server_asks(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.retry_after = "60"
    player.open(player_site.film(state=EmbedState.PROCESSING, **NO_MEDIA), ready=False)
    asked = lambda: [path for path in player_site.asked if path == "/status/film"]  # noqa: E731  read twice below
    player.wait(lambda _: asked(), "the first question")
    with pytest.raises(AssertionError, match="a second question"):
        player.wait(lambda _: len(asked()) > 1, "a second question", timeout_s=5)


def test_a_password_opens_the_film(player: PlayerPage, player_site: PlayerSite) -> None:
    locked = player_site.film(state=EmbedState.PASSWORD, **NO_MEDIA)
    player.open(locked, ready=False)
    player.wait(lambda state: state["shown"] == "password", "the prompt")
    field = player.find("input[type=password]")
    field.send_keys("wrong", Keys.ENTER)
    player.wait(lambda _: "not right" in player.text(".fh-panel-error"), "the refusal")
    field.send_keys(Keys.CONTROL, "a", Keys.NULL, player_site.password)
    player.find("button[type=submit]").click()
    player.wait(lambda state: state["loaded"] and state["shown"] == "none", "the film")
    player.play()


def test_typing_a_password_presses_no_shortcuts(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film(state=EmbedState.PASSWORD, **NO_MEDIA), ready=False)
    player.wait(lambda state: state["shown"] == "password", "the prompt")
    player.find("input[type=password]").send_keys("mk f")
    assert player.find("input[type=password]").get_attribute("value") == "mk f"
    assert player.state()["muted"] is False


@pytest.mark.parametrize("kind", [EmbedState.FAILED, EmbedState.DENIED])
def test_a_reason_is_given(player: PlayerPage, player_site: PlayerSite, kind: EmbedState) -> None:
    player.open(player_site.film(state=kind, message="The file holds no picture.", **NO_MEDIA), ready=False)
    player.wait(lambda state: state["shown"] == kind.value, "the panel")
    assert "The file holds no picture." in player.text(".fh-panel [role=alert]")


def test_a_lost_connection_comes_back(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.fault = lambda path: 0 if ".m4s" in path and not path.endswith("/1.m4s") else None
    player.open(player_site.film())
    player.play()
    state = player.wait(lambda state: state["shown"] == "error", "the problem")
    assert state["error"]["kind"] == "network"
    assert "The connection was lost" in player.text(".fh-panel")
    before = state["currentTime"]
    player_site.fault = lambda _path: None
    player.press_button(".fh-panel .fh-text-button")  # the panel is drawn anew when the player tries by itself
    player.wait(lambda state: state["shown"] == "none" and state["currentTime"] > before + 0.5, "playback going on")


def test_it_tries_again_by_itself(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.fault = lambda path: 503 if path.endswith((".mpd", ".m3u8")) else None
    player.open(player_site.film(autoplay=True), ready=False)
    player.wait(lambda state: state["shown"] == "error", "the problem")
    player_site.fault = lambda _path: None
    player.wait(lambda state: state["shown"] == "none" and state["loaded"], "the film", timeout_s=40)


def test_a_broken_quality_does_not_stop_the_film(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.fault = lambda path: 404 if "/320x180/" in path else None
    player.open(player_site.film())
    player.speed(2)
    player.play()
    state = player.wait(lambda state: state["ended"], "the end")
    assert state["height"] == 90


def test_an_expired_ticket_is_renewed(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.fault = lambda path: 403 if "/ticket-1/" in path and path.endswith(("/4.m4s", "/5.m4s")) else None
    player.open(player_site.film())
    player.play()
    player_site.ticket = "ticket-2"
    player_site.configs["film"] = player_site.film()
    player.seek(6.5)
    player.wait(lambda state: state["currentTime"] > 7 and state["shown"] == "none", "playback past the old ticket")
    assert "/status/film" in player_site.asked
    assert any(path.startswith("/media/ticket-2/") and path.endswith(".m4s") for path in player_site.asked)
    assert player.state()["paused"] is False


def test_a_ticket_that_stays_refused_is_said(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.fault = lambda path: 403 if path.startswith("/media/") else None
    player.open(player_site.film(), ready=False)
    state = player.wait(lambda state: state["shown"] == "error", "the problem")
    assert state["error"]["kind"] == "expired"
    assert player_site.asked.count("/status/film") == 1


def test_a_deleted_film_is_said(player: PlayerPage, player_site: PlayerSite) -> None:
    player_site.fault = lambda path: 404 if path.startswith("/media/") else None
    player.open(player_site.film(), ready=False)
    player.wait(lambda state: state["shown"] == "error", "the problem")
    assert "no longer here" in player.text(".fh-panel [role=alert]")


def test_data_that_cannot_be_decoded_is_said(player: PlayerPage, player_site: PlayerSite) -> None:
    """Both pictures' files are cut to nonsense: reloading once does not help."""
    real = player_site.answer

    def broken(method: str, target: str, body: bytes) -> tuple[int, str, bytes, dict[str, str]]:
        status, kind, content, headers = real(method, target, body)
        if target.endswith(".m4s") and ("/320x180/" in target or "/160x90/" in target):
            head, mdat, data = content.partition(b"mdat")
            content = head + mdat + bytes(len(data))
        return status, kind, content, headers

    player_site.answer = broken  # type: ignore[method-assign]  # a fault in the bytes, not in the status
    player.open(player_site.film(autoplay=True), ready=False)
    state = player.wait(lambda state: state["shown"] == "error", "the problem", timeout_s=40)
    assert state["error"]["kind"] == "decode"


def test_panels_can_be_read_on_the_smallest_player(player: PlayerPage, player_site: PlayerSite) -> None:
    player.resize(200, 113)
    player.open(player_site.film(state=EmbedState.PASSWORD, **NO_MEDIA), ready=False)
    player.wait(lambda state: state["shown"] == "password", "the prompt")
    box = player.driver.find_element(By.CSS_SELECTOR, "input[type=password]").rect
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 200
