"""Adilo's API on a real installation, with real media: what is spoken becomes subtitles, what is locked stays locked,
what a viewer does is told to the page around the player and to the owner."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from framehouse.media import webvtt
from tests.e2e import media_recipes as recipes
from tests.e2e.adopted import wait_for
from tests.e2e.conftest import NewPlatform
from tests.e2e.platform import Platform
from tests.e2e.spoken import spoken_film
from tests.e2e.test_viewers import expect_played_to_the_end, fill_in, press_play, state, wait_until_startable

EVENTS = {
    "ready", "play", "paused", "ended", "currentTime", "subtitleChange", "volumeChange", "resolutionChange",
    "chapterChange", "playbackSpeedChange", "CTADisplay", "CTAInteraction", "CTASkip",
}  # fmt: skip
FRAME_PAGE = """<!doctype html><title>Another site</title><iframe width="900" height="500" allow="autoplay" src="%s">
</iframe><script>
window.received = [];
window.addEventListener("message", (event) => { window.received.push(event.data); });
window.tell = (message) => document.querySelector("iframe").contentWindow.postMessage(message, "*");
</script>"""
VTT = b"WEBVTT\n\n00:00.000 --> 00:04.000\nHello.\n"


class Adilo:
    """What software that was written for Adilo does."""

    def __init__(self, platform: Platform, keys: dict[str, str]) -> None:
        self._platform = platform
        headers = {"X-Public-Key": keys["public_key"], "X-Secret-Key": keys["secret_key"]}
        self.api = httpx.Client(base_url=f"{platform.base}/adilo/v1", headers=headers, timeout=30)

    def call(self, method: str, path: str, **more: Any) -> Any:
        answer = self.api.request(method, path, **more)
        assert answer.status_code == 200, f"{path}: {answer.text}\n{self._platform.log(1500)}"
        return answer.json()["payload"]

    def upload(self, path: Path, project: str, **fields: Any) -> str:
        """In three steps; the file's id."""
        data = path.read_bytes()
        start = {
            "filename": path.name, "filesize": len(data), "duration_seconds": 8, "duration_string": "00:00:08",
            "mime_type": "video/mp4", "project_id": project, "drm_protection": False, **fields,
        }  # fmt: skip
        upload = self.call("POST", "/files/upload/start", json=start)
        signed = self.call("GET", f"/files/upload/get-signed-url/{upload['uploadId']}/1", params={"key": upload["key"]})
        stored = httpx.put(signed["url"], content=data, timeout=60)
        parts = [{"PartNumber": 1, "ETag": stored.headers["etag"]}]
        return self.call("POST", "/files/upload/complete", json={**upload, "parts": parts})["id"]

    def complete(self, file: str, timeout_s: float = 90) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            found = self.call("GET", f"/files/{file}")
            assert found["status"] != "failed", found
            return found if found["status"] == "complete" else None

        return wait_for("the file", look, timeout_s, self._platform.log)


def adilo_of(platform: Platform) -> Adilo:

    return Adilo(platform, json.loads(platform.run("credentials", "create", "--name", "adilo", "--json")))


