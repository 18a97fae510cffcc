"""Every kind of file that people upload, over real HTTP: it ends deployed and plays to its end in two players, or it
fails within seconds with a sentence that its owner understands."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver import Chrome

from tests.e2e import media_recipes as recipes
from tests.e2e.adopted import wait_for
from tests.e2e.media_recipes import Recipe
from tests.e2e.platform import Platform
from tests.e2e.second_player import expect_film, watch


@dataclass(frozen=True)
class Kind:
    """What a recipe's file must come out as; `duration_s` None: as the platform says."""

    recipe: Recipe
    duration_s: float
    video: bool = True
    sounds: int = 1
    width: int | None = None
    height: int | None = None
    captions: tuple[str, ...] = ()


KINDS = (
    Kind(recipes.h264_aac, 6, width=320, height=180),
    Kind(recipes.hevc_hdr, 5, width=256, height=144),
    Kind(recipes.vp9_webm, 5, width=320, height=180),
    Kind(recipes.prores_mov, 4, width=320, height=180),
    Kind(recipes.mpeg2_ts_interlaced, 6),
    Kind(recipes.portrait_phone, 4, width=180, height=320),
    Kind(recipes.variable_rate, 8, width=320, height=180),
    Kind(recipes.surround, 4, width=160, height=90),
    Kind(recipes.mp3, 5, video=False),
    Kind(recipes.one_pixel, 4, sounds=0),
    Kind(recipes.silent, 4, sounds=0, width=322, height=182),
    Kind(recipes.languages, 4, sounds=2, captions=("en", "de")),
    Kind(recipes.browser_recording, 5, width=320, height=180),
)
REFUSED: tuple[tuple[Recipe, str], ...] = (
    (recipes.text, "not a video or audio file"),
    (recipes.cut_without_index, "not a video or audio file"),
)
# Containers round lengths to their own clocks, and MP3's decoder delay is part of its length.
LENGTH_SLACK_S = 0.15


def _name(kind: Any) -> str:
    return kind.recipe.__name__ if isinstance(kind, Kind) else getattr(kind, "__name__", "")


@pytest.mark.parametrize("kind", KINDS, ids=_name)
def test_each_kind_ends_deployed_and_plays_in_a_second_player(kind: Kind, platform: Platform, tmp_path: Path) -> None:
    video = platform.wait_state(platform.upload(kind.recipe(tmp_path)), "deployed")
    assert video["progress"] == 100
    assert video["state_reason"] is None
    if kind.width:
        assert (video["width"], video["height"]) == (kind.width, kind.height)
    config = platform.embed(video)
    assert config["state"] == "playable"
    duration_s = config["durationMs"] / 1000
    assert abs(duration_s - kind.duration_s) <= LENGTH_SLACK_S
    for protocol in ("hls", "dash"):
        heard = watch(platform.base + config["manifests"][protocol])
        expect_film(heard, duration_s, video=kind.video, sounds=kind.sounds)
    assert sorted(caption["language"] for caption in config["captions"]) == sorted(kind.captions)
    for caption in config["captions"]:
        assert httpx.get(platform.base + caption["url"]).text.startswith("WEBVTT")
    _expect_downloads(kind, video, duration_s)
    _expect_pictures(kind, platform, video)


def _expect_downloads(kind: Kind, video: dict[str, Any], duration_s: float) -> None:
    urls = {url for name, url in video["assets"]["videos"].items() if url and not name.startswith("source")}
    assert urls or not kind.video
    for url in urls:
        expect_film(watch(url), duration_s, video=kind.video, sounds=kind.sounds)
    source = httpx.get(video["assets"]["videos"]["source"])
    assert len(source.content) == video["source_video_file_size"]


def _expect_pictures(kind: Kind, platform: Platform, video: dict[str, Any]) -> None:
    """Posters are made beside the encode and may come a little later than it."""
    if not kind.video:
        return

    def posters() -> bool:
        answers = [httpx.get(url) for url in video["assets"]["poster_frames"]]
        return all(a.status_code == 200 and a.headers["cache-control"] != "public, max-age=5" for a in answers)

    wait_for("four poster frames", posters, 20, platform.log)


@pytest.mark.parametrize(("recipe", "reason"), REFUSED, ids=_name)
def test_what_is_no_film_fails_within_seconds_with_a_sentence(
    recipe: Recipe, reason: str, platform: Platform, tmp_path: Path
) -> None:
    video_id = platform.upload(recipe(tmp_path))
    began = time.monotonic()
    video = platform.wait_state(video_id, "failed", timeout_s=20)
    assert time.monotonic() - began < 10
    assert reason in video["state_reason"]
    assert "Traceback" not in video["state_reason"]
    assert str(platform.folder) not in video["state_reason"]
    config = platform.embed(video)
    assert config["state"] == "failed"
    assert config["message"]


def test_an_empty_file_is_refused_and_leaves_no_video(platform: Platform, tmp_path: Path) -> None:
    before = platform.call("GET", "/sproutvideo/v1/videos").json()["total"]
    answer = platform.send(recipes.empty(tmp_path))
    assert answer.status_code == 422
    assert "empty" in answer.text
    assert platform.call("GET", "/sproutvideo/v1/videos").json()["total"] == before


def test_what_is_there_of_a_truncated_film_plays_to_its_end(platform: Platform, tmp_path: Path) -> None:
    """Its index promises six seconds and comes first; the media data ends before."""
    video_id = platform.upload(recipes.cut_with_index(tmp_path))
    video = platform.wait_state(video_id, "deployed")
    heard = watch(platform.base + platform.embed(video)["manifests"]["hls"])
    assert 2 < heard[0].end_s < 5.9
    expect_film(heard, heard[0].end_s, video=True, sounds=1)
    assert abs(platform.embed(video)["durationMs"] / 1000 - heard[0].end_s) < 0.05


def _state(chromium: Chrome) -> dict[str, Any]:
    script = "return window.framehousePlayer ? JSON.parse(JSON.stringify(window.framehousePlayer.state())) : null"
    return chromium.execute_script(script) or {}


@pytest.mark.parametrize("tech", ["hls", "dash"])
@pytest.mark.parametrize(
    "recipe", [recipes.h264_aac, recipes.portrait_phone, recipes.vp9_webm], ids=lambda recipe: recipe.__name__
)
def test_chromium_plays_it_to_the_end(
    recipe: Callable[[Path], Path], tech: str, platform: Platform, chromium: Chrome, tmp_path: Path
) -> None:
    video = platform.wait_state(platform.upload(recipe(tmp_path)), "deployed")
    chromium.get(f"{platform.embed_url(video)}&tech={tech}&autoplay=1&muted=1")

    def ended() -> bool:
        return bool(_state(chromium).get("ended"))

    wait_for("the end of the film", ended, 45, lambda: f"{_state(chromium)} {chromium.get_log('browser')}")
    state = _state(chromium)
    assert state["tech"] == tech
    assert abs(state["currentTime"] - platform.embed(video)["durationMs"] / 1000) < 0.2
