"""The player in somebody else's page, as that page sees it: messages out of the frame, commands into it."""

from typing import Any

from selenium.webdriver import Chrome

from framehouse.edge.embed_page import EmbedConfig
from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite


def open_framed(
    player: PlayerPage, site: PlayerSite, config: EmbedConfig | None = None, *, host: str = "127.0.0.1"
) -> None:
    """A page on `host` with the player from localhost in an iframe."""
    site.configs["film"] = config or site.film()
    embed = site.url("/embed/film", host="localhost")
    player.driver.get(site.url(f"/frame?src={embed}", host))


def tell(driver: Chrome, command: str, value: object = None) -> None:
    message = {"command": command} if value is None else {"command": command, "value": value}
    driver.execute_script("window.tell(arguments[0])", message)


def received(player: PlayerPage) -> list[dict[str, Any]]:
    return player.driver.execute_script("return window.received")


def wait_for_event(player: PlayerPage, name: str, count: int = 1) -> dict[str, Any]:
    """Waits in the parent page, where there is no debugging handle, until there were `count`. The last of them."""
    script = """
      const [name, count, done] = arguments;
      const look = () => {
        const found = window.received.filter((message) => message.event === name);
        if (found.length >= count) done(found.at(-1)); else setTimeout(look, 50);
      };
      look();
    """
    return player.driver.execute_async_script(script, name, count)
