"""The same flow on the stores of larger installations: PostgreSQL for the rows, S3 for the bytes, both together."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contracts.postgresql import PostgresqlServer
from tests.contracts.s3_server import S3Server
from tests.e2e import media_recipes as recipes
from tests.e2e.adopted import wait_for
from tests.e2e.conftest import NewPlatform
from tests.e2e.platform import Platform
from tests.e2e.second_player import expect_film, watch
from tests.e2e.three_chunks import FAST_FAULTS, encoding_the_second_chunk, expect_encoded_once, expect_whole

STORES = ["postgresql", "s3", "postgresql+s3"]


@pytest.fixture(params=STORES)
def stores(request: pytest.FixtureRequest) -> Iterator[dict[str, object]]:
    """Settings that keep rows or bytes on a real server."""
    chosen = str(request.param).split("+")
    settings: dict[str, object] = {}
    if "s3" in chosen:
        s3_server: S3Server = request.getfixturevalue("s3_server")
        settings["storage_url"] = s3_server.new_bucket(f"stores-{len(chosen)}")
    if "postgresql" not in chosen:
        yield settings
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    name = server.create_database()
    yield settings | {"database_url": server.url(name)}
    server.drop_database(name)


@pytest.mark.timeout(300)
def test_a_film_becomes_playable_and_deployed_and_a_killed_worker_loses_nothing(
    stores: dict[str, object], new_platform: NewPlatform, film: Path, tmp_path: Path
) -> None:
    platform = new_platform(**stores, **FAST_FAULTS)
    _plays_from_upload_to_deletion(platform, recipes.h264_aac(tmp_path))
    _survives_a_killed_worker(platform, film)
    platform.expect_clean()


def _plays_from_upload_to_deletion(platform: Platform, source: Path) -> None:
    video_id = platform.upload(source)
    first = wait_for("the first publication", lambda: _playable(platform, video_id), 60, platform.log)
    expect_film(watch(platform.base + first["manifests"]["hls"]), 6, video=True, sounds=1)
    video = platform.wait_state(video_id, "deployed")
    config = platform.embed(video)
    for manifest in config["manifests"].values():
        expect_film(watch(platform.base + manifest), 6, video=True, sounds=1)
    for url in {url for url in video["assets"]["videos"].values() if url}:
        assert httpx.get(url, follow_redirects=True).status_code == 200
    assert platform.stored()
    assert platform.call("DELETE", f"/sproutvideo/v1/videos/{video_id}").status_code == 200
    wait_for("the row to go", lambda: not platform.rows("SELECT id FROM videos"), 30, platform.log)
    assert platform.stored() == []
    gone = platform.base + config["manifests"]["hls"]
    wait_for("the manifest to go", lambda: httpx.get(gone).status_code == 404, 15, platform.log)  # it is kept a little


def _playable(platform: Platform, video_id: str) -> dict[str, Any] | None:
    config = platform.embed(platform.video(video_id))
    return config if config["state"] == "playable" else None


def _survives_a_killed_worker(platform: Platform, film: Path) -> None:
    video_id = platform.upload(film)
    before = encoding_the_second_chunk(platform, video_id)
    platform.kill_role("worker-1")
    expect_whole(platform, video_id)
    expect_encoded_once(platform, video_id, before)
