"""The real browser of the browser tests: Debian's Chromium, driven by its own chromedriver."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from tests.browser.player_media import PlayerMedia, make_player_media
from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--window-size=1280,800",
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",  # a mouse
)


def _find(command: str) -> str:
    path = shutil.which(command)
    if path is None:
        pytest.fail(f"{command} is missing. Install it: apt-get install -y chromium chromium-driver", pytrace=False)
    return path


@contextmanager
def open_chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    """A fresh Chromium with an empty profile; its console is read with `get_log("browser")`."""
    options = Options()
    options.binary_location = _find("chromium")
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(_find("chromedriver")))
    try:
        driver.set_script_timeout(30)
        yield driver
    finally:
        driver.quit()


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    with open_chromium(tmp_path / "chromium") as driver:
        yield driver


@pytest.fixture(scope="session")
def player_media(tmp_path_factory: pytest.TempPathFactory) -> PlayerMedia:
    return make_player_media(tmp_path_factory.mktemp("player-media"))


@pytest.fixture
def player_site(player_media: PlayerMedia) -> Iterator[PlayerSite]:
    with PlayerSite(player_media) as site:
        yield site


@pytest.fixture(scope="session")
def player_chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with open_chromium(tmp_path_factory.mktemp("player-chromium")) as driver:
        yield driver


@pytest.fixture
def player(player_chromium: webdriver.Chrome, player_site: PlayerSite) -> Iterator[PlayerPage]:
    """In a tab of its own, for one test. What it stores is its own too, since each site has another port."""
    driver = player_chromium
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    driver.get_log("browser")  # whatever was said before
    try:
        yield PlayerPage(driver, player_site)
    finally:
        for handle in driver.window_handles:
            if handle != first:
                driver.switch_to.window(handle)
                driver.close()
        driver.switch_to.window(first)
