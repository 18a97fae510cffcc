"""What this room asks of its engines. Adapters are in `children` and `apertium`, and which of them is installed in
`engines`; nothing heavy is imported to find that out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from framehouse.media.cue_layout import Word
from framehouse.speech.languages import Language

Progress = Callable[[float], Awaitable[None]]
"""Told a share from 0 to 1 now and then; an exception from it ends the work, its processes included."""


@dataclass(frozen=True)
class Stretch:
    """A part of the sound between two pauses: samples from `first` to before `end`."""

    number: int
    first: int
    end: int


Heard = Callable[[Stretch, Sequence[Word]], Awaitable[None]]
"""Told all words of a stretch once it is over, with their times in the whole sound."""


class Recogniser(Protocol):
    @property
    def name(self) -> str: ...

    async def recognise(
        self, sound: Path, stretches: Sequence[Stretch], language: Language, *, heard: Heard, progress: Progress
    ) -> None:
        """Listen to the stretches of a file of samples (see `media.speech_audio`), in order.

        Temporary files go beside the sound. Raises ProcessFailed when the engine breaks down, FramehouseError with a
        sentence when it cannot do what was asked.
        """
        ...


class Translator(Protocol):
    @property
    def name(self) -> str: ...

    async def translate(
        self, texts: Sequence[str], source: Language, target: Language, folder: Path, *, progress: Progress
    ) -> list[str]:
        """One translation for each text, which is a single line; temporary files go into `folder`. Raises as above."""
        ...


class Engines(Protocol):
    """What is installed at this moment."""

    def recogniser(self, language: Language) -> Recogniser:
        """Raises InvalidInput that names what to install or set when nothing recognises the language."""
        ...

    def translator(self, source: Language, target: Language) -> Translator:
        """Raises InvalidInput as above."""
        ...
