"""Work that its owner ends, and the end of the platform: children gone at once, nothing left, and it can go on."""

import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from uuid import UUID

import pytest

from framehouse import library, transcoding
from framehouse.bootstrap.services import Services
from framehouse.kernel import TenantId, VideoId
from tests.e2e.adopted import free_port, wait_for
from tests.e2e.conftest import NewPlatform
from tests.e2e.platform import CLI, Platform
from tests.e2e.three_chunks import (
    FAST_FAULTS,
    delete,
    encoding_the_second_chunk,
    expect_encoded_once,
    expect_whole,
    states,
)


def _owner(platform: Platform) -> library.Owner:
    return library.Owner(TenantId(UUID(platform.key["tenant_id"])))


def test_cancelling_ends_ffmpeg_and_running_again_completes(new_platform: NewPlatform, film: Path) -> None:
    platform = new_platform(**FAST_FAULTS)
    video_id = platform.upload(film)
    encoding_the_second_chunk(platform, video_id)
    owner, number = _owner(platform), VideoId(int(video_id, 16))

    async def cancel(services: Services) -> int:
        video = await library.get_video(services.library, owner, number)
        return await transcoding.cancel_encode(services.library, services.work, owner, video)

    async def rerun(services: Services) -> None:
        video = await library.get_video(services.library, owner, number)
        await transcoding.rerun_encode(services.library, owner, video)

    assert platform.inside(cancel) == 1
    wait_for("ffmpeg to end", lambda: not platform.encoders(), 3, platform.log)
    video = platform.wait_state(video_id, "failed", timeout_s=3)
    assert video["state_reason"] == "The encode was cancelled by its owner."
    time.sleep(1.0)  # a job that was to go on would show itself now
    assert platform.encoders() == []
    assert set(states(platform, video_id).values()) != {"done"}
    platform.inside(rerun)
    expect_whole(platform, video_id)
    platform.expect_clean()


def test_deleting_during_the_encode_ends_ffmpeg_and_removes_everything(new_platform: NewPlatform, film: Path) -> None:
    platform = new_platform(**FAST_FAULTS)
    video_id = platform.upload(film)
    encoding_the_second_chunk(platform, video_id)
    delete(platform, video_id)
    wait_for("ffmpeg to end", lambda: not platform.encoders(), 3, platform.log)
    assert platform.call("GET", f"/sproutvideo/v1/videos/{video_id}").status_code == 404
    for table in ("videos", "sources", "encode_jobs", "encode_pieces", "outputs"):
        assert platform.rows(f"SELECT * FROM {table}") == [], table
    time.sleep(1.0)  # what an encoder that did not notice would still put there
    platform.expect_clean()
    assert platform.stored() == []


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)], ids=["ctrl-c", "sigterm"]
)
def test_the_end_comes_within_ten_seconds_in_the_middle_of_work(
    new_platform: NewPlatform, film: Path, number: signal.Signals
) -> None:
    platform = new_platform(**FAST_FAULTS)
    video_id = platform.upload(film)
    before = encoding_the_second_chunk(platform, video_id)
    with _slow_reader(platform):
        assert platform.stop(number) < 10
    platform.start()
    expect_whole(platform, video_id)
    expect_encoded_once(platform, video_id, before)


class _slow_reader:  # noqa: N801  (reads as what it is where it is used)
    """A client that holds a connection open and sends its upload a byte at a time."""

    def __init__(self, platform: Platform) -> None:
        self._socket = socket.create_connection(("127.0.0.1", platform.port))
        self._over = threading.Event()
        head = f"POST /sproutvideo/v1/videos HTTP/1.1\r\nHost: x\r\nSproutVideo-Api-Key: {platform.key['api_key']}\r\n"
        head += "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\n"
        self._socket.sendall(head.encode())
        self._thread = threading.Thread(target=self._trickle, daemon=True)

    def _trickle(self) -> None:
        while not self._over.wait(0.2):
            try:
                self._socket.send(b"x")
            except OSError:
                return

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._socket.close()


def test_a_taken_port_is_told_and_ends_with_78(tmp_path: Path) -> None:
    platform = Platform(tmp_path)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", platform.port))
        holder.listen()
        done = subprocess.run(
            [*CLI, "serve"], env=platform.environment, cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 78
    assert f"Port {platform.port} on 127.0.0.1 is taken" in done.stderr
    assert f"FRAMEHOUSE_PORT={platform.port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_told_and_ends_with_78(tmp_path: Path) -> None:
    platform = Platform(tmp_path, port=free_port())
    wrong = {**os.environ, **platform.environment, "FRAMEHOUSE_CHUNK_S": "soon"}
    done = subprocess.run([*CLI, "serve"], env=wrong, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 78
    assert "chunk_s" in done.stderr
    assert "Traceback" not in done.stderr
