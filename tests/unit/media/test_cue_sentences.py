"""Cues to passages for a translator and back: number and times of the cues stay, no text is lost."""

from hypothesis import given
from hypothesis import strategies as st

from framehouse.media.cue_layout import LINE_COLUMNS
from framehouse.media.cue_sentences import caption_text, passages_of, plain_text, put_back, spread
from framehouse.media.webvtt import Cue


def cues(*lines: str, gap_ms: int = 100) -> list[Cue]:
    return [Cue(number * 2000, (number + 1) * 2000 - gap_ms, line) for number, line in enumerate(lines)]


def test_a_sentence_over_several_cues_is_one_passage() -> None:
    passages = passages_of(cues("We came home", "and nobody was there.", "Then it rained."))
    assert [(passage.first, passage.text) for passage in passages] == [
        (0, "We came home and nobody was there."),
        (2, "Then it rained."),
    ]


def test_a_pause_ends_a_passage_and_so_do_four_cues() -> None:
    assert [p.text for p in passages_of(cues("one", "two", gap_ms=1200))] == ["one", "two"]
    assert [len(p.texts) for p in passages_of(cues(*"abcdef"))] == [4, 2]


def test_speakers_noises_and_songs_stand_for_themselves() -> None:
    passages = passages_of(cues("- Who is there", "- It is me", "[door]", "\u266a la la", "and on"))
    assert [passage.text for passage in passages] == [
        "- Who is there",
        "- It is me",
        "[door]",
        "\u266a la la",
        "and on",
    ]


def test_markup_is_not_translated() -> None:
    assert plain_text("<i>Tom &amp; Ann</i>\n{\\an8}are here") == "Tom & Ann are here"
    assert caption_text("Tom & Ann <3") == "Tom &amp; Ann &lt;3"


def test_what_has_no_word_is_left_alone() -> None:
    number, song = passages_of(cues("1984.", "\u266a\u266a"))
    assert (number.has_words, song.has_words) == (False, False)
    assert [cue.text for cue in put_back(cues("1984.", "\u266a\u266a"), (number, song), ["", ""])] == [
        "1984.",
        "\u266a\u266a",
    ]


def test_translations_come_back_onto_the_cues_in_proportion() -> None:
    source = cues("We came home late last night", "and slept.")
    passages = passages_of(source)
    translated = put_back(source, passages, ["Volvimos a casa muy tarde anoche y dormimos."])
    assert [(cue.start_ms, cue.end_ms) for cue in translated] == [(cue.start_ms, cue.end_ms) for cue in source]
    assert [cue.text.replace("\n", " ") for cue in translated] == ["Volvimos a casa muy tarde anoche", "y dormimos."]


def test_one_word_for_two_cues_stays_on_the_screen() -> None:
    assert spread("S\u00ed.", [10, 10]) == ["S\u00ed.", "S\u00ed."]


def test_long_translations_get_the_lines_they_need() -> None:
    (cue,) = put_back(cues("a"), passages_of(cues("a")), ["largo " * 20])
    assert all(len(line) <= LINE_COLUMNS for line in cue.text.split("\n"))
    assert cue.text.split() == ["largo"] * 20


@given(
    st.lists(st.text("abc. ", min_size=1, max_size=30), min_size=1, max_size=12),
    st.lists(st.text("xyz ", min_size=0, max_size=60), min_size=12, max_size=12),
)
def test_every_cue_keeps_its_place_and_has_a_text(lines: list[str], answers: list[str]) -> None:
    source = cues(*(line.strip() or "a" for line in lines))
    passages = passages_of(source)
    translated = put_back(source, passages, answers[: len(passages)])
    assert [(cue.start_ms, cue.end_ms) for cue in translated] == [(cue.start_ms, cue.end_ms) for cue in source]
    assert all(cue.text.strip() for cue in translated)
    for passage, answer in zip(passages, answers, strict=False):
        parts = [cue.text for cue in translated[passage.first : passage.first + len(passage.texts)]]
        said = " ".join(" ".join(parts).split())
        words = answer.split()
        expected = " ".join(words) if len(words) >= len(parts) else None
        if expected:
            assert said == expected
