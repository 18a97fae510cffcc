"""Subtitles as durable jobs, on SQLite and on PostgreSQL: asked for once, made once, whatever dies in between."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import Conflict, InvalidInput, NotFound, VideoId
from framehouse.library import CaptionOrigin
from framehouse.media import webvtt
from framehouse.speech import SpeechState, job_of, jobs_of, media_is_known, media_is_refused, media_is_replaced, tell
from framehouse.speech.recognise import NOTHING_HEARD, STRETCH_S
from framehouse.speech.sound import NO_SOUND, WAITS_FOR_MEDIA
from framehouse.speech.store import jobs
from tests.contracts.speech_house import SpeechHouse, open_speech_house

CORRECTED = "WEBVTT\n\n00:01.000 --> 00:02.000\nGood evening.\n"


class Died(Exception):
    """Stands for a worker that is killed."""


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[SpeechHouse]:
    async with open_speech_house(database_url, tmp_path) as opened:
        yield opened
        assert not [*(tmp_path / "scratch").glob("*")], "working files are left"


async def test_recognition_makes_one_caption_at_its_times(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    job = await house.recognition(owner, video, "English")
    assert (job.state, job.engine, job.language) == (SpeechState.QUEUED, "played", "en")
    assert [(work.name, work.queue, work.arguments) for work in house.work] == [
        ("speech.recognise", "speech", (job.id,))
    ]
    await house.run(job)
    done = await job_of(house.context, owner, video.id, job.id)
    assert (done.state, done.progress_percent, done.reason, done.attempts) == (SpeechState.DONE, 100, None, 1)
    assert done.started_at == done.ended_at == house.clock.now()
    (caption,) = await house.captions(owner, video, CaptionOrigin.GENERATED)
    assert (caption.id, caption.language) == (done.caption_id, "en")
    assert await house.text_of(caption) == (webvtt.Cue(0, 1450, "Good morning to you all."),)


async def test_asking_again_gives_the_unfinished_job_and_afterwards_replaces_the_caption(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    both = await asyncio.gather(house.recognition(owner, video), house.recognition(owner, video, "en-US"))
    first = both[0]
    assert both[1].id == first.id
    assert len(house.work) == 1
    other = await house.recognition(owner, video, "fr")
    await house.run(first)
    await house.run(other)
    house.clock.advance(timedelta(minutes=1))
    second = await house.recognition(owner, video)
    assert second.id != first.id
    await house.run(second)
    found = await house.captions(owner, video, CaptionOrigin.GENERATED)
    assert {caption.language: caption.id for caption in found} == {
        "en": (await job_of(house.context, owner, video.id, second.id)).caption_id,
        "fr": (await job_of(house.context, owner, video.id, other.id)).caption_id,
    }
    newest, *_ = await jobs_of(house.context, owner, video.id)
    assert newest.id == second.id


async def test_the_job_names_the_engine_that_made_it(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    job = await house.recognition(owner, video)
    assert tell(job) == "subtitle en (recognition by played): queued in queue `speech`"
    house.engines.name = "better"
    await house.run(job)
    assert tell(await job_of(house.context, owner, video.id, job.id)) == "subtitle en (recognition by better): done"


async def test_a_caption_that_people_corrected_is_not_replaced(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    await house.run(await house.recognition(owner, video))
    (made,) = await house.captions(owner, video, CaptionOrigin.GENERATED)
    await library.change_caption(house.context, owner, video.id, made.id, content=CORRECTED)
    await house.run(await house.recognition(owner, video))
    assert len(await house.captions(owner, video, CaptionOrigin.UPLOADED)) == 1
    assert len(await house.captions(owner, video, CaptionOrigin.GENERATED)) == 1


async def test_only_the_stretch_in_flight_is_heard_again(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner, 2.5 * STRETCH_S)

    deaths: list[object] = []

    async def die_once(what: object) -> None:
        if what == 1 and not deaths:
            deaths.append(what)
            raise Died

    house.engines.before = die_once
    job = await house.recognition(owner, video)
    with pytest.raises(Died):
        await house.attempt(job)
    assert len(await house.stored(f"{library.video_prefix(video.id)}work/")) == 1
    await house.run(job)
    assert house.engines.heard == [0, 1, 2]
    (caption,) = await house.captions(owner, video, CaptionOrigin.GENERATED)
    starts = [cue.start_ms // 1000 for cue in await house.text_of(caption)]
    assert starts[0] == 0
    assert abs(starts[1] - STRETCH_S) <= 10
    assert abs(starts[2] - 2 * STRETCH_S) <= 20
    house.clock.advance(timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert await house.stored(f"{library.video_prefix(video.id)}work/") == []


async def test_dying_after_the_caption_was_added_leaves_one(house: SpeechHouse) -> None:
    """The worker dies between the publication and its record: the job is taken up again."""
    owner = house.owner()
    video = await house.spoken(owner)
    job = await house.recognition(owner, video)
    await house.attempt(job)
    async with house.database.write() as tx:
        await jobs.set_state(tx, job.id, SpeechState.RUNNING, house.clock.now())
    await house.attempt(job)
    (caption,) = await house.captions(owner, video, CaptionOrigin.GENERATED)
    assert caption.id == (await job_of(house.context, owner, video.id, job.id)).caption_id
    await house.attempt(job)
    assert [found.id for found in await house.captions(owner, video, CaptionOrigin.GENERATED)] == [caption.id]


async def test_a_worker_that_was_taken_for_dead_finds_its_job_taken(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    job = await house.recognition(owner, video)
    made: list[int | None] = []

    async def another_does_it(_what: object) -> None:
        house.engines.before = lambda _what: asyncio.sleep(0)
        await house.attempt(job)
        made.append((await job_of(house.context, owner, video.id, job.id)).caption_id)

    house.engines.before = another_does_it
    await house.attempt(job)
    assert (await job_of(house.context, owner, video.id, job.id)).attempts == 2
    assert [caption.id for caption in await house.captions(owner, video, CaptionOrigin.GENERATED)] == made


async def test_a_video_that_is_deleted_meanwhile_gets_no_caption(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    job = await house.recognition(owner, video)

    async def delete(_what: object) -> None:
        await library.delete_video(house.context, owner, video.id)

    house.engines.before = delete
    await house.attempt(job)
    house.clock.advance(timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert await house.stored(library.video_prefix(video.id)) == []
    assert await house.count("speech_jobs") == 0


async def test_media_that_are_replaced_meanwhile_get_no_caption_of_the_old(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    job = await house.recognition(owner, video)

    async def replace_media(_what: object) -> None:
        async with house.database.write() as tx:
            await media_is_replaced(tx, house.clock, owner.tenant_id, video.id)

    house.engines.before = replace_media
    await house.attempt(job)
    ended = await job_of(house.context, owner, video.id, job.id)
    assert (ended.state, "ask for it again" in (ended.reason or "")) == (SpeechState.FAILED, True)
    assert await house.captions(owner, video, CaptionOrigin.GENERATED) == []
    house.engines.before = lambda _what: asyncio.sleep(0)
    assert (await house.recognition(owner, video)).id != job.id


async def test_a_video_that_is_not_inspected_yet_lets_the_job_wait(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner, inspected=False)
    job = await house.recognition(owner, video)
    assert (job.state, job.reason) == (SpeechState.WAITING, WAITS_FOR_MEDIA)
    assert (await house.recognition(owner, video)).id == job.id
    assert house.work == []
    await house.inspect(owner, video)
    async with house.database.write() as tx:
        await media_is_known(tx, house.clock, owner.tenant_id, video.id)
    assert [work.arguments for work in house.work] == [(job.id,)]
    await house.run(job)
    assert (await job_of(house.context, owner, video.id, job.id)).state is SpeechState.DONE


async def test_what_waits_ends_with_the_video_s_failure_or_without_sound(house: SpeechHouse) -> None:
    owner = house.owner()
    refused, silent = [await house.spoken(owner, inspected=False) for _ in range(2)]
    for video in (refused, silent):
        await house.recognition(owner, video)
    await house.inspect(owner, silent, streams=[])
    async with house.database.write() as tx:
        await media_is_refused(tx, house.clock, owner.tenant_id, refused.id, "It is no film.")
        await media_is_known(tx, house.clock, owner.tenant_id, silent.id)
    ended = [(await jobs_of(house.context, owner, video.id))[0] for video in (refused, silent)]
    assert [(job.state, job.reason) for job in ended] == [
        (SpeechState.FAILED, "It is no film."),
        (SpeechState.FAILED, NO_SOUND),
    ]
    assert house.work == []


async def test_refusals_at_once(house: SpeechHouse) -> None:
    owner, stranger = house.owner(), house.owner()
    video = await house.spoken(owner)
    with pytest.raises(InvalidInput, match="install something"):
        await house.recognition(owner, video, "German")
    with pytest.raises(InvalidInput, match="not a language"):
        await house.recognition(owner, video, "Japanese")
    for ask in (house.recognition(stranger, video), jobs_of(house.context, stranger, video.id)):
        with pytest.raises(NotFound, match="no such video"):
            await ask
    with pytest.raises(NotFound, match="no such video"):
        await jobs_of(house.context, owner, VideoId(video.id ^ 1))
    job = await house.recognition(owner, video)
    with pytest.raises(NotFound, match="no such job"):
        await job_of(house.context, owner, video.id, job.id + 1)
    mute = await house.spoken(owner, inspected=False)
    await house.inspect(owner, mute, streams=[])
    with pytest.raises(InvalidInput, match="no sound"):
        await house.recognition(owner, mute)
    broken = await house.spoken(owner, inspected=False)
    async with house.database.write() as tx:
        await library.mark_failed(tx, house.clock, owner.tenant_id, broken.id, "It is no film.")
    with pytest.raises(Conflict, match="It is no film"):
        await house.recognition(owner, broken)


async def test_silence_and_failures_end_with_a_reason(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    house.engines.silent = True
    silent = await house.recognition(owner, video)
    await house.run(silent)
    house.engines.silent = False

    async def break_down(_what: object) -> None:
        raise ZeroDivisionError

    house.engines.before = break_down
    broken = await house.recognition(owner, video)
    await house.run(broken)
    reasons = {job.id: (job.state, job.reason) for job in await jobs_of(house.context, owner, video.id)}
    assert reasons[silent.id] == (SpeechState.FAILED, NOTHING_HEARD)
    assert reasons[broken.id][0] is SpeechState.FAILED
    assert "internal error" in (reasons[broken.id][1] or "")
    assert await library.list_captions(house.context, owner, video.id) == ()
    house.clock.advance(timedelta(seconds=1))
    await library.collect_garbage(house.context)
    assert await house.stored(f"{library.video_prefix(video.id)}work/") == []
