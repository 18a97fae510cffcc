"""Viewers of protected films in Chromium, on a real installation: from the prompt to the last second."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from framehouse.kernel import to_base64url
from tests.browser.conftest import open_chromium
from tests.e2e import media_recipes as recipes
from tests.e2e.adopted import wait_for
from tests.e2e.platform import Platform

API = "/sproutvideo/v1"


@pytest.fixture(scope="module")
def video(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Deployed; each test sets its privacy."""
    film = recipes.h264_aac(tmp_path_factory.mktemp("film"))
    return platform.wait_state(platform.upload(film, title="Harbour"), "deployed")


@pytest.fixture
def second_chromium(tmp_path: Path) -> Iterator[Chrome]:
    with open_chromium(tmp_path / "second") as driver:
        yield driver


def change(platform: Platform, video: dict[str, Any], **fields: Any) -> None:
    answer = platform.call("PUT", f"{API}/videos/{video['id']}", json=fields)
    assert answer.status_code == 200, answer.text


def create(platform: Platform, what: str, **fields: Any) -> dict[str, Any]:
    answer = platform.call("POST", f"{API}/{what}", json=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def state(browser: Chrome) -> dict[str, Any]:
    script = "return window.framehousePlayer ? JSON.parse(JSON.stringify(window.framehousePlayer.state())) : null"
    return browser.execute_script(script) or {}


def fill_in(browser: Chrome, **values: str) -> None:
    """The player's prompt, as one types it; Enter sends."""

    def shown() -> bool:
        return all(browser.find_elements(By.CSS_SELECTOR, f"input[name={name}]") for name in values)

    wait_for(f"the prompt for {list(values)}", shown, 20, lambda: browser.page_source[-2000:])
    for name, value in values.items():
        field = browser.find_element(By.CSS_SELECTOR, f"input[name={name}]")
        field.clear()
        field.send_keys(value)
    field.send_keys(Keys.ENTER)


def wait_until_startable(browser: Chrome) -> None:
    script = "return !!window.framehousePlayer && !document.querySelector('.fh-covered')"
    wait_for("the player", lambda: bool(browser.execute_script(script)), 20, lambda: f"{state(browser)}")


def press_play(browser: Chrome) -> None:
    browser.execute_script("window.framehousePlayer.player.play()")


def expect_played_to_the_end(platform: Platform, browser: Chrome, video: dict[str, Any]) -> None:
    wait_for("the end", lambda: bool(state(browser).get("ended")), 45, lambda: f"{state(browser)}{platform.log(1500)}")
    assert abs(state(browser)["currentTime"] - video["duration"]) < 1


def panel(browser: Chrome) -> str:
    return browser.execute_script("return document.querySelector('.fh-panel')?.textContent ?? ''")


def test_a_password_film_plays_from_the_prompt_to_the_last_second(
    platform: Platform, video: dict[str, Any], chromium: Chrome
) -> None:
    change(platform, video, privacy=1, password="starboard", prefers_embed_password=True)
    chromium.get(platform.embed_url(video))
    fill_in(chromium, password="larboard")
    wait_for("the refusal", lambda: "not the password" in panel(chromium), 10, lambda: panel(chromium))
    fill_in(chromium, password="starboard")
    wait_until_startable(chromium)
    press_play(chromium)
    expect_played_to_the_end(platform, chromium, video)


def test_a_login_film_plays_from_the_prompt_to_the_last_second_and_counts_once(
    platform: Platform, video: dict[str, Any], chromium: Chrome
) -> None:
    change(platform, video, privacy=3)
    login = create(platform, "logins", email="ada@example.com", password="lovelace")
    grant = create(platform, "access_grants", login_id=login["id"], video_id=video["id"], allowed_plays=2)
    chromium.get(platform.embed_url(video))
    fill_in(chromium, email="ada@example.com", password="byron")
    wait_for("the refusal", lambda: "wrong" in panel(chromium), 10, lambda: panel(chromium))
    fill_in(chromium, email="ada@example.com", password="lovelace")
    wait_until_startable(chromium)
    assert plays(platform, grant) == 0
    press_play(chromium)
    expect_played_to_the_end(platform, chromium, video)
    assert plays(platform, grant) == 1


def test_two_browsers_race_for_the_last_play(
    platform: Platform, video: dict[str, Any], chromium: Chrome, second_chromium: Chrome
) -> None:
    change(platform, video, privacy=3)
    login = create(platform, "logins", email="grace@example.com", password="hopper")
    grant = create(platform, "access_grants", login_id=login["id"], video_id=video["id"], allowed_plays=1)
    browsers = [chromium, second_chromium]
    for browser in browsers:
        browser.get(platform.embed_url(video))
        fill_in(browser, email="grace@example.com", password="hopper")
        wait_until_startable(browser)
    with ThreadPoolExecutor(2) as both:
        list(both.map(press_play, browsers))

    def settled() -> bool:
        return sum(bool(state(browser).get("ended")) for browser in browsers) == 1 and any(
            "used all" in panel(browser) for browser in browsers
        )

    wait_for("one film and one refusal", settled, 45, lambda: str([(state(b), panel(b)) for b in browsers]))
    assert plays(platform, grant) == 1


def test_the_pages_own_sign_in_opens_the_player_in_it(
    platform: Platform, video: dict[str, Any], chromium: Chrome
) -> None:
    change(platform, video, privacy=3)
    login = create(platform, "logins", email="mary@example.com", password="somerville")
    create(platform, "access_grants", login_id=login["id"], video_id=video["id"], download_permissions=["sd"])
    answer = httpx.get(platform.embed_url(video).partition("?")[0] + "/download/sd")
    assert answer.status_code == 403
    chromium.get(watch_url(platform, video))
    fill_in(chromium, email="mary@example.com", password="somerville")
    wait_for("the player's frame", lambda: bool(chromium.find_elements(By.TAG_NAME, "iframe")), 10, lambda: "")
    chromium.switch_to.frame(chromium.find_element(By.TAG_NAME, "iframe"))
    wait_until_startable(chromium)
    press_play(chromium)
    expect_played_to_the_end(platform, chromium, video)
    offered = chromium.execute_async_script(
        "const done = arguments[0]; fetch(JSON.parse(document.getElementById('framehouse-config').textContent)"
        ".statusUrl).then((answer) => answer.json()).then((config) => done(config.downloads))"
    )
    assert [download["quality"] for download in offered] == ["sd"]
    file = httpx.get(httpx.URL(platform.base).join(offered[0]["url"]))
    assert (file.status_code, file.headers["content-type"]) == (200, "video/mp4")
    assert file.content[4:8] == b"ftyp"


def plays(platform: Platform, grant: dict[str, Any]) -> int:
    return platform.call("GET", f"{API}/access_grants/{grant['id']}").json()["play_count"]


def watch_url(platform: Platform, video: dict[str, Any]) -> str:
    return f"{platform.base}/watch/{to_base64url(int(video['id'], 16))}"
