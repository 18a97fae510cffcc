"""The playlist page: one video after the other, by list and by itself, and back to where one was."""

from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.player_page import PlayerPage
from tests.browser.player_site import PlayerSite


def make_playlist(site: PlayerSite, *, is_embed: bool = False) -> str:
    for name, title in (("one", "The harbour"), ("two", ""), ("three", "\u0645\u0631\u062d\u0628\u0627 " * 20)):
        site.configs[name] = site.film(
            video_id=name, title=title, poster_url="/media/ticket-1/poster.jpg", resume=False
        )
    return site.with_playlist("one", "two", "three", is_embed=is_embed)


def current(player: PlayerPage) -> list[int]:
    script = "return [...document.querySelectorAll('#list a')].map((each) => each.ariaCurrent)"
    return [index for index, value in enumerate(player.driver.execute_script(script)) if value == "true"]


def in_frame(player: PlayerPage, script: str) -> object:
    player.driver.switch_to.frame("player")
    try:
        return player.driver.execute_script(script)
    finally:
        player.driver.switch_to.default_content()


def wait_for_video(player: PlayerPage, name: str, *, playing: bool = True) -> None:
    def is_there(state: dict[str, Any]) -> bool:
        path = player.driver.execute_script("return location.pathname")
        return path.endswith(f"/{name}") and state["loaded"] and (state["currentTime"] > 0.2 or not playing)

    player.driver.switch_to.frame("player")
    player.wait(is_there, f"the video {name}")
    player.driver.switch_to.default_content()


def test_the_next_video_follows_by_itself(player: PlayerPage, player_site: PlayerSite) -> None:
    path = make_playlist(player_site)
    player.driver.get(player_site.url(path))
    wait_for_video(player, "one", playing=False)
    assert current(player) == [0]
    assert in_frame(player, "return framehousePlayer.state().paused") is True
    links = player.driver.find_elements(By.CSS_SELECTOR, "#list a")
    assert [link.text.split("\n")[::-1][0] for link in links][:2] == ["The harbour", "Video"]
    assert player.text("#list .length") == "0:12"
    in_frame(player, "framehousePlayer.player.seek(11.5); framehousePlayer.player.play()")
    wait_for_video(player, "two")
    assert current(player) == [1]
    assert player.find("#player").get_attribute("title") == "Video"
    in_frame(player, "framehousePlayer.player.seek(11.5)")
    wait_for_video(player, "three")
    in_frame(player, "framehousePlayer.player.seek(11.5)")
    player.driver.switch_to.frame("player")
    player.wait(lambda state: state["ended"], "the end of the last")
    player.driver.switch_to.default_content()
    assert current(player) == [2]
    assert player.violations() == []
    player.driver.get(player_site.url(path))
    wait_for_video(player, "one", playing=False)  # all seen: from the beginning


def test_a_video_is_chosen_and_remembered(player: PlayerPage, player_site: PlayerSite) -> None:
    path = make_playlist(player_site)
    player.driver.get(player_site.url(path))
    before = player.driver.execute_script("return history.length")
    player.driver.execute_script("document.querySelectorAll('#list a')[2].focus()")
    player.press(Keys.ENTER)
    wait_for_video(player, "three")
    assert current(player) == [2]
    assert player.driver.execute_script("return document.activeElement.id") == "player"
    player.driver.find_elements(By.CSS_SELECTOR, "#list a")[1].click()
    wait_for_video(player, "two")
    assert in_frame(player, "return location.search") == "?pass=secret&autoplay=1"
    assert player.driver.execute_script("return history.length") == before
    player.driver.get(player_site.url(path))
    wait_for_video(player, "two", playing=False)
    assert current(player) == [1]
    assert in_frame(player, "return framehousePlayer.state().paused") is True


def test_the_list_stands_beside_or_below(player: PlayerPage, player_site: PlayerSite) -> None:
    path = make_playlist(player_site, is_embed=True)
    for width, height, is_beside in ((1000, 500, True), (400, 700, False)):
        player.resize(width, height)
        player.driver.get(player_site.url(path))
        frame, items = player.find("#player").rect, player.find("#list").rect
        assert (items["x"] >= frame["x"] + frame["width"] - 1) is is_beside
        assert (items["y"] >= frame["y"] + frame["height"] - 1) is not is_beside
        assert player.driver.execute_script("return document.documentElement.scrollWidth") <= width
        assert player.driver.execute_script("return document.documentElement.scrollHeight") <= height


def test_strangers_cannot_turn_the_pages(player: PlayerPage, player_site: PlayerSite) -> None:
    """Only the frame's own player says that a video has ended."""
    player.driver.get(player_site.url(make_playlist(player_site)))
    wait_for_video(player, "one", playing=False)
    player.driver.execute_script("postMessage({event: 'ended', data: {id: 'one'}}, '*')")
    in_frame(player, "parent.postMessage({event: 'ended', data: {id: 'two'}}, '*')")
    in_frame(player, "framehousePlayer.player.play()")
    wait_for_video(player, "one")
    assert current(player) == [0]
