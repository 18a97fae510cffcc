"""Whisper models on CTranslate2, by faster-whisper; imported only in the engine's child."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from framehouse.kernel.errors import InvalidInput
from framehouse.media.speech_audio import SAMPLE_RATE_HZ, milliseconds
from framehouse.speech.engine_process import Tell

numpy: Any = import_module("numpy")  # `make speech` installs these two, and not everybody needs them
faster_whisper: Any = import_module("faster_whisper")


def answer(request: dict[str, Any], tell: Tell) -> None:
    # int8: half the memory and twice the speed of the stored weights, for a difference that nobody hears.
    model = faster_whisper.WhisperModel(request["model"], device="cpu", compute_type="int8", local_files_only=True)
    if request["language"] != "en" and not model.model.is_multilingual:
        raise InvalidInput("The model that FRAMEHOUSE_SPEECH_MODEL names knows only English.")
    samples = numpy.memmap(request["sound"], dtype="<i2", mode="r")
    stretches = request["stretches"]
    total = sum(end - first for _, first, end in stretches) or 1
    done = 0
    for number, first, end in stretches:
        audio = samples[first:end].astype(numpy.float32) / 32768.0
        words: list[tuple[int, int, str]] = []
        for segment in _segments(model, audio, request["language"]):
            words += _words(segment, milliseconds(first))
            tell({"progress": min(1.0, (done + segment.end * SAMPLE_RATE_HZ) / total)})
        done += end - first
        (Path(request["folder"]) / f"{number}.json").write_text(json.dumps(words), encoding="utf-8")
        tell({"heard": number})


def _segments(model: Any, audio: Any, language: str) -> Any:
    segments, _ = model.transcribe(
        audio,
        language=language,
        word_timestamps=True,
        # Silence is where these models invent text.
        vad_filter=True,
        # Each half minute for itself: an error that is quoted as context repeats for the rest of the film.
        condition_on_previous_text=False,
    )
    return segments


def _words(segment: Any, offset_ms: int) -> list[tuple[int, int, str]]:
    return [
        (offset_ms + round(word.start * 1000), offset_ms + round(word.end * 1000), word.word) for word in segment.words
    ]
