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

LINES_AT_ONCE = 200  # a start of its pipe of programs takes a third of a second


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
        for start in range(0, len(texts), LINES_AT_ONCE):
            translations += await self._lines(texts[start : start + LINES_AT_ONCE])
            await progress(len(translations) / len(texts))
        return translations

    async def _lines(self, texts: Sequence[str]) -> list[str]:
        # -u: words it does not know stay without the asterisk; -f line: each line is a text of its own.
        argv = [self.command, "-u", "-f", "line", self.mode]
        question = "".join(f"{' '.join(text.split())}\n" for text in texts)
        completed = await run(argv, limits=self.limits, stdin=question.encode())
        answers = completed.stdout.decode(errors="replace").split("\n")[:-1]
        if len(answers) != len(texts):
            raise FramehouseError(f"Apertium answered {len(answers)} lines for {len(texts)}; its pair may be broken.")
        return [_with_dots_of(text, " ".join(answer.split())) for text, answer in zip(texts, answers, strict=True)]


def _with_dots_of(text: str, answer: str) -> str:
    """Its line format sets a full stop behind every line and takes one away again, also where there was one before."""
    return answer.rstrip(".") + "." * (len(text.rstrip()) - len(text.rstrip().rstrip(".")))


def mode_of(command: Path, source: Language, target: Language) -> str | None:
    """Name of the installed mode for a pair, beside the command as packages lay it out: `../share/apertium/modes`."""
    modes = command.resolve().parent.parent / "share" / "apertium" / "modes"
    names = (f"{first}-{second}" for first, second in product(source.apertium, target.apertium))
    return next((name for name in names if (modes / f"{name}.mode").is_file()), None)
