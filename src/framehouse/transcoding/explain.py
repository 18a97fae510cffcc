"""What the work on a video has done, does now and waits for; for people."""

from dataclasses import dataclass

from framehouse import library
from framehouse.infra.workflows import WorkClient, WorkStatus
from framehouse.kernel import VideoId
from framehouse.transcoding import works
from framehouse.transcoding.job import SOUND, Job, Piece, PieceState
from framehouse.transcoding.store import jobs

OTHER_MEDIA = {library.SourceRole.REPLACEMENT: "of the replacement", None: "of media it does not have any more"}


@dataclass(frozen=True)
class JobReport:
    job: Job
    pieces: list[Piece]
    work: list[WorkStatus]
    ahead: int
    role: library.SourceRole | None = library.SourceRole.CURRENT


async def explain_jobs(
    context: library.LibraryContext, work: WorkClient, owner: library.Owner, video: library.Video
) -> list[JobReport]:
    """Every job of a video with its pieces and what its queues hold before it."""
    async with context.database.read() as tx:
        found = await jobs.of_video(tx, owner.tenant_id, video.id)
        pieces = {job.id: await jobs.pieces_of(tx, job.id) for job in found}
    lengths = await work.queue_lengths()
    ahead = sum(lengths.values())
    return [
        JobReport(
            job,
            pieces[job.id],
            await work.describe(works.prefixes_of(job.id)),
            ahead,
            library.role_of(video, job.source_id),
        )
        for job in found
    ]


async def explain_poster(work: WorkClient, video_id: VideoId) -> list[str]:
    """What became of the poster frames that were uploaded, in lines, as long as their work is remembered."""
    return [
        f"uploaded poster frame {status.id.rpartition(':')[2]}: {status.status.lower()} {status.error}".rstrip()
        for status in await work.describe([works.custom_poster_prefix(video_id)])
    ]


def tell(report: JobReport) -> list[str]:
    """A job in lines: state, pieces, and the reason for whatever does not move."""
    job = report.job
    part = job.plan["part"] if job.plan else "?"
    media = "" if report.role is library.SourceRole.CURRENT else f", {OTHER_MEDIA[report.role]}"
    reason = f" — {job.reason}" if job.reason else ""
    lines = [f"job {job.id:012x} ({job.preset}, {part}{media}): {job.state}{reason}"]
    for piece in report.pieces:
        name = "sound" if piece.number == SOUND else f"chunk {piece.number}"
        lines.append(f"  {name}: {_piece(piece)}")
    for status in report.work:
        if status.status in ("ENQUEUED", "DELAYED"):
            lines.append(f"  {status.name} waits in queue `{status.queue}`; {report.ahead} works wait in all queues")
        elif status.status == "PENDING":
            lines.append(f"  {status.name} runs on {status.executor_id}")
        elif status.status in ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"):
            lines.append(f"  {status.name}: {status.status.lower()} {status.error}".rstrip())
    return lines


def _piece(piece: Piece) -> str:
    if piece.state is PieceState.WAITING:
        return "waits for a worker"
    told = f"{piece.progress_percent}% on {piece.executor_id}" if piece.state is PieceState.RUNNING else "done"
    if piece.started_at and piece.ended_at and piece.state is PieceState.DONE:
        told += f" in {(piece.ended_at - piece.started_at).total_seconds():.1f} s"
    return told + (f", attempt {piece.attempts}" if piece.attempts > 1 else "")
