"""Asking for a subtitle: checked at once, made by durable work, and asked about until it is there."""

from dataclasses import replace

from framehouse.infra.transaction import Transaction
from framehouse.kernel import Conflict, InvalidInput, NotFound, VideoId, new_content_id
from framehouse.library import (
    Caption,
    CaptionId,
    CaptionOrigin,
    LibraryContext,
    Owner,
    Video,
    get_caption,
    list_captions,
    video_for_work,
)
from framehouse.speech.languages import Language, language_of
from framehouse.speech.model import ENDED, SpeechJob, SpeechKind, SpeechState
from framehouse.speech.ports import Engines
from framehouse.speech.sound import WAITS_FOR_MEDIA, sound_of
from framehouse.speech.store import jobs
from framehouse.speech.works import work_of


async def request_recognition(
    context: LibraryContext, engines: Engines, owner: Owner, video_id: VideoId, language: str
) -> SpeechJob:
    """Have the video's sound written down in the language that is spoken in it (a tag or an English name).

    The result is one caption of origin GENERATED, which takes the place of an earlier one in that language. While such
    a job is unfinished it is returned again. A job for a video whose file is still on its way, or not yet inspected,
    waits for that. Raises NotFound for the video; InvalidInput for a language that nothing installed recognises, with
    what to install, and for a video without sound; Conflict for one that has no file or a file nobody can read.
    """
    wanted = language_of(language)
    engine = engines.recogniser(wanted).name
    async with context.database.write() as tx:
        video = await _locked(tx, owner, video_id)
        running = await _unfinished(tx, video, SpeechKind.RECOGNITION, wanted.tag)
        if running is not None:
            return running
        ready = await sound_of(tx, video, wanted) is not None
        job = _new_job(context, video, SpeechKind.RECOGNITION, wanted, engine)
        if not ready:
            job = replace(job, state=SpeechState.WAITING, reason=WAITS_FOR_MEDIA)
        await jobs.insert(tx, job)
        if ready:
            await tx.enqueue(work_of(job))
    return job


async def request_translation(
    context: LibraryContext,
    engines: Engines,
    owner: Owner,
    video_id: VideoId,
    source_caption_id: CaptionId | None,
    target_language: str,
) -> SpeechJob:
    """Have a caption translated; without an id one that people wrote is taken before a generated one.

    The result is one caption of origin TRANSLATED with the cues and times of its source, which takes the place of an
    earlier one in that language. While such a job is unfinished it is returned again. Raises NotFound for the video
    and the caption, and when there is nothing to translate; InvalidInput for a pair that nothing installed translates,
    with what to install; Conflict while the subtitle is being generated or another one is being translated.
    """
    target = language_of(target_language)
    if source_caption_id is None:
        source = await _chosen(context, engines, owner, video_id, target)
    else:
        source = await get_caption(context, owner, video_id, source_caption_id)
    engine = engines.translator(_another(source, target), target).name
    async with context.database.write() as tx:
        video = await _locked(tx, owner, video_id)
        running = await _unfinished(tx, video, SpeechKind.TRANSLATION, target.tag)
        if running is not None and running.source_caption_id != source.id:
            raise Conflict(f"another caption is being translated to {target.name}: wait until that is done")
        if running is not None:
            return running
        job = _new_job(context, video, SpeechKind.TRANSLATION, target, engine)
        job = replace(job, source_caption_id=source.id)
        await jobs.insert(tx, job)
        await tx.enqueue(work_of(job))
    return job


async def jobs_of(context: LibraryContext, owner: Owner, video_id: VideoId) -> tuple[SpeechJob, ...]:
    """All jobs of a video, newest first. NotFound for the video."""
    async with context.database.read() as tx:
        if await video_for_work(tx, owner.tenant_id, video_id, lock=False) is None:
            raise NotFound("there is no such video")
        return tuple(await jobs.of_video(tx, owner.tenant_id, video_id))


async def job_of(context: LibraryContext, owner: Owner, video_id: VideoId, job_id: int) -> SpeechJob:
    """NotFound for the video and for a job that is not one of its."""
    found = [job for job in await jobs_of(context, owner, video_id) if job.id == job_id]
    if not found:
        raise NotFound("there is no such job")
    return found[0]


async def _locked(tx: Transaction, owner: Owner, video_id: VideoId) -> Video:
    """Locked, so that two requests at the same time find each other's job."""
    video = await video_for_work(tx, owner.tenant_id, video_id)
    if video is None:
        raise NotFound("there is no such video")
    return video


async def _unfinished(tx: Transaction, video: Video, kind: SpeechKind, language: str | None = None) -> SpeechJob | None:
    found = await jobs.of_video(tx, video.tenant_id, video.id)
    mine = (job for job in found if job.kind is kind and job.state not in ENDED)
    return next((job for job in mine if language in (None, job.language)), None)


async def _chosen(
    context: LibraryContext, engines: Engines, owner: Owner, video_id: VideoId, target: Language
) -> Caption:
    """The best caption to translate from: written by people rather than generated, and in a language that can be."""
    captions = await list_captions(context, owner, video_id)
    written = [caption for caption in captions if caption.origin in (CaptionOrigin.UPLOADED, CaptionOrigin.EMBEDDED)]
    generated = [caption for caption in captions if caption.origin is CaptionOrigin.GENERATED]
    candidates = [*reversed(written), *reversed(generated)]
    if not candidates:
        async with context.database.read() as tx:
            unfinished = await jobs.of_video(tx, owner.tenant_id, video_id)
        if any(job.kind is SpeechKind.RECOGNITION and job.state not in ENDED for job in unfinished):
            raise Conflict("the video's subtitle is still being generated: translate it when it is there")
        raise NotFound("the video has no subtitle to translate: upload or generate one first")
    problems: list[InvalidInput] = []
    for caption in candidates:
        try:
            engines.translator(_another(caption, target), target)
        except InvalidInput as problem:
            problems.append(problem)
        else:
            return caption
    raise problems[0]


def _another(caption: Caption, target: Language) -> Language:
    """The caption's language, which must be another than the wanted one."""
    source = language_of(caption.language)
    if source is target:
        problem = f"the subtitle is in {target.name} already"
        raise InvalidInput(problem, fields={"language": "is that of the subtitle"})
    return source


def _new_job(context: LibraryContext, video: Video, kind: SpeechKind, language: Language, engine: str) -> SpeechJob:
    return SpeechJob(
        id=new_content_id(),
        tenant_id=video.tenant_id,
        video_id=video.id,
        kind=kind,
        language=language.tag,
        source_caption_id=None,
        engine=engine,
        state=SpeechState.QUEUED,
        reason=None,
        progress_percent=0,
        attempts=0,
        caption_id=None,
        created_at=context.clock.now(),
        started_at=None,
        ended_at=None,
    )
