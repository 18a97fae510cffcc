"""Languages as people write them, and the names that people read."""

import pytest

from framehouse.kernel.errors import InvalidInput
from framehouse.media.language import language_tag
from framehouse.media.language_names import own_name


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en", "en"),
        (" EN-us ", "en-US"),
        ("pt_BR", "pt-BR"),
        ("zh_hant_tw", "zh-Hant-TW"),
        ("ger", "de"),
        ("deu", "de"),
        ("iw", "he"),
        ("sr-latn", "sr-Latn"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
        ("en-u-CA-buddhist", "en-u-ca-buddhist"),
        ("und", "und"),
        ("Filipino", "fil"),
        ("norwegian bokmål", "nb"),
    ],
)
def test_languages_as_people_write_them(text: str, tag: str) -> None:
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    "text", ["", "e", "xx", "jp", "Klingonish", "en-", "en--us", "x-mine", "en-a", "\uff45n", "en\n-us", "a" * 99]
)
def test_what_is_no_language(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        language_tag(text)
    assert list(caught.value.fields) == ["language"]


NAMED = (
    "English Spanish French Chinese Italian Vietnamese Portuguese Arabic German Hindi Javanese Korean Romanian Polish "
    "Irish Dutch Hebrew Indonesian Greek Filipino Czech Thai Urdu Malay Persian Finnish Turkish Danish Swedish"
)


@pytest.mark.parametrize("name", NAMED.split())
def test_english_names_lead_to_tags_with_names_of_their_own(name: str) -> None:
    tag = language_tag(name)
    assert language_tag(tag) == tag
    assert own_name(tag) not in ("", tag)


def test_names_of_languages() -> None:
    assert [own_name(tag) for tag in ("de", "pt-BR", "zh-Hant-TW", "gsw", "und")] == [
        "Deutsch",
        "Português (BR)",
        "中文 (Hant-TW)",
        "gsw",
        "und",
    ]
