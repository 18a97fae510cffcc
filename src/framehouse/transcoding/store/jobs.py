"""Encode jobs and their pieces in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId, VideoId
from framehouse.transcoding.job import Job, JobState, Piece, PieceState
from framehouse.transcoding.store.tables import jobs, pieces


async def insert(tx: Transaction, job: Job, piece_numbers: Sequence[int]) -> None:
    await tx.execute(sa.insert(jobs).values(**{**job.__dict__, "state": job.state.value}))
    await _insert_pieces(tx, job.id, piece_numbers)


async def set_plan(tx: Transaction, job_id: int, plan: dict[str, Any], piece_numbers: Sequence[int]) -> None:
    await tx.execute(sa.update(jobs).where(jobs.c.id == job_id).values(plan=plan))
    await _insert_pieces(tx, job_id, piece_numbers)


async def _insert_pieces(tx: Transaction, job_id: int, numbers: Sequence[int]) -> None:
    rows = [
        {"job_id": job_id, "number": number, "state": PieceState.WAITING.value, "progress_percent": 0, "attempts": 0}
        for number in numbers
    ]
    if rows:
        await tx.execute(sa.insert(pieces), rows)


async def get(tx: Transaction, job_id: int, *, lock: bool = False) -> Job | None:
    """Unscoped: for durable work, which carries the job's id; a caller from outside goes through its video."""
    statement = sa.select(jobs).where(jobs.c.id == job_id)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return _job(row) if row is not None else None


async def of_video(tx: Transaction, tenant_id: TenantId, video_id: VideoId) -> list[Job]:
    statement = sa.select(jobs).where(jobs.c.tenant_id == tenant_id, jobs.c.video_id == video_id)
    return [_job(row) for row in await tx.execute(statement.order_by(jobs.c.created_at))]


async def pieces_of(tx: Transaction, job_id: int) -> list[Piece]:
    found = await tx.execute(sa.select(pieces).where(pieces.c.job_id == job_id).order_by(pieces.c.number))
    return [_piece(row) for row in found]


async def start_piece(tx: Transaction, job_id: int, number: int, executor_id: str, now: datetime) -> None:
    await _update_piece(
        tx,
        job_id,
        number,
        {
            "state": PieceState.RUNNING.value,
            "executor_id": executor_id,
            "started_at": now,
            "progress_percent": 0,
            "attempts": pieces.c.attempts + 1,
        },
    )


async def piece_progress(tx: Transaction, job_id: int, number: int, percent: int) -> None:
    await _update_piece(tx, job_id, number, {"progress_percent": percent})


async def end_piece(
    tx: Transaction, job_id: int, number: int, now: datetime, cpu_s: float, frames: dict[str, int]
) -> None:
    await _update_piece(
        tx,
        job_id,
        number,
        {"state": PieceState.DONE.value, "progress_percent": 100, "ended_at": now, "cpu_s": cpu_s, "frames": frames},
    )


async def _update_piece(tx: Transaction, job_id: int, number: int, values: dict[str, Any]) -> None:
    await tx.execute(sa.update(pieces).where(pieces.c.job_id == job_id, pieces.c.number == number).values(values))


async def set_state(tx: Transaction, job_id: int, state: JobState, now: datetime, reason: str | None = None) -> None:
    values: dict[str, Any] = {"state": state.value, "reason": reason}
    if state is JobState.ENCODING:
        values["started_at"] = now
    elif state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED):
        values["ended_at"] = now
    await tx.execute(sa.update(jobs).where(jobs.c.id == job_id).values(values))


def _job(row: Any) -> Job:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for it)
    values["state"] = JobState(row.state)
    return Job(**values)


def _piece(row: Any) -> Piece:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001  (as above)
    values["state"] = PieceState(row.state)
    return Piece(**values)


async def ended_between(tx: Transaction, after: datetime, until: datetime) -> list[tuple[str, str, float]]:
    """Preset, state and duration in seconds of the jobs that ended in (after, until]; of all tenants."""
    statement = sa.select(jobs.c.preset, jobs.c.state, jobs.c.created_at, jobs.c.ended_at)
    found = await tx.execute(statement.where(jobs.c.ended_at > after, jobs.c.ended_at <= until))
    return [(row.preset, row.state, (row.ended_at - row.created_at).total_seconds()) for row in found]


async def cpu_between(tx: Transaction, after: datetime, until: datetime) -> float:
    """CPU seconds of the pieces that ended in (after, until]; of all tenants."""
    total = sa.select(sa.func.coalesce(sa.func.sum(pieces.c.cpu_s), 0.0))
    found = await tx.execute(total.where(pieces.c.ended_at > after, pieces.c.ended_at <= until))
    return float(found.scalar_one())
