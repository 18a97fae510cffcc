"""Translations as durable jobs, on SQLite and on PostgreSQL: of which caption, onto which cues, and what is refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from framehouse import library
from framehouse.kernel import Conflict, InvalidInput, NotFound
from framehouse.library import Caption, CaptionOrigin, Owner, Video
from framehouse.media import webvtt
from framehouse.speech import SpeechState, job_of
from framehouse.speech.translate import SOURCE_GONE
from tests.contracts.speech_house import SpeechHouse, open_speech_house

SUBTITLE = """WEBVTT

00:01.000 --> 00:02.000
Good

00:02.000 --> 00:03.500
morning.

00:04.000 --> 00:05.000
42
"""


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[SpeechHouse]:
    async with open_speech_house(database_url, tmp_path) as opened:
        yield opened


async def uploaded(house: SpeechHouse, owner: Owner, video: Video, language: str = "en") -> Caption:
    return await library.add_caption(house.context, owner, video.id, language=language, content=SUBTITLE)


async def test_translation_keeps_cues_and_times(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    source = await uploaded(house, owner, video)
    job = await house.translation(owner, video, "Spanish")
    assert (job.source_caption_id, job.language, house.work[-1].name) == (source.id, "es", "speech.translate")
    assert (await house.translation(owner, video, "es", source.id)).id == job.id
    await house.run(job)
    (caption,) = await house.captions(owner, video, CaptionOrigin.TRANSLATED)
    assert await house.text_of(caption) == (
        webvtt.Cue(1000, 2000, "es:Good"),
        webvtt.Cue(2000, 3500, "es:morning."),
        webvtt.Cue(4000, 5000, "42"),
    )
    await house.run(await house.translation(owner, video, "es"))
    (again,) = await house.captions(owner, video, CaptionOrigin.TRANSLATED)
    assert again.id != caption.id


async def test_what_people_wrote_is_translated_before_what_was_generated(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    with pytest.raises(NotFound, match="no subtitle to translate"):
        await house.translation(owner, video, "es")
    job = await house.recognition(owner, video)
    with pytest.raises(Conflict, match="still being generated"):
        await house.translation(owner, video, "es")
    await house.run(job)
    (generated,) = await house.captions(owner, video, CaptionOrigin.GENERATED)
    assert (await house.translation(owner, video, "fr")).source_caption_id == generated.id
    await uploaded(house, owner, video, "de")  # nothing translates from it here
    written = await uploaded(house, owner, video)
    assert (await house.translation(owner, video, "es")).source_caption_id == written.id
    with pytest.raises(Conflict, match="another caption is being translated"):
        await house.translation(owner, video, "es", generated.id)


async def test_translations_that_make_no_sense_are_refused(house: SpeechHouse) -> None:
    owner, stranger = house.owner(), house.owner()
    video = await house.spoken(owner)
    source = await uploaded(house, owner, video)
    with pytest.raises(InvalidInput, match="in English already"):
        await house.translation(owner, video, "en")
    with pytest.raises(InvalidInput, match="install something"):
        await house.translation(owner, video, "German", source.id)
    with pytest.raises(NotFound, match="no such caption"):
        await house.translation(owner, video, "es", source.id + 1)
    with pytest.raises(NotFound, match="no such video"):
        await house.translation(stranger, video, "es", source.id)
    with pytest.raises(NotFound, match="no such video"):
        await house.translation(stranger, video, "es")


async def test_a_source_that_went_is_told(house: SpeechHouse) -> None:
    owner = house.owner()
    video = await house.spoken(owner)
    source = await uploaded(house, owner, video)
    job = await house.translation(owner, video, "es")
    await library.delete_caption(house.context, owner, video.id, source.id)
    await house.run(job)
    ended = await job_of(house.context, owner, video.id, job.id)
    assert (ended.state, ended.reason) == (SpeechState.FAILED, SOURCE_GONE)
