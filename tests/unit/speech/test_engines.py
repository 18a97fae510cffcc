"""Which engine serves a language, and what the error names when none does. No engine is loaded here."""

import json
from pathlib import Path

import pytest

from framehouse.kernel import InvalidInput
from framehouse.speech import InstalledEngines, language_of, supported
from framehouse.speech.engines import SPEECH_MODEL, TRANSLATION_MODEL
from tests.unit.speech.installations import configured
from tests.unit.speech.installations import engines as installed


def engines(folder: Path, **settings: object) -> InstalledEngines:
    """Without the machine's own Apertium."""
    return installed(folder, **{"apertium": "", **settings})


def model(folder: Path, files: tuple[str, ...], *, vocabulary: list[str] | None = None) -> Path:
    folder.mkdir()
    for name in files:
        (folder / name).touch()
    if vocabulary is not None:
        (folder / "vocabulary.json").write_text(json.dumps(vocabulary))
    return folder


def apertium(folder: Path, *modes: str) -> str:
    """A command with modes beside it, as packages lay them out."""
    (folder / "bin").mkdir(parents=True)
    (folder / "share/apertium/modes").mkdir(parents=True)
    command = folder / "bin" / "apertium"
    command.touch(mode=0o755)
    for mode in modes:
        (folder / "share/apertium/modes" / f"{mode}.mode").touch()
    return str(command)


def refused(engines: InstalledEngines, source: str, target: str | None = None) -> str:
    def ask() -> object:
        if target is None:
            return engines.recogniser(language_of(source))
        return engines.translator(language_of(source), language_of(target))

    with pytest.raises(InvalidInput) as caught:
        ask()
    assert caught.value.fields == {"language": "is not installed"}
    return caught.value.message


def test_english_is_drafted_without_any_model(tmp_path: Path) -> None:
    assert engines(tmp_path).recogniser(language_of("en")).name == "pocketsphinx"


def test_other_languages_need_a_model_and_the_error_says_which(tmp_path: Path) -> None:
    told = refused(engines(tmp_path), "French")
    assert told.startswith("French cannot be recognised here: set FRAMEHOUSE_SPEECH_MODEL to the folder of a Whisper")


def test_a_model_serves_all_languages_that_it_knows(tmp_path: Path) -> None:
    whisper = model(tmp_path / "model", SPEECH_MODEL.files, vocabulary=["a", ""])
    found = engines(tmp_path, speech_model=whisper)
    assert {found.recogniser(language_of(name)).name for name in ("en", "fr", "Javanese", "Filipino")} == {"whisper"}
    assert "no Whisper model that knows it" in refused(found, "Irish")


def test_a_model_of_english_only_serves_english_only(tmp_path: Path) -> None:
    whisper = model(tmp_path / "model", SPEECH_MODEL.files, vocabulary=["a", "b"])
    found = engines(tmp_path, speech_model=whisper)
    assert found.recogniser(language_of("en")).name == "whisper"
    assert "knows only English" in refused(found, "fr")
    (whisper / "vocabulary.json").unlink()
    (whisper / "vocabulary.txt").write_text("a\n\nb\n")
    assert found.recogniser(language_of("fr")).name == "whisper"


@pytest.mark.parametrize("absent", SPEECH_MODEL.files)
def test_a_folder_without_a_file_is_told_without_its_path(tmp_path: Path, absent: str) -> None:
    whisper = model(tmp_path / "model", tuple(name for name in SPEECH_MODEL.files if name != absent))
    told = refused(engines(tmp_path, speech_model=whisper), "en")
    assert f"the folder that FRAMEHOUSE_SPEECH_MODEL names has no {absent}" in told
    assert str(tmp_path) not in told


def test_translation_needs_a_model_or_a_pair_and_the_error_names_the_package(tmp_path: Path) -> None:
    told = refused(engines(tmp_path), "English", "Spanish")
    assert "install the Debian packages apertium and apertium-eng-spa, or set FRAMEHOUSE_TRANSLATION_MODEL" in told
    told = refused(engines(tmp_path), "English", "Korean")
    assert told.startswith("Nothing here translates from English to Korean: set FRAMEHOUSE_TRANSLATION_MODEL to the")


def test_apertium_serves_the_pairs_it_has_in_their_direction(tmp_path: Path) -> None:
    found = engines(tmp_path, apertium=apertium(tmp_path, "eng-spa", "ro-es", "ind-zlm"))
    for source, target in (("en", "es"), ("ro", "es"), ("id", "ms")):
        assert found.translator(language_of(source), language_of(target)).name == "apertium"
    assert "apertium-eng-spa" in refused(found, "es", "en")
    assert "apertium" not in refused(found, "es", "ro"), "there is no such package"


def test_a_translation_model_comes_before_apertium(tmp_path: Path) -> None:
    command = apertium(tmp_path, "eng-spa")
    translation = model(tmp_path / "model", TRANSLATION_MODEL.files)
    found = engines(tmp_path, apertium=command, translation_model=translation)
    assert found.translator(language_of("en"), language_of("es")).name == "ctranslate2"
    assert found.translator(language_of("Irish"), language_of("Urdu")).name == "ctranslate2"
    (translation / "sentencepiece.bpe.model").unlink()
    assert "has no sentencepiece.bpe.model" in refused(found, "en", "es")


def test_what_is_supported_is_told_for_every_language(tmp_path: Path) -> None:
    settings = configured(tmp_path, apertium=apertium(tmp_path, "eng-spa", "swe-dan"))
    told = {support.language.tag: support for support in supported(settings)}
    assert len(told) == 29
    assert {tag: support.recogniser for tag, support in told.items() if support.recogniser} == {"en": "pocketsphinx"}
    assert {tag: dict(support.translators) for tag, support in told.items() if support.translators} == {
        "es": {"en": "apertium"},
        "da": {"sv": "apertium"},
    }
