"""The player as a test sees it: opens a page, waits for what the debugging handle says, presses keys and buttons."""

import time
from collections.abc import Callable
from typing import Any

from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from framehouse.edge.embed_page import EmbedConfig
from tests.browser.player_site import PlayerSite

# Runs before the page's own scripts, so that no violation goes unseen.
WATCH_POLICY = """
window.policyViolations = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.policyViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


class PlayerPage:
    """One browser tab with the player in it."""

    def __init__(self, driver: Chrome, site: PlayerSite) -> None:
        self.driver = driver
        self.site = site
        self._tab, self._tabs = driver.current_window_handle, driver.window_handles
        driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})  # as if somebody sat there
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH_POLICY})

    def open(self, config: EmbedConfig, query: str = "", *, name: str = "film", ready: bool = True) -> None:
        self.site.configs[name] = config
        self.driver.get(self.site.url(f"/embed/{name}?{query}"))
        if ready:
            self.wait(lambda state: state["loaded"], "the film to be loaded")

    def resize(self, width: int, height: int) -> None:
        """The page's own size in CSS pixels, which a headless window keeps for itself otherwise."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def close_opened_tab(self) -> str:
        """The tab that the page opened, which may take a moment; a page behind another does not play on. Its URL."""
        deadline = time.monotonic() + 10
        while not (opened := set(self.driver.window_handles) - set(self._tabs)):
            assert time.monotonic() < deadline, "no tab was opened"
            time.sleep(0.05)
        self.driver.switch_to.window(opened.pop())
        url, opener = self.driver.current_url, self.driver.execute_script("return window.opener")
        assert opener is None, "the opened page holds ours"
        self.driver.close()
        self.driver.switch_to.window(self._tab)
        return url

    def state(self) -> dict[str, Any]:
        script = "return window.framehousePlayer ? JSON.parse(JSON.stringify(window.framehousePlayer.state())) : null"
        return self.driver.execute_script(script) or {}

    def wait(self, ready: Callable[[dict[str, Any]], Any], what: str, timeout_s: float = 25) -> dict[str, Any]:
        """Asks again until `ready` answers something true; the failure shows the last state."""
        deadline = time.monotonic() + timeout_s
        while True:
            state = self.state()
            if state and ready(state):
                return state
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {timeout_s} s for {what}; the player says {state}; log {self.log()}")
            time.sleep(0.1)

    def play(self) -> None:
        self.driver.execute_script("window.framehousePlayer.player.play()")
        self.wait(lambda state: not state["paused"] and state["currentTime"] > 0.1, "playback")

    def seek(self, seconds: float) -> None:
        self.driver.execute_script("window.framehousePlayer.player.seek(arguments[0])", seconds)

    def speed(self, speed: float) -> None:
        self.driver.execute_script("window.framehousePlayer.player.setSpeed(arguments[0])", speed)

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def find(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def text(self, css: str) -> str:
        return self.driver.execute_script("return document.querySelector(arguments[0])?.textContent ?? ''", css)

    def choose(self, *labels: str) -> None:
        """Goes through the settings menu by the items' labels."""
        self.press_button(".fh-settings")
        for label in labels:
            script = """
              const item = [...document.querySelectorAll(".fh-menu [role^=menuitem]")]
                .find((item) => item.querySelector(".fh-menu-label")?.textContent === arguments[0]);
              if (!item) throw new Error(document.querySelector(".fh-menu").textContent);
              item.click();
            """
            self.driver.execute_script(script, label)

    def press_button(self, css: str) -> None:
        """A click as from assistive technology: it does not need the controls to be awake."""
        self.driver.execute_script("document.querySelector(arguments[0]).click()", css)

    def log(self) -> list[str]:
        return [f"{entry['level']} {entry['message']}" for entry in self.driver.get_log("browser")]

    def violations(self) -> list[str]:
        return self.driver.execute_script("return window.policyViolations")