@contextmanager
def another_site(embed: str) -> Iterator[str]:
    """A page on another origin with the embed in a frame."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((FRAME_PAGE % embed).encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name of the base class)
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.timeout(240)
def test_spoken_words_become_subtitles_and_a_translation(
    new_platform: NewPlatform, tmp_path: Path, chromium: Chrome
) -> None:
    platform = new_platform(default_downloads=False)
    adilo = adilo_of(platform)
    project = adilo.call("POST", "/projects", json={"title": "Talks"})["id"]
    file = adilo.upload(spoken_film(tmp_path), project)
    asked = adilo.call("POST", "/files/subtitle/generate", data={"file_id": file, "language": "English"})
    assert asked["status"] in ("waiting", "queued", "running")

    def downloaded(path: str, **query: str) -> tuple[webvtt.Cue, ...]:
        def look() -> dict[str, Any] | None:
            answer = adilo.api.get(path, params=query)
            assert answer.status_code in (200, 404), answer.text
            assert "failed" not in answer.json()["message"], answer.text
            return answer.json()["payload"]

        found = wait_for(path, look, 120, platform.log)
        return webvtt.parse(httpx.get(found["url"]).text)

    english = downloaded(f"/files/{file}/subtitle/download")
    adilo.call("POST", "/files/translation/generate", json={"file_id": file, "language": "Spanish"})
    spanish = downloaded(f"/files/{file}/translation/download", language="Spanish")
    assert [(cue.start_ms, cue.end_ms) for cue in spanish] == [(cue.start_ms, cue.end_ms) for cue in english]
    assert "tren" in " ".join(cue.text for cue in spanish)
    assert "train" in " ".join(cue.text for cue in english)
    meta = adilo.call("GET", f"/files/{file}/meta")
    assert [each["origin"] for each in meta["subtitles"] + meta["translations"]] == ["generated", "translated"]

    chromium.get(adilo.complete(file)["embed_url"])
    wait_until_startable(chromium)

    def offered() -> bool:
        return sorted(track["language"] for track in state(chromium)["captions"]) == ["en", "es"]

    wait_for("both captions", offered, 20, lambda: f"{state(chromium)}")  # known once the film is loaded
    press_play(chromium)
    for label, cues in (("English", english), ("Español", spanish)):
        choose(chromium, "Captions", label)
        chromium.execute_script(f"document.querySelector('video').currentTime = {cues[1].start_ms / 1000 + 0.1}")
        word = cues[1].text.split()[0]
        wait_for(f"{word} on the screen", lambda word=word: word in text_of(chromium, ".fh-text"), 20)


@pytest.mark.timeout(240)
def test_the_page_around_hears_all_thirteen_events_and_the_owner_of_the_viewer(
    new_platform: NewPlatform, tmp_path: Path, chromium: Chrome
) -> None:
    platform = new_platform()
    adilo = adilo_of(platform)
    project = adilo.call("POST", "/projects", json={"title": "Films"})["id"]
    file = adilo.upload(recipes.h264_aac(tmp_path), project)
    done = adilo.complete(file)
    middle = done["duration_seconds"] / 2
    adilo.call(
        "POST", "/files/subtitle/upload", data={"file_id": file, "language": "en"}, files={"file": ("a.vtt", VTT)}
    )
    platform.run(
        "video", "set", file, "--chapter", "0 Start", "--chapter", f"{middle} End", "--ask-email",
        "--call-to-action", "0.2 https://example.com/a Ask", "--call-to-action", "0.2 https://example.com/b Buy",
    )  # fmt: skip
    with another_site(done["embed_url"]) as page:
        told = watched_through(chromium, page, middle)
    firsts = list(dict.fromkeys(message["event"] for message in told))
    assert set(firsts) == EVENTS
    in_order = ["ready", "play", "CTADisplay", "CTASkip", "CTAInteraction", "paused", "ended"]
    assert [name for name in firsts if name in in_order] == in_order
    (contact,) = adilo.call("GET", "/contacts")
    assert (contact["email"], contact["file_id"]) == ("ada@example.com", file)
    assert "ada@example.com" in httpx.get(adilo.call("GET", "/contacts/download")["url"]).text


def watched_through(browser: Chrome, page: str, middle: float) -> list[dict[str, Any]]:
    """What the page heard while a viewer left an address, used every control, and saw the film to its end."""
    browser.get(page)
    browser.switch_to.frame(0)
    fill_in(browser, email="ada@example.com")
    wait_until_startable(browser)
    browser.switch_to.default_content()
    steps = [("setSpeed", 0.75), ("setVolume", 0.25), ("mute", True), ("setSubtitle", "en"), ("play", None)]
    for command, value in [*steps, ("setQuality", "180p")]:
        tell(browser, command, value)
    heard(browser, "CTADisplay")
    browser.switch_to.frame(0)
    browser.find_element(By.CSS_SELECTOR, ".fh-call-skip").click()
    browser.find_element(By.CSS_SELECTOR, ".fh-call-link").click()
    own = browser.window_handles[0]
    for handle in browser.window_handles[1:]:
        browser.switch_to.window(handle)
        browser.close()
    browser.switch_to.window(own)
    heard(browser, "paused")
    tell(browser, "seek", middle + 0.5)
    tell(browser, "play")
    heard(browser, "ended")
    return browser.execute_script("return window.received")


def choose(browser: Chrome, *labels: str) -> None:
    """Goes through the player's settings menu."""
    browser.execute_script("document.querySelector('.fh-settings').click()")
    item = """[...document.querySelectorAll(".fh-menu [role^=menuitem]")]
      .find((item) => item.querySelector(".fh-menu-label")?.textContent === arguments[0]).click()"""
    for label in labels:
        browser.execute_script(item, label)


