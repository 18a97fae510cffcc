"""The durable works of this room: their stable names, their queue and ids. An id names its work for ever."""

from framehouse.infra.transaction import Work
from framehouse.infra.workflows import SPEECH
from framehouse.kernel import to_hex
from framehouse.speech.model import SpeechJob, SpeechKind

RECOGNISE = "speech.recognise"
TRANSLATE = "speech.translate"
_NAMES = {SpeechKind.RECOGNITION: RECOGNISE, SpeechKind.TRANSLATION: TRANSLATE}


def work_of(job: SpeechJob) -> Work:
    return Work(_NAMES[job.kind], SPEECH, work_id(job.id), (job.id,))


def work_id(job_id: int) -> str:
    return f"speech:{to_hex(job_id)}"
