"""Laying spoken words out as captions: lines of at most 42 columns, two of them, shown for one to seven seconds.

Cues begin and end at pauses and at the ends of sentences where that is possible. Wide characters (Chinese, Korean)
count as two columns. How texts of several cues are translated together is in `cue_sentences`.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from framehouse.media.webvtt import Cue

LINE_COLUMNS = 42
LINES = 2
SHOWN_MIN_MS = 1000
SHOWN_MAX_MS = 7000
PAUSE_MS = 800  # who is silent for so long has ended what was being said
# Quotes and brackets may follow a mark. Besides Latin ones: Chinese, Arabic, Urdu and Hindi marks.
_CLOSING = "[\"'\u201d\u2019\u00bb\u300d\u300f)\\]]*$"
SENTENCE_END = re.compile("[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964]" + _CLOSING)
CLAUSE_END = re.compile("[,;:\uff0c\u3001\uff1b\uff1a\u060c\u061b\u2013\u2014]" + _CLOSING)
# What a cut is worth, in the unit of one second of distance from the place it is wanted at.
_SENTENCE_S, _CLAUSE_S, _PAUSE_S_PER_S = 4.0, 1.5, 4.0


@dataclass(frozen=True)
class Word:
    """`text` begins with a space where the language puts one, so that words join by appending."""

    start_ms: int
    end_ms: int
    text: str


def lay_out(words: Sequence[Word]) -> tuple[Cue, ...]:
    """Cues in order of time that do not overlap; every word is in one of them."""
    spoken = sorted((word for word in words if word.text.strip()), key=lambda word: (word.start_ms, word.end_ms))
    parts: list[list[Word]] = []
    for utterance in _utterances(spoken):
        parts += _cut(utterance)
    return _timed([Cue(part[0].start_ms, _end_of(part), wrap(_text(part))) for part in _joined(parts)])


def columns(text: str) -> int:
    """How wide a text is shown, in columns of a Latin letter."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def wrap(text: str) -> str:
    """The text in as few lines as hold it, of nearly equal length; a third one only for what two cannot hold."""
    units = units_of(text)
    wide = _filled(units, LINE_COLUMNS)
    narrow = next((w for w in range(1, LINE_COLUMNS) if len(_filled(units, w)) == len(wide)), LINE_COLUMNS)
    return "\n".join(_filled(units, narrow))


def units_of(text: str) -> list[str]:
    """What may stand on a line of its own: words with the space before them, characters where nothing is spaced."""
    units: list[str] = []
    for word in re.findall(r"\s*\S+", text):
        bare = word.strip()
        pieces = _characters(bare) if _is_unspaced(bare) else [bare]
        pieces[0] = (" " if word != bare and units else "") + pieces[0]
        units += pieces
    return units


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _is_unspaced(word: str) -> bool:
    wide = not word.isascii() and any(unicodedata.east_asian_width(character) in {"W", "F"} for character in word)
    return wide or columns(word) > LINE_COLUMNS


def _characters(word: str) -> list[str]:
    """Marks stay with their letter, and what closes a sentence or a bracket with what it closes."""
    found: list[str] = []
    for character in word:
        stays = unicodedata.category(character) in {"Mn", "Mc", "Me", "Cf", "Pe", "Pf", "Po"}
        if found and stays:
            found[-1] += character
        else:
            found.append(character)
    return found


def _filled(units: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for unit in units:
        if lines and columns(lines[-1] + unit) <= width:
            lines[-1] += unit
        else:
            lines.append(unit.lstrip())
    return lines


def _text(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).strip()


def _end_of(words: Sequence[Word]) -> int:
    return max(word.end_ms for word in words)


def _fits(words: Sequence[Word]) -> bool:
    return (
        _end_of(words) - words[0].start_ms <= SHOWN_MAX_MS
        and len(_filled(units_of(_text(words)), LINE_COLUMNS)) <= LINES
    )


def _utterances(words: Sequence[Word]) -> list[list[Word]]:
    """Words that belong together: until a pause or the end of a sentence."""
    found: list[list[Word]] = []
    for word in words:
        before = found[-1][-1] if found else None
        if before is None or word.start_ms - before.end_ms >= PAUSE_MS or SENTENCE_END.search(before.text):
            found.append([])
        found[-1].append(word)
    return found


def _cut(words: Sequence[Word]) -> list[list[Word]]:
    """An utterance in parts that fit; a part is one word at least, whether that fits or not."""
    parts: list[list[Word]] = []
    start = 0
    while (longest := _longest(words, start)) < len(words) - start:
        # Two halves read better than a full cue and a rest of one word.
        left = len(words) - start - longest
        wanted = (longest + left) / 2 if _longest(words, start + longest) == left else longest
        near = range(max(1, longest // 2), longest + 1)
        best = max(near, key=lambda n: _worth(words[start : start + longest + 1], n, wanted))
        parts.append(list(words[start : start + best]))
        start += best
    return [*parts, list(words[start:])]


def _longest(words: Sequence[Word], start: int) -> int:
    """How many words from there on fit into one cue; one at least."""
    count = 1
    while start + count < len(words) and _fits(words[start : start + count + 1]):
        count += 1
    return count


def _worth(words: Sequence[Word], cut: int, wanted: float) -> float:
    before, after = words[cut - 1], words[cut]
    pause_s = max(0, after.start_ms - before.end_ms) / 1000
    mark = _SENTENCE_S if SENTENCE_END.search(before.text) else _CLAUSE_S if CLAUSE_END.search(before.text) else 0.0
    seconds_per_word = (_end_of(words) - words[0].start_ms) / 1000 / len(words)
    return pause_s * _PAUSE_S_PER_S + mark - abs(cut - wanted) * seconds_per_word


def _joined(parts: Sequence[list[Word]]) -> list[list[Word]]:
    """A part too short to be read joins its neighbour where both fit into one cue."""
    joined: list[list[Word]] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before is not None and _fits([*before, *part]) and _are_close(before, part):
            joined[-1] = [*before, *part]
        else:
            joined.append(part)
    return joined


def _are_close(before: Sequence[Word], after: Sequence[Word]) -> bool:
    """The first is over too soon, or the second follows at once and is short itself."""
    if after[0].start_ms - before[0].start_ms < SHOWN_MIN_MS:
        return True
    follows = after[0].start_ms - _end_of(before) < PAUSE_MS
    return follows and _end_of(after) - after[0].start_ms < SHOWN_MIN_MS


def _timed(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """Long enough to be read where the next cue leaves room or can come a little later; never over each other."""
    timed: list[Cue] = []
    for number, cue in enumerate(cues):
        start = max(cue.start_ms, timed[-1].end_ms if timed else 0)
        end = min(max(cue.end_ms, start + SHOWN_MIN_MS), start + SHOWN_MAX_MS)
        if number + 1 < len(cues):
            following = cues[number + 1]
            end = max(start + 1, min(end, max(following.start_ms, following.end_ms - SHOWN_MIN_MS)))
        timed.append(replace(cue, start_ms=start, end_ms=end))
    return tuple(timed)
