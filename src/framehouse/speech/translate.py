"""Translation of a caption: sentences in, sentences out, the same cues at the same times.

It is done in one go, which takes seconds to minutes: a killed worker's successor begins again (see `attempt`).
"""

import asyncio

import structlog

from framehouse import library
from framehouse.kernel import NotFound, to_hex
from framehouse.library import Caption, CaptionId, Owner
from framehouse.media import webvtt
from framehouse.media.cue_sentences import passages_of, put_back
from framehouse.speech.attempt import Abandoned, Reporter, publish, take_up
from framehouse.speech.context import SpeechContext
from framehouse.speech.languages import language_of
from framehouse.speech.model import SpeechJob

SOURCE_GONE = "The caption that was to be translated was deleted or generated again meanwhile."
log = structlog.get_logger(__name__)


async def translate(context: SpeechContext, job_id: int) -> None:
    """Make the caption of a translation job. Idempotent."""
    job = await take_up(context, job_id)
    if job is None:
        return
    try:
        source = await _source(context, job)
        cues = webvtt.parse(await library.caption_text(context.library, source))
        await publish(context, job, await _translated(context, job, source, cues))
    except Abandoned:
        log.info("translation was given up: it has ended or belongs to another worker", job=to_hex(job.id))


async def _source(context: SpeechContext, job: SpeechJob) -> Caption:
    assert job.source_caption_id is not None  # every translation is inserted with one
    caption_id = CaptionId(job.source_caption_id)
    try:
        return await library.get_caption(context.library, Owner(job.tenant_id), job.video_id, caption_id)
    except NotFound as error:
        raise NotFound(SOURCE_GONE) from error


async def _translated(
    context: SpeechContext, job: SpeechJob, source: Caption, cues: tuple[webvtt.Cue, ...]
) -> tuple[webvtt.Cue, ...]:
    spoken, wanted = language_of(source.language), language_of(job.language)
    translator = context.engines.translator(spoken, wanted)
    passages = await asyncio.to_thread(passages_of, cues)
    texts = [passage.text for passage in passages if passage.has_words]
    reporter = Reporter(context, job)
    await reporter.name_engine(translator.name)
    with context.workspace() as folder:
        found = iter(await translator.translate(texts, spoken, wanted, folder, progress=reporter.progress))
    translations = [next(found) if passage.has_words else "" for passage in passages]
    return await asyncio.to_thread(put_back, cues, passages, translations)
