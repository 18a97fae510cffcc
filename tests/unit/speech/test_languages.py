"""The languages on offer: by English name, by tag, whatever the region, and no others."""

import pytest

from framehouse.kernel import InvalidInput
from framehouse.speech.languages import LANGUAGES, language_of

NAMES = """
English Spanish French Chinese Italian Vietnamese Portuguese Arabic German Hindi Javanese Korean Romanian Polish Irish
Dutch Hebrew Indonesian Greek Filipino Czech Thai Urdu Malay Persian Finnish Turkish Danish Swedish
""".split()  # noqa: SIM905  (a table that is read as one)


def test_all_of_them_by_name_and_by_code() -> None:
    assert [language.name for language in LANGUAGES] == NAMES
    for language in LANGUAGES:
        assert language_of(language.name) is language
        assert language_of(language.name.upper()) is language
        assert language_of(language.tag) is language


@pytest.mark.parametrize(
    ("text", "tag"), [("pt-BR", "pt"), ("tl", "fil"), ("Tagalog", "fil"), ("iw", "he"), ("jw", "jv"), ("eng", "en")]
)
def test_other_ways_to_say_it(text: str, tag: str) -> None:
    assert language_of(text).tag == tag


@pytest.mark.parametrize("text", ["Klingon", "ja", "", "12"])
def test_others_are_refused_with_the_field(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        language_of(text)
    assert "language" in caught.value.fields


def test_codes_of_each_engine_are_told_apart() -> None:
    assert len({language.nllb for language in LANGUAGES}) == len(LANGUAGES)
    assert [language.name for language in LANGUAGES if language.whisper is None] == ["Irish"]
