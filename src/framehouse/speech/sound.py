"""The sound of a video: which track of which file is listened to, and jobs that wait until that is known."""

import json
from dataclasses import dataclass

from framehouse.infra.transaction import Transaction
from framehouse.kernel import Clock, Conflict, FramehouseError, InvalidInput, TenantId, VideoId
from framehouse.library import Source, Video, VideoState, source_for_work, video_for_work
from framehouse.media.info import AudioTrack, MediaInfo
from framehouse.media.probe import parse_probe
from framehouse.media.speech_audio import spoken_track
from framehouse.speech.languages import Language, language_of
from framehouse.speech.model import SpeechJob, SpeechKind, SpeechState
from framehouse.speech.store import jobs
from framehouse.speech.works import work_of

WAITS_FOR_MEDIA = "The video's file is still being received and inspected."
MEDIA_REPLACED = "The video got other media before its subtitle was done: ask for it again."
NO_SOUND = "The video has no sound: there is nothing to write down."


@dataclass(frozen=True)
class Sound:
    source: Source
    info: MediaInfo
    track: AudioTrack


async def sound_of(tx: Transaction, video: Video, language: Language) -> Sound | None:
    """None while the file is on its way or not yet inspected.

    Raises InvalidInput for a file without sound, Conflict for a video that has none or whose file cannot be read.
    """
    source = await source_for_work(tx, video.tenant_id, video.source_id) if video.source_id is not None else None
    if source is not None and source.media_info is not None:
        info = parse_probe(json.dumps(source.media_info))
        track = spoken_track(info, language.tag)
        if track is None:
            raise InvalidInput(NO_SOUND, fields={"language": "cannot be heard"})
        return Sound(source, info, track)
    if video.state is VideoState.FAILED:
        raise Conflict(f"the video's file cannot be listened to: {video.state_reason}")
    if video.state is VideoState.RECEIVED:
        return None
    raise Conflict("the video has no file of its own that could be listened to")


async def media_is_known(tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId) -> None:
    """Called when a video's file was inspected: jobs that waited for it go on, or end where it has no sound."""
    video = await video_for_work(tx, tenant_id, video_id)
    for job in await _waiting(tx, tenant_id, video_id):
        try:
            ready = video is not None and await sound_of(tx, video, language_of(job.language)) is not None
        except FramehouseError as problem:
            await jobs.set_state(tx, job.id, SpeechState.FAILED, clock.now(), reason=problem.message)
            continue
        if ready:
            await jobs.set_state(tx, job.id, SpeechState.QUEUED, clock.now())
            await tx.enqueue(work_of(job))


async def media_is_refused(tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId, reason: str) -> None:
    """Called when a video failed: what waited for its file waits in vain."""
    for job in await _waiting(tx, tenant_id, video_id):
        await jobs.set_state(tx, job.id, SpeechState.FAILED, clock.now(), reason=reason)


async def media_is_replaced(tx: Transaction, clock: Clock, tenant_id: TenantId, video_id: VideoId) -> None:
    """Called when a video plays other media: what is being heard in the old ones is not what it says any more.

    A worker that listens finds its job ended at its next report.
    """
    for job in await jobs.of_video(tx, tenant_id, video_id):
        if job.kind is SpeechKind.RECOGNITION and job.state in (SpeechState.QUEUED, SpeechState.RUNNING):
            await jobs.set_state(tx, job.id, SpeechState.FAILED, clock.now(), reason=MEDIA_REPLACED)


async def _waiting(tx: Transaction, tenant_id: TenantId, video_id: VideoId) -> list[SpeechJob]:
    return [job for job in await jobs.of_video(tx, tenant_id, video_id) if job.state is SpeechState.WAITING]
