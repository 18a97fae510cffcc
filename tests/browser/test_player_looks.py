"""What can be measured of the looks: everything inside the frame at every size, names on every control."""

from itertools import pairwise

import pytest

from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite

BOXES = """
return [...document.querySelectorAll(".fh-controls button, .fh-time, .fh-seek")]
  .filter((element) => element.offsetParent !== null && !element.closest(".fh-menu"))
  .map((element) => {
    const box = element.getBoundingClientRect();
    return {name: element.className, left: box.left, right: box.right, top: box.top, bottom: box.bottom};
  });
"""


@pytest.mark.parametrize(("width", "height"), [(200, 113), (260, 146), (320, 180), (480, 270), (1280, 720), (360, 640)])
def test_controls_stay_inside_and_apart(player: PlayerPage, player_site: PlayerSite, width: int, height: int) -> None:
    player.resize(width, height)
    player.open(player_site.film())
    boxes = player.driver.execute_script(BOXES)
    names = " ".join(box["name"] for box in boxes)
    assert all(name in names for name in ("fh-play", "fh-settings", "fh-fullscreen", "fh-seek"))
    for box in boxes:
        assert box["left"] >= 0, box
        assert box["right"] <= width, box
        assert box["top"] >= 0, box
        assert box["bottom"] <= height, box
    row = sorted((box for box in boxes if "fh-seek" not in box["name"]), key=lambda box: box["left"])
    for left, right in pairwise(row):
        assert left["right"] <= right["left"] + 0.5, (left, right)
    overflow = "return document.documentElement.scrollWidth > innerWidth"
    assert player.driver.execute_script(overflow) is False


@pytest.mark.parametrize(("width", "height"), [(200, 113), (320, 180), (1280, 720)])
def test_the_menu_stays_inside(player: PlayerPage, player_site: PlayerSite, width: int, height: int) -> None:
    player.resize(width, height)
    player.open(player_site.film())
    player.choose("Speed")
    box = player.find(".fh-menu").rect
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height


def test_every_control_has_a_name_and_can_be_reached(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    nameless = """
      return [...document.querySelectorAll("button, [role=slider], [role=region], input")]
        .filter((element) => !element.ariaLabel && !element.textContent.trim()).map((element) => element.outerHTML);
    """
    assert player.driver.execute_script(nameless) == []
    order = """
      return [...document.querySelectorAll("button, [tabindex='0']")]
        .filter((element) => element.offsetParent !== null && element.tabIndex >= 0)
        .map((element) => element.ariaLabel);
    """
    assert player.driver.execute_script(order) == [
        "Play",
        "Position",
        "Play",
        "Mute",
        "Volume",
        "Captions",
        "Chapters",
        "Settings",
        "Picture in picture",
        "Full screen",
    ]


@pytest.mark.parametrize(("title", "name"), [("  ", "Video player"), ("Long " * 60, "Video player: " + "Long " * 60)])
def test_no_title_leaves_no_gap_and_a_long_one_stays_inside(
    player: PlayerPage, player_site: PlayerSite, title: str, name: str
) -> None:
    player.open(player_site.film(title=title))
    heading = player.find(".fh-title")
    assert heading.is_displayed() is (title.strip() != "")
    assert player.find("#framehouse").get_attribute("aria-label") == name.strip()
    assert heading.rect["height"] < 60
    assert player.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_changes_are_spoken(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    player.press(">")
    assert player.find("[role=status]").get_attribute("textContent") == "Speed: 1.25\u00d7"
    player.press("c")
    assert player.find("[role=status]").get_attribute("textContent") == "Captions: English"
    slider = player.find(".fh-seek")
    player.press("5")
    player.wait(lambda _: slider.get_attribute("aria-valuetext") == "6 seconds of 12 seconds", "the position in words")


def test_controls_leave_while_watching_and_return(player: PlayerPage, player_site: PlayerSite) -> None:
    player.open(player_site.film())
    player.play()
    idle = "return document.getElementById('framehouse').classList.contains('fh-idle')"
    player.wait(lambda _: player.driver.execute_script(idle), "the controls to leave")
    player.press("k")
    assert player.driver.execute_script(idle) is False
