"""PocketSphinx with the English model of its package; imported only in the engine's child.

A draft: small vocabulary words come out right from clear speech, the rest by sound. It writes neither capitals nor
marks; only the first word of an utterance and the word "I" get their capital here.
"""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from framehouse.media.cue_layout import Word
from framehouse.media.speech_audio import SAMPLE_BYTES, SAMPLE_RATE_HZ, milliseconds
from framehouse.speech.engine_process import Tell

pocketsphinx: Any = import_module("pocketsphinx")  # it has no types
UTTERANCE_MAX_S = 30  # the decoder remembers all of an utterance; speech over music may never pause
FRAMES_PER_S = 100


def answer(request: dict[str, Any], tell: Tell) -> None:
    decoder = pocketsphinx.Decoder(samprate=SAMPLE_RATE_HZ, loglevel="FATAL")
    stretches = request["stretches"]
    total = sum(end - first for _, first, end in stretches) or 1
    done = 0
    with Path(request["sound"]).open("rb") as sound:
        for number, first, end in stretches:
            sound.seek(first * SAMPLE_BYTES)
            samples = sound.read((end - first) * SAMPLE_BYTES)
            words: list[Word] = []
            for start_s, speech in utterances(samples):
                words += _words(_decoded(decoder, speech), milliseconds(first) + round(start_s * 1000))
                tell({"progress": (done + start_s * SAMPLE_RATE_HZ) / total})
            done += end - first
            file = Path(request["folder"]) / f"{number}.json"
            file.write_text(json.dumps([[word.start_ms, word.end_ms, word.text] for word in words]), encoding="utf-8")
            tell({"heard": number})


def utterances(samples: bytes) -> Iterator[tuple[float, bytes]]:
    """Stretches of speech as the voice detector finds them: where each begins, in seconds, and its samples."""
    endpointer = pocketsphinx.Endpointer(sample_rate=SAMPLE_RATE_HZ)
    size = endpointer.frame_bytes
    start_s: float | None = None
    speech = b""
    for at in range(0, len(samples), size):
        frame = samples[at : at + size]
        heard = endpointer.process(frame) if len(frame) == size else endpointer.end_stream(frame)
        if heard is None:
            continue
        if start_s is None:
            start_s = float(endpointer.speech_start)
        speech += heard
        if not endpointer.in_speech:
            yield start_s, speech
            start_s, speech = None, b""
        elif len(speech) >= UTTERANCE_MAX_S * SAMPLE_RATE_HZ * SAMPLE_BYTES:
            yield start_s, speech
            start_s, speech = start_s + len(speech) / SAMPLE_BYTES / SAMPLE_RATE_HZ, b""
    if start_s is not None and speech:
        yield start_s, speech


def _decoded(decoder: Any, speech: bytes) -> list[tuple[str, float, float]]:
    """Words and their times in seconds. Given at once, so that the loudness is known from the first word."""
    decoder.start_utt()
    decoder.process_raw(speech, full_utt=True)
    decoder.end_utt()
    return [
        (segment.word, segment.start_frame / FRAMES_PER_S, (segment.end_frame + 1) / FRAMES_PER_S)
        for segment in decoder.seg() or ()
    ]


def _words(utterance: list[tuple[str, float, float]], offset_ms: int) -> list[Word]:
    words: list[Word] = []
    for name, start_s, end_s in utterance:
        if name.startswith(("<", "[", "+")):  # silence, noise, breath
            continue
        text = name.partition("(")[0]  # "the(2)" is another way to say "the"
        if not words or text == "i" or text.startswith("i'"):
            text = text[:1].upper() + text[1:]
        words.append(Word(offset_ms + round(start_s * 1000), offset_ms + round(end_s * 1000), f" {text}"))
    return words
