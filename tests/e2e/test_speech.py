"""Subtitles on a real platform: spoken by espeak-ng, written down by PocketSphinx, translated by Apertium."""

from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from framehouse import library, speech
from framehouse.bootstrap.services import Services
from framehouse.kernel import TenantId, VideoId
from framehouse.library import Caption, CaptionOrigin
from framehouse.media import webvtt
from framehouse.speech import SpeechJob, SpeechState
from tests.e2e.adopted import command_of, wait_for
from tests.e2e.conftest import NewPlatform
from tests.e2e.platform import Platform
from tests.e2e.spoken import SENTENCES, SILENCE_S, spoken_film


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    return spoken_film(tmp_path)


class Subtitles:
    """One video's, through the facade, as a dialect would have them."""

    def __init__(self, platform: Platform, video: str) -> None:
        self._platform, self._video_id = platform, VideoId(int(video, 16))
        (row,) = platform.rows("SELECT tenant_id FROM videos WHERE id = :id", id=self._video_id)
        self._tenant = str(row["tenant_id"])

    @property
    def owner(self) -> library.Owner:
        return library.Owner(TenantId(UUID(self._tenant)))

    def ask(self, language: str, *, translated: bool = False) -> SpeechJob:
        async def ask(services: Services) -> SpeechJob:
            engines = speech.InstalledEngines(services.settings)
            if translated:
                return await speech.request_translation(
                    services.library, engines, self.owner, self._video_id, None, language
                )
            return await speech.request_recognition(services.library, engines, self.owner, self._video_id, language)

        return self._platform.inside(ask)

    def job(self, job: SpeechJob) -> SpeechJob:
        return self._platform.inside(lambda s: speech.job_of(s.library, self.owner, self._video_id, job.id))

    def done(self, job: SpeechJob) -> SpeechJob:
        def look() -> SpeechJob | None:
            now = self.job(job)
            assert now.state is not SpeechState.FAILED, now.reason
            return now if now.state is SpeechState.DONE else None

        return wait_for("the subtitle", look, 90, lambda: f"{self.job(job)}\n{self._platform.log()}")

    def captions(self, origin: CaptionOrigin) -> list[tuple[Caption, tuple[webvtt.Cue, ...]]]:
        async def read(services: Services) -> list[Any]:
            found = await library.list_captions(services.library, self.owner, self._video_id)
            return [
                (caption, webvtt.parse(await library.caption_text(services.library, caption)))
                for caption in found
                if caption.origin is origin
            ]

        return self._platform.inside(read)


def engines_of(platform: Platform) -> list[Any]:
    return [p for p in platform.processes() if "framehouse.speech.engine_process" in command_of(p)]


@pytest.mark.timeout(240)
def test_spoken_english_is_written_down_and_translated_although_workers_are_killed(
    new_platform: NewPlatform, spoken: Path
) -> None:
    platform = new_platform(worker_lease_s=2, default_downloads=False)
    subtitles = Subtitles(platform, platform.upload(spoken))
    job = subtitles.ask("English")
    assert job.engine == "pocketsphinx"
    assert subtitles.ask("en").id == job.id, "asking again gives the same job"
    wait_for("the engine to listen", lambda: engines_of(platform), 60, platform.log)
    platform.kill_role("worker-1")
    done = subtitles.done(job)
    assert (done.attempts, done.progress_percent) == (2, 100)
    assert engines_of(platform) == []
    ((caption, cues),) = subtitles.captions(CaptionOrigin.GENERATED)
    assert (caption.id, caption.language) == (done.caption_id, "en")
    expect_spoken(cues)

    translation = subtitles.done(subtitles.ask("Spanish", translated=True))
    assert translation.engine == "apertium"
    ((spanish, translated),) = subtitles.captions(CaptionOrigin.TRANSLATED)
    assert spanish.language == "es"
    assert [(cue.start_ms, cue.end_ms) for cue in translated] == [(cue.start_ms, cue.end_ms) for cue in cues]
    said = words_of(translated)
    assert {"esperando", "tren", "ciudad"} <= said, said

    again = subtitles.done(subtitles.ask("English"))
    ((newer, _),) = subtitles.captions(CaptionOrigin.GENERATED)
    assert newer.id == again.caption_id != caption.id, "the older one gave its place up"
    platform.wait_state(f"{job.video_id:x}", "deployed")
    platform.expect_clean()


def expect_spoken(cues: tuple[webvtt.Cue, ...]) -> None:
    """Most words came out right; the first one is not before it was said, the last one not after the end."""
    wanted = words_of(tuple(webvtt.Cue(0, 1, sentence) for sentence in SENTENCES))
    said = words_of(cues)
    assert len(wanted & said) >= len(wanted) * 0.7, f"{sorted(said)} of {sorted(wanted)}"
    assert len(cues) >= 3
    assert SILENCE_S * 1000 - 200 <= cues[0].start_ms <= SILENCE_S * 1000 + 600
    assert cues[-1].end_ms <= 17_000
    for before, after in pairwise(cues):
        assert before.end_ms <= after.start_ms
    for cue in cues:
        assert 1000 <= cue.end_ms - cue.start_ms <= 7000
        lines = cue.text.split("\n")
        assert len(lines) <= 2
        assert all(len(line) <= 42 for line in lines)


def words_of(cues: tuple[webvtt.Cue, ...]) -> set[str]:
    return {word.strip(".,?").lower() for cue in cues for word in cue.text.split()}
