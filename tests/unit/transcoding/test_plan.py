"""The plan that every attempt recomputes from what was stored with its job."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from framehouse.kernel import Conflict, SourceId, TenantId, VideoId
from framehouse.transcoding.job import SOUND, Job, JobState
from framehouse.transcoding.plan import FIRST, WHOLE, checked_ladder, chunks_of, fingerprint, ladder_of, piece_numbers

PICTURE: dict[str, Any] = {
    "index": 0, "codec_type": "video", "codec_name": "mpeg4", "width": 1920, "height": 1080, "pix_fmt": "yuv420p",
    "sample_aspect_ratio": "1:1", "r_frame_rate": "25/1", "avg_frame_rate": "25/1", "time_base": "1/12800",
    "start_time": "0.000000", "duration": "130.000000", "nb_frames": "3250", "field_order": "progressive",
    "disposition": {"default": 1},
}  # fmt: skip
TONE: dict[str, Any] = {
    "index": 1, "codec_type": "audio", "codec_name": "mp3", "channels": 2, "channel_layout": "stereo",
    "sample_rate": "48000", "start_time": "0.000000", "duration": "130.000000", "disposition": {"default": 1},
}  # fmt: skip
FORMAT = {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "start_time": "0.000000", "duration": "130.000000", "size": "1000"}


def a_job(*streams: dict[str, Any], part: str = WHOLE, chunk_s: int = 60, preset: str = "dash_hls_1080p") -> Job:
    plan: dict[str, Any] = {"part": part, "probe": {"streams": list(streams), "format": FORMAT}, "chunk_s": chunk_s}
    job = Job(
        1, TenantId(UUID(int=1)), VideoId(2), SourceId(3), preset, JobState.WAITING, None, plan,
        datetime(2026, 1, 1, tzinfo=UTC), None, None,
    )  # fmt: skip
    plan["fingerprint"] = fingerprint(ladder_of(job))
    return job


def test_every_attempt_plans_the_same() -> None:
    job = a_job(PICTURE, TONE)
    assert ladder_of(job) == ladder_of(replace(job))
    assert checked_ladder(job) == ladder_of(job)


def test_pieces_are_the_sound_and_each_chunk() -> None:
    assert piece_numbers(a_job(PICTURE, TONE)) == [SOUND, 0, 1]
    assert piece_numbers(a_job(PICTURE, TONE, chunk_s=40)) == [SOUND, 0, 1, 2]
    assert piece_numbers(a_job(PICTURE)) == [0, 1]
    assert piece_numbers(a_job(TONE)) == [SOUND]


@pytest.mark.parametrize("chunk_s", [4, 40, 60, 3600])
def test_chunks_cover_every_frame_once(chunk_s: int) -> None:
    job = a_job(PICTURE, TONE, chunk_s=chunk_s)
    ladder = ladder_of(job)
    chunks = chunks_of(job, ladder)
    assert sum(chunk.span.count for chunk in chunks) == ladder.frames == 3250
    starts = [sum(chunk.span.count for chunk in chunks[:n]) for n in range(len(chunks))]
    assert [chunk.span.first for chunk in chunks] == starts


def test_the_first_rung_is_the_nearest_to_360p_with_the_same_sound() -> None:
    whole, first = ladder_of(a_job(PICTURE, TONE)), ladder_of(a_job(PICTURE, TONE, part=FIRST))
    assert [rung.name for rung in first.rungs] == ["360p"]
    assert first.rungs[0] in whole.rungs
    assert (first.audio, first.frames, first.timeline) == (whole.audio, whole.frames, whole.timeline)


def test_a_newer_version_that_plans_otherwise_says_so_instead_of_mixing() -> None:
    job = a_job(PICTURE, TONE)
    assert job.plan is not None
    job.plan["fingerprint"] = "0" * 16
    with pytest.raises(Conflict, match="run it again"):
        checked_ladder(job)


def test_what_changes_the_outcome_changes_the_fingerprint() -> None:
    other = {**PICTURE, "width": 1280, "height": 720}
    kinds = [a_job(PICTURE, TONE), a_job(other, TONE), a_job(PICTURE), a_job(PICTURE, TONE, preset="dash_hls_720p")]
    assert len({fingerprint(ladder_of(job)) for job in kinds}) == len(kinds)
