"""Speech jobs in the database."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from framehouse.infra.transaction import Transaction
from framehouse.kernel import TenantId, VideoId
from framehouse.speech.model import ENDED, SpeechJob, SpeechKind, SpeechState
from framehouse.speech.store.tables import speech_jobs


async def insert(tx: Transaction, job: SpeechJob) -> None:
    values = {**job.__dict__, "kind": job.kind.value, "state": job.state.value}
    await tx.execute(sa.insert(speech_jobs).values(**values))


async def get(tx: Transaction, job_id: int, *, lock: bool = False) -> SpeechJob | None:
    """Unscoped: for durable work, which carries the job's id; a caller from outside goes through its video."""
    statement = sa.select(speech_jobs).where(speech_jobs.c.id == job_id)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return _job(row) if row is not None else None


async def of_video(tx: Transaction, tenant_id: TenantId, video_id: VideoId) -> list[SpeechJob]:
    """Newest first."""
    mine = sa.select(speech_jobs).where(speech_jobs.c.tenant_id == tenant_id, speech_jobs.c.video_id == video_id)
    found = await tx.execute(mine.order_by(speech_jobs.c.created_at.desc(), speech_jobs.c.id.desc()))
    return [_job(row) for row in found]


async def set_state(
    tx: Transaction, job_id: int, state: SpeechState, now: datetime, *, reason: str | None = None
) -> None:
    values: dict[str, Any] = {"state": state.value, "reason": reason}
    if state is SpeechState.RUNNING:
        values |= {"started_at": now, "attempts": speech_jobs.c.attempts + 1}
    elif state in ENDED:
        values["ended_at"] = now
    await tx.execute(sa.update(speech_jobs).where(speech_jobs.c.id == job_id).values(values))


async def set_done(tx: Transaction, job_id: int, now: datetime, caption_id: int) -> None:
    await set_state(tx, job_id, SpeechState.DONE, now)
    values = {"caption_id": caption_id, "progress_percent": 100}
    await tx.execute(sa.update(speech_jobs).where(speech_jobs.c.id == job_id).values(values))


async def set_progress(tx: Transaction, job: SpeechJob, percent: int) -> bool:
    """False when the job is gone, has ended, or was taken up by another attempt than the one that `job` is of."""
    mine = (
        speech_jobs.c.id == job.id,
        speech_jobs.c.attempts == job.attempts,
        speech_jobs.c.state == SpeechState.RUNNING.value,
    )
    done = await tx.execute(sa.update(speech_jobs).where(*mine).values(progress_percent=percent))
    return done.rowcount > 0


async def set_engine(tx: Transaction, job_id: int, engine: str) -> None:
    await tx.execute(sa.update(speech_jobs).where(speech_jobs.c.id == job_id).values(engine=engine))


def _job(row: Any) -> SpeechJob:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's public name for it)
    values["kind"] = SpeechKind(row.kind)
    values["state"] = SpeechState(row.state)
    return SpeechJob(**values)
