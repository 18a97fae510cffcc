"""Captions as sentences for a translator, and what it answers back onto the same captions.

A sentence that runs over several cues is translated in one piece, since half of one means nothing; the number of cues
and their times stay as they were. Which engine translates is not known here.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from framehouse.media.cue_layout import SENTENCE_END, columns, units_of, wrap
from framehouse.media.webvtt import Cue

PASSAGE_CUES = 4
PASSAGE_COLUMNS = 320
PASSAGE_GAP_MS = 1000
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
# A cue that names a speaker, a noise or a song stands for itself.
_OWN = re.compile("[-\u2013\u2014\u266a\u266b\\[(>]")


@dataclass(frozen=True)
class Passage:
    """Cues from the one numbered `first` on, whose texts are translated together."""

    first: int
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    @property
    def has_words(self) -> bool:
        """False for a note sign or a number: there is nothing to translate."""
        return any(character.isalpha() for character in self.text)


def passages_of(cues: Sequence[Cue]) -> tuple[Passage, ...]:
    """Every cue in its turn, in one passage each."""
    texts = [plain_text(cue.text) for cue in cues]
    passages: list[Passage] = []
    for number, (cue, text) in enumerate(zip(cues, texts, strict=True)):
        open_passage = passages[-1] if passages else None
        if open_passage is not None and _goes_on(open_passage, cues[number - 1], cue, text):
            passages[-1] = replace(open_passage, texts=(*open_passage.texts, text))
        else:
            passages.append(Passage(number, (text,)))
    return tuple(passages)


def put_back(cues: Sequence[Cue], passages: Sequence[Passage], translations: Sequence[str]) -> tuple[Cue, ...]:
    """The cues with their passages' translations; a blank one leaves the text as it was."""
    result: list[Cue] = []
    for passage, translation in zip(passages, translations, strict=True):
        weights = [columns(text) for text in passage.texts]
        parts = spread(translation, weights) if translation.strip() else list(passage.texts)
        for offset, part in enumerate(parts):
            result.append(replace(cues[passage.first + offset], text=caption_text(part)))
    return tuple(result)


def spread(text: str, weights: Sequence[int]) -> list[str]:
    """The text in as many parts as there are weights, of lengths in their proportion; none of them is empty.

    With fewer words than parts every part is the whole text, which then stays on the screen all the time.
    """
    units = units_of(text.strip())
    if len(units) < len(weights):
        return [text.strip()] * len(weights)
    total, wanted, said = sum(weights) or len(weights), 0.0, 0
    length = sum(map(columns, units))
    parts: list[str] = []
    for number, weight in enumerate(weights):
        wanted += length * (weight or 1) / total
        left = len(weights) - number - 1
        taken = 1
        while len(units) - taken > left and (not left or _is_nearer(said, units[: taken + 1], wanted)):
            taken += 1
        said += sum(map(columns, units[:taken]))
        parts.append("".join(units[:taken]).strip())
        units = units[taken:]
    return parts


def plain_text(text: str) -> str:
    """One line without tags, as a translator wants it."""
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def caption_text(text: str) -> str:
    """Plain text in the lines of a cue, with what WebVTT would take for a tag escaped (W3C WebVTT, 4.2.2)."""
    return html.escape(wrap(text), quote=False)


def _goes_on(passage: Passage, before: Cue, cue: Cue, text: str) -> bool:
    last = passage.texts[-1]
    return (
        len(passage.texts) < PASSAGE_CUES
        and columns(passage.text) + columns(text) < PASSAGE_COLUMNS
        and cue.start_ms - before.end_ms < PASSAGE_GAP_MS
        and not SENTENCE_END.search(last)
        and not (_OWN.match(last) or _OWN.match(text))
    )


def _is_nearer(said: int, units: Sequence[str], wanted: float) -> bool:
    """Whether taking the last unit as well comes at least as near to what is wanted."""
    without = said + sum(map(columns, units[:-1]))
    return abs(without + columns(units[-1]) - wanted) <= abs(without - wanted)
