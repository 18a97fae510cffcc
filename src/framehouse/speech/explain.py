"""What is made of a video's speech, and what that waits for; for people."""

from framehouse.infra.workflows import SPEECH
from framehouse.speech.model import SpeechJob, SpeechState


def tell(job: SpeechJob) -> str:
    """One line for a job."""
    told = f"subtitle {job.language} ({job.kind.value} by {job.engine}): {job.state}"
    if job.state is SpeechState.RUNNING:
        told += f", {job.progress_percent}%, attempt {job.attempts}"
    if job.state is SpeechState.QUEUED:
        told += f" in queue `{SPEECH}`"
    return told + (f" — {job.reason}" if job.reason else "")