def text_of(browser: Chrome, css: str) -> str:
    return browser.execute_script("return document.querySelector(arguments[0])?.textContent ?? ''", css)


def tell(browser: Chrome, command: str, value: object = None) -> None:
    browser.execute_script("window.tell(arguments[0])", {"command": command, "value": value})


def heard(browser: Chrome, name: str) -> None:
    script = "return window.received.some((message) => message.event === arguments[0])"
    events = "return window.received.map((message) => message.event).join(' ')"
    wait_for(name, lambda: browser.execute_script(script, name), 40, lambda: browser.execute_script(events)[-800:])


@pytest.mark.timeout(300)
def test_a_locked_protected_project_plays_encrypted_after_its_password(
    new_platform: NewPlatform, tmp_path: Path, chromium: Chrome
) -> None:
    platform = new_platform(default_downloads=False)
    adilo = adilo_of(platform)
    project = adilo.call("POST", "/projects", json={"title": "Secret"})["id"]
    file = adilo.upload(recipes.h264_aac(tmp_path), project)
    assert adilo.complete(file)["drm_protection"] is False
    adilo.call("PUT", f"/projects/{project}", data={"Locked": "true", "Password": "sesame", "Drm": "true"})

    def protected() -> dict[str, Any] | None:
        found = adilo.call("GET", f"/files/{file}")
        return found if found["drm_protection"] and found["status"] == "complete" else None

    found = wait_for("the encryption", protected, 120, platform.log)
    chromium.get(found["embed_url"])
    fill_in(chromium, password="sesame")
    wait_until_startable(chromium)
    press_play(chromium)
    expect_played_to_the_end(platform, chromium, {"duration": found["duration_seconds"]})
    assert state(chromium)["ended"]
    assert adilo.call("DELETE", f"/projects/{project}")["files"] == 1
    assert httpx.get(found["embed_url"]).status_code == 404
    platform.expect_clean()


@pytest.mark.timeout(240)
def test_media_are_updated_while_somebody_watches(new_platform: NewPlatform, tmp_path: Path, chromium: Chrome) -> None:
    platform = new_platform(default_downloads=False)
    adilo = adilo_of(platform)
    project = adilo.call("POST", "/projects", json={"title": "Films"})["id"]
    old = adilo.complete(adilo.upload(recipes.h264_aac(tmp_path), project))
    chromium.get(old["embed_url"])
    wait_until_startable(chromium)
    press_play(chromium)
    new = recipes.vp9_webm(tmp_path)
    about = {
        "filename": new.name, "filesize": new.stat().st_size, "duration_seconds": 4, "duration_string": "00:00:04",
        "mime_type": "video/webm", "drm_protection": "false", "clear_statistics": "true",
    }  # fmt: skip
    signed = adilo.call("GET", f"/files/{old['id']}/update/get-signed-url", params=about)
    httpx.put(signed["url"], content=new.read_bytes(), timeout=60).raise_for_status()
    assert adilo.call("PUT", f"/files/{old['id']}/update/complete")["status"] == "processing"
    expect_played_to_the_end(platform, chromium, {"duration": old["duration_seconds"]})
    now = adilo.complete(old["id"])
    assert (now["filename"], now["embed_url"]) == (new.name, old["embed_url"])
    assert now["statistics_since"] > old["statistics_since"]
    chromium.get(now["embed_url"])
    wait_until_startable(chromium)
    press_play(chromium)
    expect_played_to_the_end(platform, chromium, {"duration": now["duration_seconds"]})
    listed = adilo.call("GET", f"/projects/{project}/files")
    assert [each["id"] for each in listed] == [old["id"]]
