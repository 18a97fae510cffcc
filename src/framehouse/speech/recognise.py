"""Recognition of a video's sound: decoded, heard in stretches of some minutes between two pauses, laid out as cues.

Crash procedure. (1) The sound is decoded into the attempt's own scratch folder. (2) The words of each stretch are put
under the job's work prefix, atomically, under the same key whichever attempt heard them. (3) The caption is published
(see `attempt`). A crash before (3) decodes again, which is quick, and hears again the stretch in flight and no other.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path

import structlog

from framehouse import library
from framehouse.infra.process import run
from framehouse.kernel import Conflict, InvalidInput, to_hex
from framehouse.media.cue_layout import Word, lay_out
from framehouse.media.speech_audio import SAMPLE_BYTES, SAMPLE_RATE_HZ, quietest, speech_argv
from framehouse.media.webvtt import Cue
from framehouse.speech.attempt import Abandoned, Reporter, publish, take_up
from framehouse.speech.context import SpeechContext, stretch_key
from framehouse.speech.languages import language_of
from framehouse.speech.model import SpeechJob
from framehouse.speech.ports import Stretch
from framehouse.speech.sound import Sound, sound_of

STRETCH_S = 300  # what a killed worker costs at most, and what an engine holds in memory
SEARCH_S = 10  # how far from there a pause is looked for
DECODED_SHARE = 0.03
FILE_CHANGED = "The video's file was changed meanwhile; ask again when the new one is ready."
NOTHING_HEARD = "No speech was recognised in the video's sound."
log = structlog.get_logger(__name__)


async def recognise(context: SpeechContext, job_id: int) -> None:
    """Make the caption of a recognition job. Idempotent."""
    job = await take_up(context, job_id)
    if job is None:
        return
    try:
        words = await _listen(context, job)
        cues = await asyncio.to_thread(_cues, words)  # hours of words take a while
        if not cues:
            raise InvalidInput(NOTHING_HEARD)
        await publish(context, job, cues)
    except Abandoned:
        log.info("recognition was given up: it has ended or belongs to another worker", job=to_hex(job.id))


def _cues(words: Sequence[Word]) -> tuple[Cue, ...]:
    return tuple(replace(cue, text=escape(cue.text, quote=False)) for cue in lay_out(words))


async def _listen(context: SpeechContext, job: SpeechJob) -> list[Word]:
    language = language_of(job.language)
    engine = context.engines.recogniser(language)
    sound = await _sound(context, job)
    reporter = Reporter(context, job)
    await reporter.name_engine(engine.name)
    keys = partial(stretch_key, job, engine.name, sound.source.id)
    with context.workspace() as folder:
        samples = await _decode(context, sound, folder)
        await reporter.progress(DECODED_SHARE)
        stretches = await asyncio.to_thread(stretches_of, samples)
        known = await _known(context, {stretch.number: keys(stretch.number) for stretch in stretches})
        unheard = [stretch for stretch in stretches if stretch.number not in known]
        before = 1 - len(unheard) / max(1, len(stretches))

        async def heard(stretch: Stretch, words: Sequence[Word]) -> None:
            known[stretch.number] = list(words)
            data = json.dumps([[word.start_ms, word.end_ms, word.text] for word in words]).encode()
            await reporter.write()
            await context.library.storage.put(keys(stretch.number), data)

        async def progress(share: float) -> None:
            done = before + (1 - before) * share
            await reporter.progress(DECODED_SHARE + (1 - DECODED_SHARE) * done)

        if unheard:
            await engine.recognise(samples, unheard, language, heard=heard, progress=progress)
    return [word for number in sorted(known) for word in known[number]]


async def _sound(context: SpeechContext, job: SpeechJob) -> Sound:
    async with context.library.database.read() as tx:
        video = await library.video_for_work(tx, job.tenant_id, job.video_id, lock=False)
        if video is None:
            raise Abandoned
        sound = await sound_of(tx, video, language_of(job.language))
    if sound is None:
        raise Conflict(FILE_CHANGED)
    return sound


async def _decode(context: SpeechContext, sound: Sound, folder: Path) -> Path:
    samples = folder / "sound.raw"
    async with context.library.storage.localize(sound.source.object_key, folder) as source:
        argv = speech_argv(context.tools.ffmpeg, source, sound.info, sound.track, samples)
        await run(argv, limits=context.decoder_limits())
    return samples


def stretches_of(samples: Path) -> list[Stretch]:
    """The whole sound in parts that begin and end in its quietest places near every fifth minute."""
    total = samples.stat().st_size // SAMPLE_BYTES
    length, search = STRETCH_S * SAMPLE_RATE_HZ, SEARCH_S * SAMPLE_RATE_HZ
    bounds = [0]
    with samples.open("rb") as file:
        while total - bounds[-1] > length + search:
            around = bounds[-1] + length - search
            file.seek(around * SAMPLE_BYTES)
            bounds.append(around + quietest(file.read(2 * search * SAMPLE_BYTES)))
    ends = [*bounds[1:], total]
    return [Stretch(number, first, end) for number, (first, end) in enumerate(zip(bounds, ends, strict=True)) if end]


async def _known(context: SpeechContext, keys: Mapping[int, str]) -> dict[int, list[Word]]:
    """What earlier attempts have heard, by the number of the stretch."""
    storage = context.library.storage
    found: dict[int, list[Word]] = {}
    for number, key in keys.items():
        if await storage.stat(key) is not None:
            data = b"".join([block async for block in storage.read(key)])
            found[number] = [Word(*word) for word in json.loads(data)]
    return found
