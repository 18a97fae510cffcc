"""Processes killed in every phase: nothing is lost, nothing is done twice but the piece in flight, nothing is left."""

import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.e2e.adopted import wait_for
from tests.e2e.conftest import NewPlatform
from tests.e2e.part_upload import PartUpload
from tests.e2e.platform import Platform
from tests.e2e.three_chunks import (
    FAST_FAULTS,
    delete,
    encoding_the_second_chunk,
    expect_encoded_once,
    expect_whole,
    states,
)

PART_BYTES = 256 * 1024


Fault = Callable[[Platform], None]


def kill_worker(platform: Platform) -> None:
    platform.kill_role("worker-1")


def kill_serve(platform: Platform) -> None:
    platform.kill_serve()
    platform.start()


def kill_everything(platform: Platform) -> None:
    platform.kill_everything()
    platform.start()


def kill_api(platform: Platform) -> None:
    old = platform.kill_role("api")
    wait_for("a new api", lambda: platform.roles().get("api", old) != old, 20, platform.log)
    platform.wait_ready()


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "fault",
    [kill_worker, pytest.param(kill_serve, marks=pytest.mark.soak), kill_everything],
    ids=lambda fault: fault.__name__,
)
def test_killed_in_every_phase_the_same_video_completes(fault: Fault, new_platform: NewPlatform, film: Path) -> None:
    """One installation, one film for each phase: while it is inspected, encoded, and finished."""
    platform = new_platform(**FAST_FAULTS)
    _while_inspecting(platform, film, fault)
    _while_encoding(platform, film, fault)
    _while_finishing(platform, film, fault)
    platform.expect_clean()


def _while_inspecting(platform: Platform, film: Path, fault: Fault) -> None:
    video_id = platform.upload(film)
    fault(platform)  # the answer came when the row was there: the inspection has begun, or is about to
    wait_for("a job", lambda: platform.pieces(video_id), 90, platform.log)
    delete(platform, video_id)


def _while_encoding(platform: Platform, film: Path, fault: Fault) -> None:
    video_id = platform.upload(film)
    before = encoding_the_second_chunk(platform, video_id)
    fault(platform)
    expect_whole(platform, video_id)
    expect_encoded_once(platform, video_id, before)
    delete(platform, video_id)


def _while_finishing(platform: Platform, film: Path, fault: Fault) -> None:
    video_id = platform.upload(film)

    def finishing() -> bool:
        found = platform.rows("SELECT state FROM encode_jobs WHERE video_id = :id", id=int(video_id, 16))
        return [row["state"] for row in found] == ["finishing"]

    wait_for("the finish", finishing, 90, platform.log)
    before = states(platform, video_id)
    fault(platform)
    expect_whole(platform, video_id)
    expect_encoded_once(platform, video_id, before, attempts_max=1)
    delete(platform, video_id)


def test_a_killed_api_takes_no_work_with_it_and_uploads_in_parts_go_on(new_platform: NewPlatform, film: Path) -> None:
    platform = new_platform(**FAST_FAULTS)
    encoded = platform.upload(film)
    data = film.read_bytes()
    parts = [data[start : start + PART_BYTES] for start in range(0, len(data), PART_BYTES)]
    upload = PartUpload(platform, len(data))
    upload.put(2, parts[1], len(parts[1]))
    kill_api(platform)
    upload.put(1, parts[0], len(parts[0]))
    platform.kill_everything()
    platform.start()
    for number, part in enumerate(parts[2:], start=3):
        upload.put(number, part, len(part))
    video_id = upload.completed()
    assert upload.completed() == video_id
    expect_whole(platform, encoded)
    expect_whole(platform, video_id)
    platform.expect_clean()


def test_a_worker_that_never_comes_back_is_replaced_by_the_other(new_platform: NewPlatform, film: Path) -> None:
    """Stopped, not killed: its supervisor sees it living, and only its lease tells."""
    platform = new_platform(**FAST_FAULTS, encode_workers=2)
    video_id = platform.upload(film)
    before = encoding_the_second_chunk(platform, video_id)
    running = [number for number, state in before.items() if state == "running" and number >= 0]
    slot = str(platform.pieces(video_id)[running[0]]["executor_id"]).rpartition("-")[2]
    frozen = psutil.Process(platform.roles()[f"worker-{slot}"])
    children = frozen.children(recursive=True)
    for process in (*children, frozen):
        process.send_signal(signal.SIGSTOP)
    try:
        expect_whole(platform, video_id)
    finally:
        for process in (*children, frozen):
            if process.is_running():
                process.send_signal(signal.SIGKILL)
    wait_for("its working files to go at its next start", lambda: not platform.scratch_files(), 60, platform.log)
    pieces = platform.pieces(video_id)
    assert all(pieces[number]["attempts"] == 1 for number, state in before.items() if state == "done")
    assert not str(pieces[running[0]]["executor_id"]).endswith(f"-{slot}"), "the other worker took it over"
