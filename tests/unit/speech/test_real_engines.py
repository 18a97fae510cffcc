"""The real libraries in their confined children: with models made here (see `tiny_models`), the English model that
PocketSphinx brings, and Apertium."""

import shutil
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import pytest

from framehouse.infra.process import Limits, ProcessFailed, ProcessTimedOut
from framehouse.kernel import FramehouseError
from framehouse.media.cue_layout import Word
from framehouse.media.speech_audio import SAMPLE_RATE_HZ
from framehouse.speech import language_of
from framehouse.speech.children import ChildRecogniser, ChildTranslator
from framehouse.speech.ports import Recogniser, Stretch
from framehouse.speech.sphinx_engine import UTTERANCE_MAX_S, utterances
from tests.unit.speech.installations import engines
from tests.unit.speech.tiny_models import make_translation, make_whisper

GIB = 1024**3
LIMITS = Limits(wall_s=60, memory_bytes=8 * GIB)
INSTALL = "install it with: scripts/install-test-servers.sh"


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_whisper(tmp_path_factory.mktemp("whisper") / "model")


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Samples of a sentence."""
    assert shutil.which("espeak-ng"), f"espeak-ng is missing; {INSTALL}"
    voice = tmp_path_factory.mktemp("voice") / "voice.wav"
    subprocess.run(
        ["espeak-ng", "-v", "en-us+f2", "-s", "150", "-w", voice, "We are waiting for the train."], check=True
    )
    to_samples = ["-ar", str(SAMPLE_RATE_HZ), "-ac", "1", "-f", "s16le", "-"]
    decoded = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", voice, *to_samples], capture_output=True, check=True
    )
    return decoded.stdout


async def nobody(_share: float) -> None:
    return None


async def heard_by(engine: Recogniser, folder: Path, parts: Sequence[bytes], language: str = "en") -> list[list[Word]]:
    """What an engine hears in the parts of one sound, in their order."""
    sound = folder / "sound.raw"
    sound.write_bytes(b"".join(parts))
    stretches: list[Stretch] = []
    for number, part in enumerate(parts):
        first = stretches[-1].end if stretches else 0
        stretches.append(Stretch(number, first, first + len(part) // 2))
    found: dict[int, list[Word]] = {}

    async def heard(stretch: Stretch, words: Sequence[Word]) -> None:
        found[stretch.number] = list(words)

    await engine.recognise(sound, stretches, language_of(language), heard=heard, progress=nobody)
    return [found[number] for number in range(len(parts))]


def silence(seconds: float) -> bytes:
    return struct.pack("<h", 3) * int(seconds * SAMPLE_RATE_HZ)


async def test_whisper_by_faster_whisper(whisper: Path, speech: bytes, tmp_path: Path) -> None:
    """Two stretches, one of them silent; times are those of the whole sound."""
    engine = engines(tmp_path, speech_model=whisper).recogniser(language_of("French"))
    quiet, spoken = await heard_by(engine, tmp_path, [silence(2), speech], "French")
    assert quiet == []
    assert [word.text for word in spoken] == ["Hi", " you."]
    assert all(2000 <= word.start_ms < word.end_ms <= 3100 for word in spoken)


async def test_an_english_whisper_refuses_other_languages(speech: bytes, tmp_path: Path) -> None:
    english = make_whisper(tmp_path / "model", multilingual=False)
    with pytest.raises(FramehouseError, match="knows only English"):
        await heard_by(ChildRecogniser("whisper", english, LIMITS), tmp_path, [speech], "fr")


async def test_pocketsphinx_with_the_model_of_its_package(speech: bytes, tmp_path: Path) -> None:
    engine = engines(tmp_path).recogniser(language_of("en"))
    quiet, spoken = await heard_by(engine, tmp_path, [silence(1.5), speech])
    assert quiet == []
    said = "".join(word.text for word in spoken).split()
    assert said[0] == "We"
    assert {"are", "waiting", "for", "the", "train"} <= set(said)
    assert all(1500 <= word.start_ms < word.end_ms <= 1500 + len(speech) / 32 + 100 for word in spoken)
    assert [word.start_ms for word in spoken] == sorted(word.start_ms for word in spoken)


def test_speech_without_a_pause_is_cut_at_its_times(speech: bytes) -> None:
    """Music with singing, for example: no utterance grows without end, and none of the sound is lost."""
    voiced = speech[: len(speech) // 8 * 6]
    long = silence(1) + (voiced * 60)[: 70 * SAMPLE_RATE_HZ * 2]
    found = list(utterances(long))
    assert len(found) >= 3
    for (start_s, samples), (next_s, _) in pairwise(found):
        assert len(samples) <= (UTTERANCE_MAX_S + 1) * SAMPLE_RATE_HZ * 2
        assert next_s >= start_s + len(samples) / 2 / SAMPLE_RATE_HZ - 0.01
    last_s, last = found[-1]
    assert abs(last_s + len(last) / 2 / SAMPLE_RATE_HZ - 71) < 0.5


@pytest.mark.parametrize("tokens", [["eng_Latn", "spa_Latn"], ["__en__", "__es__"]], ids=["nllb", "m2m"])
async def test_translation_by_ctranslate2(tokens: list[str], tmp_path: Path) -> None:
    folder = make_translation(tmp_path / "model", {"cat": "gato", "dog": "perro"}, tokens)
    engine = engines(tmp_path, translation_model=folder).translator(language_of("en"), language_of("es"))
    texts = ["the cat", "dog", "cat"] * 20
    shares: list[float] = []

    async def progress(share: float) -> None:
        shares.append(share)

    found = await engine.translate(texts, language_of("en"), language_of("es"), tmp_path, progress=progress)
    assert found == ["gato", "perro", "gato"] * 20
    assert shares == [32 / 60, 1.0]


async def test_apertium_translates_each_text_for_itself(tmp_path: Path) -> None:
    assert shutil.which("apertium"), f"apertium is missing; {INSTALL}"
    engine = engines(tmp_path).translator(language_of("English"), language_of("Spanish"))
    texts = ["The house is big.", "", "My brother & his [big] cat", "Wait...", *["The cat"] * 250]
    found = await engine.translate(texts, language_of("en"), language_of("es"), tmp_path, progress=nobody)
    assert len(found) == len(texts)
    assert found[0] == "La casa es grande."
    assert found[1] == ""
    assert found[2] == "Mi hermano & su [grande] gato"
    assert found[3] == "Espera..."
    assert found[-1].lower() == "el gato"


async def test_a_child_that_takes_too_long_or_too_much_ends_the_job_alone(speech: bytes, tmp_path: Path) -> None:
    with pytest.raises(ProcessTimedOut):
        await heard_by(ChildRecogniser("pocketsphinx", None, replace(LIMITS, wall_s=0.2)), tmp_path, [speech])
    small = ChildRecogniser("pocketsphinx", None, replace(LIMITS, memory_bytes=GIB // 8))
    with pytest.raises((ProcessFailed, FramehouseError)):
        await heard_by(small, tmp_path, [speech])


async def test_a_broken_model_is_the_engines_failure(tmp_path: Path) -> None:
    folder = make_translation(tmp_path / "model", {"cat": "gato"}, ["eng_Latn", "spa_Latn"])
    (folder / "model.bin").write_bytes(b"nonsense")
    with pytest.raises(ProcessFailed):
        await ChildTranslator("ctranslate2", folder, LIMITS).translate(
            ["cat"], language_of("en"), language_of("es"), tmp_path, progress=nobody
        )


async def test_who_is_told_of_progress_may_end_the_work(tmp_path: Path) -> None:
    folder = make_translation(tmp_path / "model", {"cat": "gato"}, ["eng_Latn", "spa_Latn"])

    async def enough(_share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        await ChildTranslator("ctranslate2", folder, LIMITS).translate(
            ["cat"] * 100, language_of("en"), language_of("es"), tmp_path, progress=enough
        )


async def test_a_language_that_the_model_does_not_have_is_told(tmp_path: Path) -> None:
    folder = make_translation(tmp_path / "model", {"cat": "gato"}, ["eng_Latn", "spa_Latn"])
    with pytest.raises(FramehouseError, match="does not know this language"):
        await ChildTranslator("ctranslate2", folder, LIMITS).translate(
            ["cat"], language_of("en"), language_of("Irish"), tmp_path, progress=nobody
        )
