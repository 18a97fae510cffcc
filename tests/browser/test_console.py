"""The console in a real browser on a running platform: sign in, upload, watch it become complete, play, change."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from tests.browser.console_page import ConsolePage
from tests.e2e.platform import Platform, wait_for

MIB = 1 << 20
PART_BYTES = 16 * MIB
ENCODE_S = 90


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, clip: Path) -> Iterator[Platform]:
    """With one film in its library."""
    started = Platform(tmp_path_factory.mktemp("console-platform"))
    try:
        started.start()
        started.upload(clip, title="A first film")
        yield started
        started.stop()
    finally:
        started.clean_up()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "Evening train.mp4"
    subprocess.run(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y"),
            *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4"),
            *("-f", "lavfi", "-i", "sine=frequency=330:duration=4"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac", path),
        ],
        check=True,
        timeout=60,
    )
    return path


@pytest.fixture
def console(chromium: webdriver.Chrome, platform: Platform) -> ConsolePage:
    return ConsolePage(chromium, platform)


def sparse(path: Path, size_bytes: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size_bytes)
    return path


def test_signing_in_and_out(console: ConsolePage) -> None:
    console.open("/upload")
    console.fill("input[type=email]", "demo@framehouse.local")
    console.fill("input[type=password]", "not this")
    console.type_keys(Keys.ENTER)
    console.wait_text("[role=alert]", "The e-mail address or the password is wrong.")
    console.sign_in("/upload")
    console.find(".dropzone")
    console.press_named("Sign out")
    console.find("input[type=email]")
    console.open("/")
    console.find("input[type=email]")
    assert console.violations() == []


def test_from_the_file_to_the_playing_film(console: ConsolePage, clip: Path) -> None:
    console.sign_in()
    console.press(".nav-upload")
    console.find(".dropzone")
    console.choose_files(clip)
    console.wait_transfer(clip.name, "done")
    console.driver.execute_script("window.samePage = true")
    console.press(".nav-link")
    wait_for("the film to be complete", lambda: "Complete" in console.row("Evening train"), ENCODE_S, console.told)
    told = console.row("Evening train")
    assert "Public · " in told
    assert "laya" in told, "the times are told"
    poster = "return document.querySelector('.video-row img').naturalWidth"
    wait_for("the poster", lambda: console.driver.execute_script(poster), 10, console.told)
    assert console.driver.execute_script("return window.samePage") is True, "live, without loading the page again"

    console.press(".video-title")
    console.wait_text("h1", "Evening train")
    console.wait_text(".downloads", "mp4")
    console.press(".work summary")
    console.wait_text(".work-lines", "done")
    _play(console)
    assert console.violations() == []
    severe = [entry for entry in console.driver.get_log("browser") if entry["level"] == "SEVERE"]
    assert severe == []


def test_changing_watching_as_owner_and_deleting(console: ConsolePage, clip: Path, tmp_path: Path) -> None:
    film = tmp_path / "To be changed.mp4"
    film.write_bytes(clip.read_bytes())
    console.sign_in("/upload")
    console.find(".dropzone")
    console.choose_files(film)
    console.wait_transfer(film.name, "done")
    console.press_named("Open")
    console.wait_text(".state", "Complete", ENCODE_S)

    console.fill("input[type=text]", "Changed <b>&</b>")
    Select(console.find("select")).select_by_value("password")
    console.press(".details-form button[type=submit]")
    console.wait_text(".field-error", "Choose a password.")
    console.fill(".details-form input[autocomplete=off]", "sesame")
    console.press(".details-form button[type=submit]")
    console.wait_text("h1", "Changed <b>&</b>")
    _play(console)

    console.press_named("Delete")
    console.find("dialog")
    assert console.focused() == "Cancel"
    console.type_keys(Keys.ESCAPE)
    wait_for("the question to go", lambda: not console.driver.find_elements(By.CSS_SELECTOR, "dialog"), 5)
    console.press_named("Delete")
    console.press("dialog .button-danger")
    console.find(".page-head .search")
    wait_for("the film to be gone", lambda: console.row("Changed <b>&</b>") == "", 10, console.told)
    assert console.violations() == []


def test_a_file_that_is_no_film_says_why(console: ConsolePage, tmp_path: Path) -> None:
    (tmp_path / "Notes.mp4").write_text("These are notes.\n" * 50)
    (tmp_path / "Empty.mp4").touch()
    console.sign_in("/upload")
    console.find(".dropzone")
    console.choose_files(tmp_path / "Notes.mp4", tmp_path / "Empty.mp4")
    console.wait_text(".toasts", "Empty.mp4 is empty.")
    console.wait_transfer("Notes.mp4", "done")
    console.press(".nav-link")
    wait_for("the reason", lambda: "not a video" in console.row("Notes"), 30, console.told)
    assert "Watch" not in console.row("Notes")


def test_pausing_and_a_lost_connection(console: ConsolePage, tmp_path: Path) -> None:
    file = sparse(tmp_path / "Long.mp4", 3 * MIB)
    console.sign_in("/upload")
    console.find(".dropzone")
    console.network(upload_bytes_s=MIB)
    console.choose_files(file)
    console.wait_transfer("Long.mp4", "sending")
    console.press_named("Pause Long.mp4")
    console.wait_transfer("Long.mp4", "paused")
    console.press_named("Continue Long.mp4")
    console.wait_transfer("Long.mp4", "sending")
    console.network(offline=True)
    wait_for("progress to stop", lambda: "0 bytes of" in console.text(".transfer"), 10, console.told)
    console.network()
    console.wait_transfer("Long.mp4", "done", 40)


def test_a_reloaded_page_continues_where_it_stopped(console: ConsolePage, tmp_path: Path) -> None:
    file = sparse(tmp_path / "Resumed.mp4", 5 * PART_BYTES + 1)
    console.sign_in("/upload")
    console.find(".dropzone")
    console.network(upload_bytes_s=24 * MIB)
    console.choose_files(file)
    wait_for("some parts to arrive", lambda: console.parts_sent() >= 2, 30, console.told)
    console.network(upload_bytes_s=MIB)
    console.open("/upload")
    console.wait_text(".unfinished", "Resumed.mp4")
    console.network()
    console.choose_files(file)
    console.wait_transfer("Resumed.mp4", "done", 60)
    assert 1 <= console.parts_sent() <= 4, "only the parts that were missing are sent"
    assert "Resumed.mp4" not in console.text(".unfinished")


def test_giving_up_an_upload(console: ConsolePage, tmp_path: Path) -> None:
    file = sparse(tmp_path / "Mistake.mp4", 4 * MIB)
    console.sign_in("/upload")
    console.find(".dropzone")
    console.network(upload_bytes_s=MIB)
    console.choose_files(file)
    console.wait_transfer("Mistake.mp4", "sending")
    console.press_named("Cancel Mistake.mp4")
    wait_for("it to leave the list", lambda: console.transfer("Mistake.mp4") == "", 5)
    console.network()
    console.open("/upload")
    console.find(".dropzone")
    assert "Mistake.mp4" not in console.text("main")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_it_fits_the_window(console: ConsolePage, clip: Path, width: int) -> None:
    console.resize(width, 800)
    console.sign_in("/upload")
    overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    console.network(upload_bytes_s=64 * 1024)
    console.choose_files(clip)
    console.wait_text(".uploading", "%")
    assert console.driver.execute_script(overflow) <= 0
    console.network()
    console.wait_transfer(clip.name, "done")
    console.press(".nav-link")
    console.find(".video-row")
    assert console.driver.execute_script(overflow) <= 0
    console.press(".video-title")
    console.find(".player-frame")
    console.press(".work summary")
    console.wait_text(".work", "Work")
    assert console.driver.execute_script(overflow) <= 0


def test_the_keyboard_is_enough(console: ConsolePage) -> None:
    console.sign_in()
    console.find(".video-row")
    console.type_keys(Keys.TAB)
    names = [console.focused()]
    for _ in range(6):
        console.type_keys(Keys.TAB)
        names.append(console.focused())
    assert [name.strip() for name in names] == [
        "Skip to the content",
        "Framehouse",
        "Library",
        "Upload",
        "Sign out",
        "search",
        console.text(".video-title").split("\n")[0],
    ]
    console.type_keys(Keys.ENTER)
    console.find(".player-frame")
    assert console.driver.execute_script("return document.activeElement.id") == "main", "the focus follows to the page"
    nameless = """
      return [...document.querySelectorAll("button, a[href], input, select, textarea, progress, iframe")]
        .filter((e) => e.checkVisibility() && !e.ariaLabel && !e.innerText?.trim() && !e.title && !e.labels?.length)
        .map((e) => e.outerHTML);
    """
    assert console.driver.execute_script(nameless) == []


def _play(console: ConsolePage) -> None:
    """Plays in the frame to a second's end."""
    driver = console.driver
    frame = console.find("iframe.player")
    state = "return window.framehousePlayer ? window.framehousePlayer.state() : null"
    driver.switch_to.frame(frame)

    def told() -> str:
        return f"{driver.execute_script(state)} {console.told()}"

    try:
        wait_for("the player", lambda: (driver.execute_script(state) or {}).get("loaded"), 20, told)
        driver.execute_script("window.framehousePlayer.player.play()")
        wait_for("the film to play", lambda: driver.execute_script(state)["currentTime"] > 1, 20, told)
    finally:
        driver.switch_to.default_content()
