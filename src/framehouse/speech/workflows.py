"""Binds this room's durable works to its use cases, and says what a failure of each means for the job."""

from collections.abc import Sequence
from typing import Any

from framehouse.infra.process import ProcessFailed, ProcessTimedOut
from framehouse.infra.workflows import WorkRuntime
from framehouse.kernel import FramehouseError
from framehouse.speech import works
from framehouse.speech.attempt import fail
from framehouse.speech.context import SpeechContext
from framehouse.speech.recognise import recognise
from framehouse.speech.translate import translate


def register(runtime: WorkRuntime, context: SpeechContext) -> None:
    """Called once by each worker before it starts."""

    async def recognition(job: int) -> None:
        await recognise(context, job)

    async def translation(job: int) -> None:
        await translate(context, job)

    async def failed(arguments: Sequence[Any], error: BaseException) -> None:
        await fail(context, arguments[0], reason_for(error))

    runtime.register(works.RECOGNISE, recognition, on_failure=failed)
    runtime.register(works.TRANSLATE, translation, on_failure=failed)


def reason_for(error: BaseException) -> str:
    """A sentence for the owner; what only a developer understands is in the log under the job's id."""
    if isinstance(error, FramehouseError):
        return error.message
    if isinstance(error, ProcessTimedOut):
        return "The work took longer than FRAMEHOUSE_SPEECH_TIMEOUT_S allows."
    if isinstance(error, ProcessFailed):
        return f"The speech engine failed: {error}"
    return f"An internal error ended the work ({type(error).__name__}); the log has its details. Ask for it again."
