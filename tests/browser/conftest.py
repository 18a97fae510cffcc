"""The real browser of the browser tests: Debian's Chromium, driven by its own chromedriver."""

import shutil
from collections.abc import Iterator
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


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """A fresh Chromium with an empty profile; its console is read with `get_log("browser")`."""
    options = Options()
    options.binary_location = _find("chromium")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'chromium'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(_find("chromedriver")))
    try:
        driver.set_script_timeout(30)
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def player_media(tmp_path_factory: pytest.TempPathFactory) -> PlayerMedia:
    return make_player_media(tmp_path_factory.mktemp("player-media"))


@pytest.fixture
def player_site(player_media: PlayerMedia) -> Iterator[PlayerSite]:
    with PlayerSite(player_media) as site:
        yield site


@pytest.fixture
def player(chromium: webdriver.Chrome, player_site: PlayerSite) -> PlayerPage:
    return PlayerPage(chromium, player_site)
