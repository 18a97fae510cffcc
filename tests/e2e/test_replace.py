"""A video gets new media while somebody watches the old ones; what fails or dies meanwhile costs nothing."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.adopted import wait_for
from tests.e2e.media_recipes import h264_aac
from tests.e2e.platform import Platform
from tests.e2e.replacing import fetch, replace, segments_of
from tests.e2e.run_tools import make
from tests.e2e.second_player import expect_film, watch
from tests.e2e.three_chunks import FAST_FAULTS, encoding_the_second_chunk, expect_whole

OLD_S, NEW_S = 6, 4


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One for all: chunks of one segment, and a worker that is taken for dead soon."""
    shared = Platform(tmp_path_factory.mktemp("platform"), FAST_FAULTS)
    try:
        shared.start()
        yield shared
        shared.expect_clean()
        shared.stop()
    finally:
        shared.clean_up()


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Published by cutting, so that segments are made of the source while it is replaced."""
    return h264_aac(tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("new") / "new.mkv"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=256x144:r=25:d={NEW_S}"]
    make(*picture, "-f", "lavfi", "-i", f"sine=880:r=48000:d={NEW_S}", "-c:v", "mpeg4", "-c:a", "libmp3lame", path)
    return path


def hls(platform: Platform, video_id: str) -> str:
    return platform.base + platform.embed(platform.video(video_id))["manifests"]["hls"]


def cut_hls(platform: Platform, video_id: str, ladder_hls: str) -> str:
    """The manifest that the first viewers got: under the same ticket, of the presentation that is cut on demand."""
    outputs = platform.rows(
        "SELECT id, name FROM outputs WHERE video_id = :id AND kind = 'presentation'", id=number(video_id)
    )
    ids = {row["name"]: f"{row['id']:012x}" for row in outputs}
    assert ids["ladder"] in ladder_hls
    return ladder_hls.replace(ids["ladder"], ids["cut"])


def presentation_in(manifest_url: str) -> str:
    """The id of the output that a manifest's address names."""
    return manifest_url.split("/")[-2]


def number(video_id: str) -> int:
    return int(video_id, 16)


def row_of(platform: Platform, video_id: str) -> dict[str, Any]:
    return platform.rows("SELECT * FROM videos WHERE id = :id", id=number(video_id))[0]


def test_viewers_of_the_old_media_see_them_to_the_end(platform: Platform, old: Path, new: Path) -> None:
    video_id = platform.upload(old)
    platform.wait_state(video_id, "deployed")
    ladder, before = hls(platform, video_id), platform.video(video_id)
    watched = [ladder, cut_hls(platform, video_id, ladder)]
    queue = [url for manifest in watched for url in segments_of(manifest)]
    for url in queue[:2]:
        fetch(url)
    left = iter(queue[2:])
    replace(platform, video_id, new)
    deadline = time.monotonic() + 60
    while True:
        shown, video = hls(platform, video_id), platform.video(video_id)  # in this order
        if video["state"] == "deployed":
            break
        assert (video["state"], video["duration"]) == ("processing", OLD_S)
        assert presentation_in(shown) == presentation_in(ladder), "new viewers get the old media"
        fetch(next(left, queue[0]))
        assert time.monotonic() < deadline, platform.run("explain", video_id)
    for url in left:
        fetch(url)
    for manifest in watched:
        expect_film(watch(manifest), OLD_S, video=True, sounds=1)
    expect_film(watch(hls(platform, video_id)), NEW_S, video=True, sounds=1, slack_s=0.1)
    assert (video["duration"], video["width"], video["height"]) == (NEW_S, 256, 144)
    assert platform.embed_url(video) == platform.embed_url(before)
    wait_made_again(platform, video_id, (256, 144))
    assert row_of(platform, video_id)["source_md5"] == hashlib.md5(new.read_bytes()).hexdigest()
    downloads = f"SELECT name FROM outputs WHERE video_id = {number(video_id)} AND kind = 'download'"
    assert [row["name"] for row in platform.rows(downloads)] == ["144p"]
    platform.expect_clean()


def wait_made_again(platform: Platform, video_id: str, size: tuple[int, int]) -> None:
    """Posters and digest follow the switch within moments; with them all work on the video has ended."""

    def made() -> bool:
        found = f"SELECT width, height FROM outputs WHERE video_id = {number(video_id)} AND kind = 'poster'"
        sizes = {(row["width"], row["height"]) for row in platform.rows(found)}
        return sizes == {size} and row_of(platform, video_id)["source_md5"] is not None

    wait_for("the new posters and the new digest", made, 30, platform.log)
    wait_for("working files to go", lambda: not platform.scratch_files(), 5, platform.log)


def test_new_media_that_are_none_change_nothing(platform: Platform, old: Path, tmp_path: Path) -> None:
    video_id = platform.upload(old)
    platform.wait_state(video_id, "deployed")
    before, stored = row_of(platform, video_id), platform.stored()
    (tmp_path / "text.mp4").write_text("No film at all. " * 100)
    replace(platform, video_id, tmp_path / "text.mp4")
    video = platform.wait_state(video_id, "deployed", 20)
    assert video["state_reason"].startswith("The replacement failed: The file is not a video or audio file")
    assert "The replacement failed" in platform.run("explain", video_id)
    changed = {"state_reason", "updated_at", "source_md5"}
    after = row_of(platform, video_id)
    assert {name: after[name] for name in after.keys() - changed} == {n: before[n] for n in before.keys() - changed}
    expect_film(watch(hls(platform, video_id)), OLD_S, video=True, sounds=1)
    platform.collect_garbage()
    assert [key for key in platform.stored() if "/sources/" in key] == [key for key in stored if "/sources/" in key]
    platform.expect_clean()


def test_a_worker_that_is_killed_goes_on_with_the_replacement(platform: Platform, old: Path, film: Path) -> None:
    video_id = platform.upload(old)
    platform.wait_state(video_id, "deployed")
    watched = hls(platform, video_id)
    replace(platform, video_id, film)
    encoding_the_second_chunk(platform, video_id)
    platform.kill_role("worker-1")
    expect_film(watch(watched), OLD_S, video=True, sounds=1)
    expect_whole(platform, video_id)
    expect_film(watch(watched), OLD_S, video=True, sounds=1)
    jobs = platform.rows("SELECT state FROM encode_jobs WHERE video_id = :id", id=number(video_id))
    assert [row["state"] for row in jobs] == ["done", "done"]
    wait_made_again(platform, video_id, (640, 360))
    platform.expect_clean()


def test_a_second_replacement_ends_the_encoder_of_the_first(
    platform: Platform, old: Path, new: Path, film: Path
) -> None:
    video_id = platform.upload(old)
    platform.wait_state(video_id, "deployed")
    replace(platform, video_id, film)
    encoding_the_second_chunk(platform, video_id)
    replace(platform, video_id, new)
    video = platform.wait_state(video_id, "deployed")
    assert (video["duration"], video["width"]) == (NEW_S, 256)
    jobs = platform.rows("SELECT state FROM encode_jobs WHERE video_id = :id ORDER BY created_at", id=number(video_id))
    assert [row["state"] for row in jobs] == ["done", "cancelled", "done"]
    wait_made_again(platform, video_id, (256, 144))
    assert platform.encoders() == []
    platform.expect_clean()
    sources = platform.stored(f"videos/{video_id}/sources/")
    assert len(sources) == 2, "the old one may still be cut from"
