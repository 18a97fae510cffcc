"""Ids of durable work, and what people are told of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from framehouse.infra.process import Completed, ProcessFailed
from framehouse.infra.workflows import WorkStatus
from framehouse.kernel import InvalidInput, SourceId, TenantId, VideoId
from framehouse.library import OutputId, SourceRole
from framehouse.transcoding import works
from framehouse.transcoding.explain import JobReport, tell
from framehouse.transcoding.job import SOUND, Job, JobState, Piece, PieceState
from framehouse.transcoding.workflows import reason_for

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TENANT, VIDEO, SOURCE = TenantId(UUID(int=7)), VideoId(0xABC), SourceId(0xDEF)
JOB = Job(0x123, TENANT, VIDEO, SOURCE, "dash_hls_720p", JobState.ENCODING, None, {"part": "ladder"}, NOW, NOW, None)
PIECE = Piece(JOB.id, 0, PieceState.WAITING, 0, 0, None, None, None, None, None)


def test_work_of_a_job_is_found_by_its_prefixes_and_no_other_work_is() -> None:
    prefixes = tuple(works.prefixes_of(JOB.id))
    own = [works.preparation(JOB.id), works.piece(JOB.id, SOUND, 1), works.piece(JOB.id, 12, 1)]
    for work in (*own, works.finishing(JOB.id)):
        assert work.id.startswith(prefixes)
    for work in (
        works.piece(JOB.id + 1, 0, 1),
        works.finishing(JOB.id << 4),
        works.inspection(TENANT, VIDEO, SOURCE),
        works.images(TENANT, VIDEO, SOURCE),
        works.custom_poster(TENANT, VIDEO, OutputId(JOB.id)),
    ):
        assert not work.id.startswith(prefixes)


def test_a_rerun_is_another_work_and_repetition_is_the_same() -> None:
    first = works.inspection(TENANT, VIDEO, SOURCE)
    assert works.inspection(TENANT, VIDEO, SOURCE).id == first.id
    assert works.inspection(TENANT, VIDEO, SOURCE, 2).id != first.id
    assert len({works.piece(JOB.id, number, 1).id for number in (SOUND, 0, 1, 11)}) == 4


def test_the_first_rung_goes_before_every_ladder() -> None:
    first = works.piece(JOB.id, 0, works.FIRST_PRIORITY).priority
    ladder = works.piece(JOB.id, 0, works.LADDER_PRIORITY).priority
    assert first is not None
    assert ladder is not None
    assert first < ladder


def test_uploaded_posters_of_a_video_are_found_by_their_prefix_and_each_is_made_once() -> None:
    prefix = works.custom_poster_prefix(VIDEO)
    first, second = (works.custom_poster(TENANT, VIDEO, OutputId(number)) for number in (1, 2))
    assert first.id.startswith(prefix)
    assert first.id != second.id
    assert not works.custom_poster(TENANT, VideoId(VIDEO << 4), OutputId(1)).id.startswith(prefix)


def test_arguments_are_plain_json() -> None:
    assert works.inspection(TENANT, VIDEO, SOURCE).arguments == (str(TENANT), VIDEO, SOURCE)
    assert works.piece(JOB.id, SOUND, 1).arguments == (JOB.id, SOUND)


def told(piece: Piece, *work: WorkStatus) -> str:
    return "\n".join(tell(JobReport(JOB, [piece], list(work), 3)))


def test_whatever_waits_says_what_it_waits_for() -> None:
    waiting = WorkStatus("piece:1", works.ENCODE_PIECE, "ENQUEUED", "encode", None, "")
    text = told(PIECE, waiting)
    assert "chunk 0: waits for a worker" in text
    assert "waits in queue `encode`; 3 works wait in all queues" in text


def test_whatever_runs_says_where_and_how_far() -> None:
    running = replace(PIECE, number=SOUND, state=PieceState.RUNNING, progress_percent=40, executor_id="m-1", attempts=2)
    text = told(running, WorkStatus("piece:1", works.ENCODE_PIECE, "PENDING", "encode", "m-1", ""))
    assert "sound: 40% on m-1, attempt 2" in text
    assert "runs on m-1" in text


def test_whatever_ended_says_how_long_it_took_or_why() -> None:
    done = replace(PIECE, state=PieceState.DONE, started_at=NOW, ended_at=NOW + timedelta(seconds=2.5))
    assert "chunk 0: done in 2.5 s" in told(done)
    failed = JobReport(replace(JOB, state=JobState.FAILED, reason="No picture."), [], [], 0)
    assert tell(failed) == ["job 000000000123 (dash_hls_720p, ladder): failed — No picture."]


@pytest.mark.parametrize(
    ("role", "told"),
    [
        (SourceRole.CURRENT, "(dash_hls_720p, ladder)"),
        (SourceRole.REPLACEMENT, "(dash_hls_720p, ladder, of the replacement)"),
        (None, "(dash_hls_720p, ladder, of media it does not have any more)"),
    ],
)
def test_a_job_says_which_media_it_is_for(role: SourceRole | None, told: str) -> None:
    assert tell(JobReport(JOB, [], [], 0, role)) == [f"job 000000000123 {told}: encoding"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (InvalidInput("Send a film."), "Send a film."),
        (
            ProcessFailed(Completed((str(Path("/opt/ffmpeg")),), 1, b"", "x\nBad frame", 0.0, 0.0, 0)),
            "The encoder failed: ffmpeg exited with code 1: Bad frame",
        ),
        (OSError(22, "Invalid argument"), "An internal error ended the work (OSError); the log has its details."),
    ],
)
def test_a_failure_has_a_reason_for_its_owner(error: Exception, reason: str) -> None:
    assert reason_for(error).startswith(reason)
