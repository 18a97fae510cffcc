"""What the store of encode jobs promises, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from framehouse import library
from framehouse.kernel import SourceId, TenantId, VideoId
from framehouse.library import Owner, Video
from framehouse.transcoding.job import SOUND, Job, JobState, PieceState
from framehouse.transcoding.store import jobs
from tests.contracts.library_house import House, open_house


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, tmp_path) as opened:
        yield opened


def a_job(house: House, video: Video, number: int = 1, **more: Any) -> Job:
    values: dict[str, Any] = {
        "state": JobState.WAITING, "reason": None, "plan": {"part": "ladder", "ü": [1.5, None]},
        "created_at": house.clock.now(), "started_at": None, "ended_at": None,
    }  # fmt: skip
    source = video.source_id or SourceId(1)
    return Job(2**47 + number, video.tenant_id, video.id, source, "dash_hls_720p", **{**values, **more})


async def inserted(house: House, owner: Owner, numbers: tuple[int, ...] = (SOUND, 0, 1), number: int = 1) -> Job:
    job = a_job(house, await house.video(owner), number)
    async with house.database.write() as tx:
        await jobs.insert(tx, job, numbers)
    return job


async def test_a_job_comes_back_as_it_went_in_with_its_pieces_in_order(house: House) -> None:
    job = await inserted(house, house.owner(), (1, SOUND, 0))
    async with house.database.read() as tx:
        assert await jobs.get(tx, job.id) == job
        assert await jobs.get(tx, job.id + 1) is None
        pieces = await jobs.pieces_of(tx, job.id)
    assert [(piece.number, piece.state, piece.attempts) for piece in pieces] == [
        (SOUND, PieceState.WAITING, 0),
        (0, PieceState.WAITING, 0),
        (1, PieceState.WAITING, 0),
    ]


async def test_jobs_are_found_by_tenant_and_video_oldest_first(house: House) -> None:
    owner = house.owner()
    first = await inserted(house, owner)
    second = Job(**{**vars(first), "id": first.id + 1, "created_at": first.created_at + timedelta(seconds=1)})
    async with house.database.write() as tx:
        await jobs.insert(tx, second, [])
    async with house.database.read() as tx:
        found = await jobs.of_video(tx, owner.tenant_id, first.video_id)
        assert [job.id for job in found] == [first.id, second.id]
        assert await jobs.of_video(tx, TenantId(house.owner().tenant_id), first.video_id) == []
        assert await jobs.of_video(tx, owner.tenant_id, VideoId(first.video_id ^ 1)) == []


async def test_attempts_are_counted_and_a_piece_ends_once(house: House) -> None:
    job = await inserted(house, house.owner())
    now = house.clock.now()
    async with house.database.write() as tx:
        await jobs.start_piece(tx, job.id, 0, "worker-1", now)
        await jobs.piece_progress(tx, job.id, 0, 60)
        await jobs.start_piece(tx, job.id, 0, "worker-2", now)
    async with house.database.read() as tx:
        piece = next(p for p in await jobs.pieces_of(tx, job.id) if p.number == 0)
    assert (piece.attempts, piece.executor_id, piece.progress_percent) == (2, "worker-2", 0)
    async with house.database.write() as tx:
        await jobs.end_piece(tx, job.id, 0, now, 1.25, {"720p": 96})
    async with house.database.read() as tx:
        ended, others = [], []
        for piece in await jobs.pieces_of(tx, job.id):
            (ended if piece.number == 0 else others).append(piece)
    assert (ended[0].state, ended[0].progress_percent, ended[0].cpu_s, ended[0].frames, ended[0].ended_at) == (
        PieceState.DONE, 100, 1.25, {"720p": 96}, now,
    )  # fmt: skip
    assert {piece.state for piece in others} == {PieceState.WAITING}


@pytest.mark.parametrize("state", JobState)
async def test_states_are_stored_with_their_times_and_reasons(house: House, state: JobState) -> None:
    job = await inserted(house, house.owner())
    now = house.clock.now()
    async with house.database.write() as tx:
        await jobs.set_state(tx, job.id, state, now, "because")
    async with house.database.read() as tx:
        found = await jobs.get(tx, job.id)
    assert found is not None
    assert (found.state, found.reason) == (state, "because")
    assert found.started_at == (now if state is JobState.ENCODING else None)
    assert found.ended_at == (now if state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED) else None)


async def test_a_plan_that_is_made_later_brings_its_pieces(house: House) -> None:
    job = await inserted(house, house.owner(), ())
    async with house.database.write() as tx:
        await jobs.set_plan(tx, job.id, {"part": "ladder", "fingerprint": "x"}, [0, 1])
    async with house.database.read() as tx:
        found = await jobs.get(tx, job.id)
        assert [piece.number for piece in await jobs.pieces_of(tx, job.id)] == [0, 1]
    assert found is not None
    assert found.plan == {"part": "ladder", "fingerprint": "x"}


async def test_a_piece_exists_once(house: House) -> None:
    job = await inserted(house, house.owner())
    with pytest.raises(IntegrityError):
        async with house.database.write() as tx:
            await jobs.set_plan(tx, job.id, {}, [0])


async def test_jobs_and_pieces_go_with_their_video(house: House) -> None:
    owner = house.owner()
    gone, stays = await inserted(house, owner), await inserted(house, owner, number=2)
    await library.delete_video(house.context, owner, gone.video_id)
    house.clock.advance(timedelta(seconds=1))
    await library.collect_garbage(house.context)
    async with house.database.read() as tx:
        assert await jobs.get(tx, gone.id) is None
        assert await jobs.pieces_of(tx, gone.id) == []
        assert await jobs.get(tx, stays.id) == stays
        assert len(await jobs.pieces_of(tx, stays.id)) == 3
