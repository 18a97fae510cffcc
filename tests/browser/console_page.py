"""The console as a test sees it: one tab of a real browser on a real platform."""

import re
from pathlib import Path

from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.player_page import WATCH_POLICY
from tests.e2e.platform import Platform, wait_for

WAIT_S = 20
EMAIL = "demo@framehouse.local"
RATES = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


def first_password(platform: Platform) -> str:
    """As it was printed at the first start."""
    found = re.search(r"password\s+(\S+)", (platform.folder / "serve.log").read_text())
    assert found
    return found[1]


class ConsolePage:
    def __init__(self, driver: Chrome, platform: Platform) -> None:
        self.driver = driver
        self.platform = platform
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH_POLICY})
        driver.execute_cdp_cmd("Network.enable", {})

    def open(self, path: str = "/") -> None:
        self.driver.get(f"{self.platform.base}/console{path}")

    def sign_in(self, path: str = "/") -> None:
        self.open(path)
        self.fill("input[type=email]", EMAIL)
        self.fill("input[type=password]", first_password(self.platform))
        self.press("button[type=submit]")
        self.find("header.head")

    def find(self, css: str, timeout_s: float = WAIT_S) -> WebElement:
        """Once it is there and seen."""

        def look() -> WebElement | None:
            return next((each for each in self.driver.find_elements(By.CSS_SELECTOR, css) if each.is_displayed()), None)

        found = wait_for(f"{css} to be seen", look, timeout_s, self.told)
        assert found
        return found

    def wait_text(self, css: str, text: str, timeout_s: float = WAIT_S) -> None:
        wait_for(f"{text!r} in {css}", lambda: text in self.text(css), timeout_s, self.told)

    def text(self, css: str) -> str:
        script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText).join('\\n')"
        return self.driver.execute_script(script, css)

    def fill(self, css: str, text: str) -> None:
        field = self.find(css)
        field.clear()
        field.send_keys(text)

    def press(self, css: str) -> None:
        self.find(css).click()

    def press_named(self, name: str) -> None:
        """The button or link of that name."""
        self.driver.execute_script(
            """
            const named = [...document.querySelectorAll("button, a")]
              .find((e) => e.innerText.trim() === arguments[0] || e.title === arguments[0]);
            if (!named) throw new Error("nothing is named " + arguments[0]);
            named.click();
            """,
            name,
        )

    def type_keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def focused(self) -> str:
        return self.driver.execute_script(
            "return document.activeElement.innerText || document.activeElement.type || ''"
        )

    def choose_files(self, *paths: Path) -> None:
        self.driver.find_element(By.CSS_SELECTOR, "#files").send_keys("\n".join(str(path) for path in paths))

    def row(self, title: str) -> str:
        """The text of a video's row in the library."""
        script = """
          return [...document.querySelectorAll(".video-row")]
            .find((row) => row.querySelector(".video-title").innerText === arguments[0])?.innerText ?? "";
        """
        return self.driver.execute_script(script, title)

    def transfer(self, name: str) -> str:
        """The state of a file in the upload list; empty when it is not there."""
        script = """
          return [...document.querySelectorAll(".transfer[data-state]")]
            .find((row) => row.querySelector(".transfer-name").innerText === arguments[0])?.dataset.state ?? "";
        """
        return self.driver.execute_script(script, name)

    def wait_transfer(self, name: str, state: str, timeout_s: float = WAIT_S) -> None:
        wait_for(f"{name} to be {state}", lambda: self.transfer(name) == state, timeout_s, self.told)

    def parts_sent(self) -> int:
        """How many parts this page has sent to the storage."""
        script = """
          return performance.getEntriesByType("resource")
            .filter((entry) => entry.name.includes("/storage/") && entry.responseStatus === 200).length;
        """
        return self.driver.execute_script(script)

    def network(self, *, upload_bytes_s: int = -1, offline: bool = False) -> None:
        conditions = {**RATES, "uploadThroughput": upload_bytes_s, "offline": offline}
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def violations(self) -> list[str]:
        return self.driver.execute_script("return window.policyViolations")

    def told(self) -> str:
        """What the browser's console and the page say, for failures."""
        log = [f"{entry['level']} {entry['message']}" for entry in self.driver.get_log("browser")]
        return f"{self.driver.current_url}\n{self.text('body')}\n{log}"
