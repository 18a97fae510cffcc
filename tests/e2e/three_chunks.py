"""A film of three chunks, and what the fault tests ask of it: how far its encode is, whether all of it came out."""

from pathlib import Path

from tests.e2e.adopted import wait_for
from tests.e2e.platform import Platform
from tests.e2e.run_tools import make
from tests.e2e.second_player import expect_film, watch

SECONDS = 12
# What a fault test wants: chunks of one segment, a worker that is taken for dead soon.
FAST_FAULTS: dict[str, object] = {"chunk_s": 4, "worker_lease_s": 2}


def make_film(folder: Path) -> Path:
    """A second or more for each chunk: noise is hard to encode, and MPEG-4 part 2 is not published by cutting."""
    path = folder / "film.mkv"
    picture = ["-f", "lavfi", "-i", f"testsrc2=s=640x360:r=30:d={SECONDS},noise=alls=40:allf=t"]
    sound = ["-f", "lavfi", "-i", f"sine=440:r=48000:d={SECONDS}"]
    make(*picture, *sound, "-c:v", "mpeg4", "-q:v", "6", "-g", "30", "-c:a", "libmp3lame", path)
    return path


def expect_whole(platform: Platform, video_id: str) -> None:
    """The film of the fixture is deployed, and its every rung decodes from beginning to end."""
    video = platform.wait_state(video_id, "deployed", timeout_s=150)
    config = platform.embed(video)
    expect_film(watch(platform.base + config["manifests"]["hls"]), SECONDS, video=True, sounds=1, slack_s=0.1)


def states(platform: Platform, video_id: str) -> dict[int, str]:
    return {number: piece["state"] for number, piece in platform.pieces(video_id).items()}


def encoding_the_second_chunk(platform: Platform, video_id: str) -> dict[int, str]:
    """Wait until one chunk is done and another one is being encoded; the pieces' states at that time."""

    def look() -> dict[int, str] | None:
        now = states(platform, video_id)
        chunks = [state for number, state in now.items() if number >= 0]
        return now if "done" in chunks and "running" in chunks and platform.encoders() else None

    return wait_for("one chunk done and one running", look, 90, platform.log)


def expect_encoded_once(platform: Platform, video_id: str, done_before: dict[int, str], attempts_max: int = 2) -> None:
    """Pieces that were done before the fault were encoded once; no other one more than twice."""
    pieces = platform.pieces(video_id)
    assert sorted(pieces) == [-1, 0, 1, 2]
    for number, piece in pieces.items():
        assert piece["state"] == "done"
        allowed = 1 if done_before.get(number) == "done" else attempts_max
        assert 1 <= piece["attempts"] <= allowed, (number, pieces, done_before)


def delete(platform: Platform, video_id: str) -> None:
    assert platform.call("DELETE", f"/sproutvideo/v1/videos/{video_id}").status_code == 200
    wait_for("the row to go", lambda: not rows_of(platform, video_id), 30, platform.log)


def rows_of(platform: Platform, video_id: str) -> list[dict[str, object]]:
    return platform.rows("SELECT id FROM videos WHERE id = :id", id=int(video_id, 16))
