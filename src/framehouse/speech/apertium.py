"""Apertium, the rule-based translator: a separate program (GPL) that is run where the operator has installed it.

One mode is one pair of languages in one direction; which there are is read from its folder of modes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from framehouse.infra.process import Limits, run
from framehouse.kernel import FramehouseError
from framehouse.speech.languages import Language
from framehouse.speech.ports import Progress

TEXTS_AT_ONCE = 200  # a start of its pipe of programs takes a third of a second


@dataclass(frozen=True)
class ApertiumTranslator:
    """`limits` count for each call."""

    command: Path
    mode: str
    limits: Limits

    @property
    def name(self) -> str:
        return "apertium"

    async def translate(
        self, texts: Sequence[str], source: Language, target: Language, folder: Path, *, progress: Progress
    ) -> list[str]:
        del source, target, folder  # the mode says it all, and it needs no files
        translations: list[str] = []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            translations += await self._paragraphs(texts[start : start + TEXTS_AT_ONCE])
            await progress(len(translations) / len(texts))
        return translations

    async def _paragraphs(self, texts: Sequence[str]) -> list[str]:
        """Each text as a paragraph: at the end of one Apertium ends a sentence, at that of a line it does not, and
        words would wander from one text to the next."""
        argv = [self.command, "-u", self.mode]  # -u: words it does not know stay without an asterisk
        asked = [" ".join(text.split()) for text in texts]
        question = "".join(f"{text}\n\n" for text in asked if text)
        completed = await run(argv, limits=self.limits, stdin=question.encode())
        answers = completed.stdout.decode(errors="replace").split("\n\n")[:-1]
        if len(answers) != sum(map(bool, asked)):
            raise FramehouseError(f"Apertium answered {len(answers)} texts for {len(texts)}; its pair may be broken.")
        answered = iter(answers)
        return [" ".join(next(answered).split()) if text else "" for text in asked]


def modes_of(command: Path) -> frozenset[str]:
    """Names of the installed modes, beside the command as packages lay it out: `../share/apertium/modes`."""
    folder = command.resolve().parent.parent / "share" / "apertium" / "modes"
    return frozenset(file.stem for file in folder.glob("*.mode"))


def mode_of(modes: frozenset[str], source: Language, target: Language) -> str | None:
    """The mode of a pair."""
    names = (f"{first}-{second}" for first, second in product(source.apertium, target.apertium))
    return next((name for name in names if name in modes), None)
