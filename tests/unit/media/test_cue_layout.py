"""Words to cues: rules that hold for any speech, and the choices that a reader would make."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from framehouse.media.cue_layout import (
    LINE_COLUMNS,
    LINES,
    SHOWN_MAX_MS,
    SHOWN_MIN_MS,
    Word,
    columns,
    lay_out,
    wrap,
)

WORD_MS, GAP_MS = 250, 50


def spoken(text: str, *, start_ms: int = 0, pauses: dict[int, int] | None = None) -> list[Word]:
    """Words at an even pace; `pauses` are put before the words of those numbers."""
    words: list[Word] = []
    for number, word in enumerate(text.split()):
        start_ms += (pauses or {}).get(number, 0)
        words.append(Word(start_ms, start_ms + WORD_MS, f" {word}"))
        start_ms += WORD_MS + GAP_MS
    return words


def texts(words: Sequence[Word]) -> list[str]:
    return [cue.text for cue in lay_out(words)]


def test_a_sentence_is_a_cue_with_the_times_of_its_words() -> None:
    (cue,) = lay_out(spoken("Good morning to all of you.", start_ms=1500))
    assert (cue.start_ms, cue.end_ms, cue.text) == (1500, 1500 + 6 * 300 - GAP_MS, "Good morning to all of you.")


def test_sentences_and_pauses_begin_new_cues() -> None:
    words = spoken("This is the first one. And here comes another without a mark then", pauses={10: 900})
    assert texts(words) == ["This is the first one.", "And here comes another without", "a mark then"]


def test_a_long_sentence_is_cut_at_its_comma_and_not_before_its_last_word() -> None:
    words = spoken(
        "When we came home from the long walk in the hills, nobody was there to open the door for the whole family"
    )
    first, second = texts(words)
    assert first.endswith("hills,")
    assert second.startswith("nobody")


def test_two_lines_of_nearly_equal_length() -> None:
    (text,) = texts(spoken("the weather is good and we are going to the market with all our friends"))
    first, second = text.split("\n")
    assert abs(len(first) - len(second)) <= 8


def test_a_short_word_is_shown_for_a_second_or_joins_its_neighbour() -> None:
    alone = lay_out([Word(5000, 5200, " Yes.")])
    assert (alone[0].start_ms, alone[0].end_ms) == (5000, 6000)
    joined = lay_out([Word(0, 200, " No."), *spoken("That is not what I said at all.", start_ms=300)])
    assert [cue.text for cue in joined] == ["No. That is not what I said at all."]


def test_a_short_cue_delays_the_next_one_rather_than_to_flash() -> None:
    full = spoken("a first sentence of many words that fills its cue to the very last possible place of it.")
    start = full[-1].end_ms + 10
    short = [Word(start, start + 200, " Oh.")]
    after = spoken("and then one more sentence follows that is as long as the other one was but for two.", start_ms=0)
    after = [Word(w.start_ms + start + 900, w.end_ms + start + 900, w.text) for w in after]
    cues = lay_out([*full, *short, *after])
    assert all(cue.end_ms - cue.start_ms >= SHOWN_MIN_MS for cue in cues)


def test_wide_characters_count_twice_and_need_no_spaces() -> None:
    said = "今天天气很好我们要去市场然后回家吃饭因为妈妈做了一大锅汤"
    cues = lay_out([Word(n * 200, n * 200 + 200, character) for n, character in enumerate(said)])
    assert "".join(cue.text.replace("\n", "") for cue in cues) == said
    assert all(columns(line) <= LINE_COLUMNS for cue in cues for line in cue.text.split("\n"))


def test_wrap_uses_a_third_line_only_for_what_two_cannot_hold() -> None:
    assert wrap("short") == "short"
    assert wrap(" ".join(["word"] * 16)).count("\n") == 1
    assert wrap(" ".join(["word"] * 20)).count("\n") == 2
    assert all(len(line) <= LINE_COLUMNS for line in wrap("x" * 100).split("\n"))
    assert wrap("") == ""


def test_nothing_said_is_no_cue() -> None:
    assert lay_out([]) == ()
    assert lay_out([Word(0, 100, "  ")]) == ()


@st.composite
def speeches(draw: st.DrawFn) -> list[Word]:
    words: list[Word] = []
    at = draw(st.integers(0, 5000))
    for _ in range(draw(st.integers(1, 60))):
        at += draw(st.integers(0, 1500))
        length = draw(st.integers(50, 900))
        text = draw(st.text("abcdefghij", min_size=1, max_size=12)) + draw(st.sampled_from(["", "", "", ",", ".", "?"]))
        words.append(Word(at, at + length, f" {text}"))
        at += length
    return words


@given(speeches())
def test_rules_that_hold_for_any_speech(words: list[Word]) -> None:
    cues = lay_out(words)
    assert " ".join(cue.text.replace("\n", " ") for cue in cues) == "".join(word.text for word in words).strip()
    for cue in cues:
        lines = cue.text.split("\n")
        assert len(lines) <= LINES
        assert all(0 < len(line) <= LINE_COLUMNS for line in lines)
        assert 0 < cue.end_ms - cue.start_ms <= SHOWN_MAX_MS
    for before, after in pairwise(cues):
        assert before.end_ms <= after.start_ms
        assert before.end_ms - before.start_ms >= SHOWN_MIN_MS or before.end_ms == after.start_ms
    assert cues[-1].end_ms - cues[-1].start_ms >= SHOWN_MIN_MS
