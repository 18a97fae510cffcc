"""Engines that run as native libraries: each works in a confined child of its own (`engine_process`), so that a crash
or a leak costs one job and the worker's memory stays as it is."""

import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framehouse.infra.process import Limits, spawn
from framehouse.kernel import FramehouseError
from framehouse.media.cue_layout import Word
from framehouse.speech.languages import Language
from framehouse.speech.ports import Heard, Progress, Stretch

ENGINE_ARGV = (sys.executable, "-m", "framehouse.speech.engine_process")
# Whatever a library believes, models are files of this machine; the child has no network anyway.
ENGINE_ENVIRONMENT = {"HF_HUB_OFFLINE": "1"}


@dataclass(frozen=True)
class ChildRecogniser:
    """`Recogniser` by the engine of that name; `model` is None where it brings its own."""

    name: str
    model: Path | None
    limits: Limits

    async def recognise(
        self, sound: Path, stretches: Sequence[Stretch], language: Language, *, heard: Heard, progress: Progress
    ) -> None:
        folder = sound.parent
        waiting = {stretch.number: stretch for stretch in stretches}

        async def told(message: Mapping[str, Any]) -> None:
            if "heard" in message:
                stretch = waiting.pop(message["heard"])
                words = json.loads((folder / f"{stretch.number}.json").read_bytes())
                await heard(stretch, [Word(*word) for word in words])
            else:
                await progress(float(message["progress"]))

        request = {
            "engine": self.name,
            "model": str(self.model) if self.model else None,
            "language": language.whisper,
            "sound": str(sound),
            "folder": str(folder),
            "stretches": [[stretch.number, stretch.first, stretch.end] for stretch in stretches],
        }
        await _converse(request, self.limits, told)
        if waiting:
            raise FramehouseError("The speech engine ended before it had heard everything.")


@dataclass(frozen=True)
class ChildTranslator:
    """`Translator` by a model of the kind that `translation_engine` loads."""

    name: str
    model: Path
    limits: Limits

    async def translate(
        self, texts: Sequence[str], source: Language, target: Language, folder: Path, *, progress: Progress
    ) -> list[str]:
        asked, answered = folder / "texts.json", folder / "translations.json"
        asked.write_text(json.dumps(list(texts)), encoding="utf-8")

        async def told(message: Mapping[str, Any]) -> None:
            await progress(float(message["progress"]))

        request = {
            "engine": self.name,
            "model": str(self.model),
            "source": source.tokens,
            "target": target.tokens,
            "texts": str(asked),
            "translations": str(answered),
        }
        await _converse(request, self.limits, told)
        translations: list[str] = json.loads(answered.read_bytes())
        return translations


async def _converse(
    request: Mapping[str, Any], limits: Limits, told: Callable[[Mapping[str, Any]], Awaitable[None]]
) -> None:
    """One request and all its messages. FramehouseError when the child says that it cannot, ProcessFailed when it dies.

    Results come as files: a line of a pipe is not the place for an hour of words.
    """
    async with spawn(ENGINE_ARGV, limits=limits, stdin=True, env=ENGINE_ENVIRONMENT) as child:
        await child.write(json.dumps(request).encode())
        await child.close_stdin()
        while line := await child.read_line():
            message: dict[str, Any] = json.loads(line)
            if "refused" in message:
                raise FramehouseError(str(message["refused"]))
            await told(message)
        await child.wait()
