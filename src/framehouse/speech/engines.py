"""Which engines are installed and which languages they serve, found out without loading any of them.

Models are folders of the operator's own (settings); nothing is ever downloaded. What is missing is named in the error.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from framehouse.infra.process import Limits
from framehouse.infra.settings import Settings
from framehouse.kernel import InvalidInput
from framehouse.speech.apertium import ApertiumTranslator, mode_of
from framehouse.speech.children import ChildRecogniser, ChildTranslator
from framehouse.speech.languages import LANGUAGES, Language
from framehouse.speech.ports import Recogniser, Translator

WHISPER, SPHINX, NLLB = "whisper", "pocketsphinx", "nllb"
WHISPER_FILES = ("model.bin", "config.json", "tokenizer.json")
NLLB_FILES = ("model.bin", "config.json", "sentencepiece.bpe.model")
MORE_NICENESS, NICENESS_MAX = 5, 19
_SPEECH_PACKAGES = "install its packages with `make speech`"
# Debian packages by the modes that they bring, for pairs of languages that are offered here.
_DEBIAN_PAIRS = {
    "apertium-eng-spa": (("en", "es"), ("es", "en")),
    "apertium-es-pt": (("es", "pt"), ("pt", "es")),
    "apertium-es-ro": (("ro", "es"),),
    "apertium-fr-es": (("fr", "es"), ("es", "fr")),
    "apertium-ind-zlm": (("id", "ms"), ("ms", "id")),
    "apertium-spa-ita": (("es", "it"), ("it", "es")),
    "apertium-swe-dan": (("sv", "da"), ("da", "sv")),
    "apertium-urd-hin": (("ur", "hi"), ("hi", "ur")),
}


@dataclass(frozen=True)
class LanguageSupport:
    """What can be done in a language now: the engine that recognises it, and those that translate into it, by the
    tag of the language they translate from."""

    language: Language
    recogniser: str | None
    translators: Mapping[str, str]


class InstalledEngines:
    """`Engines` of this installation. Cheap to make and to ask; what was installed meanwhile is noticed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def recogniser(self, language: Language) -> Recogniser:
        """Whisper where a model is set, else for English the draft engine that comes with the platform."""
        model = self._settings.speech_model
        if language.whisper is None:
            raise _missing(
                f"{language.name} cannot be recognised: there is no Whisper model that knows it. Upload a subtitle, or "
                "generate one in another language and translate it"
            )
        if model is None and language.tag == "en" and _is_importable("pocketsphinx"):
            return ChildRecogniser(SPHINX, None, self._limits)
        needed = _needed(model, WHISPER_FILES, "FRAMEHOUSE_SPEECH_MODEL", _WHISPER_MODEL, ("faster_whisper",))
        if needed is not None or model is None:
            raise _missing(f"{language.name} cannot be recognised here: {needed}")
        if language.tag != "en" and not _is_multilingual(model):
            raise _missing(
                f"{language.name} cannot be recognised here: the model that FRAMEHOUSE_SPEECH_MODEL names knows only "
                "English; set one that is multilingual"
            )
        return ChildRecogniser(WHISPER, model, self._limits)

    def translator(self, source: Language, target: Language) -> Translator:
        """NLLB where a model is set, else Apertium where it has the pair."""
        model = self._settings.translation_model
        pair = f"Nothing here translates from {source.name} to {target.name}"
        if model is None:
            command = shutil.which(self._settings.apertium) if self._settings.apertium else None
            mode = mode_of(Path(command), source, target) if command else None
            if command is not None and mode is not None:
                return ApertiumTranslator(Path(command), mode, self._limits)
        needed = _needed(
            model, NLLB_FILES, "FRAMEHOUSE_TRANSLATION_MODEL", _NLLB_MODEL, ("ctranslate2", "sentencepiece")
        )
        if needed is not None or model is None:
            raise _missing(f"{pair}: {_apertium_advice(source, target)}{needed}")
        return ChildTranslator(NLLB, model, self._limits)

    @property
    def _limits(self) -> Limits:
        """Confinement of an engine, which yields to the encodes."""
        settings = self._settings
        return Limits(
            wall_s=settings.speech_timeout_s,
            memory_bytes=settings.speech_memory_bytes,
            niceness=min(NICENESS_MAX, settings.encode_niceness + MORE_NICENESS),
        )


def supported(settings: Settings) -> tuple[LanguageSupport, ...]:
    """Every language that is offered, with the engines that serve it now."""
    engines = InstalledEngines(settings)
    return tuple(
        LanguageSupport(target, _recogniser_name(engines, target), _translator_names(engines, target))
        for target in LANGUAGES
    )


def _recogniser_name(engines: InstalledEngines, language: Language) -> str | None:
    try:
        return engines.recogniser(language).name
    except InvalidInput:
        return None


def _translator_names(engines: InstalledEngines, target: Language) -> dict[str, str]:
    found: dict[str, str] = {}
    for source in LANGUAGES:
        try:
            if source is not target:
                found[source.tag] = engines.translator(source, target).name
        except InvalidInput:
            continue
    return found


_WHISPER_MODEL = "a Whisper model converted for CTranslate2 (faster-whisper-small, for example)"
_NLLB_MODEL = "an NLLB-200 model converted for CTranslate2 with its sentencepiece.bpe.model"


def _needed(model: Path | None, files: Sequence[str], setting: str, what: str, packages: Sequence[str]) -> str | None:
    """What has to be done before the model can be used, in words; None when it is ready. Names no path of ours."""
    steps: list[str] = []
    if model is None:
        steps.append(f"set {setting} to the folder of {what}")
    elif absent := [name for name in files if not (model / name).is_file()]:
        steps.append(f"the folder that {setting} names has no {', '.join(absent)}; it must be that of {what}")
    if not all(map(_is_importable, packages)):
        steps.append(_SPEECH_PACKAGES)
    return ", and ".join(steps) or None


def _apertium_advice(source: Language, target: Language) -> str:
    package = next((name for name, pairs in _DEBIAN_PAIRS.items() if (source.tag, target.tag) in pairs), None)
    return f"install the Debian packages apertium and {package}, or " if package else ""


def _missing(problem: str) -> InvalidInput:
    return InvalidInput(f"{problem}.", fields={"language": "is not installed"})


def _is_importable(package: str) -> bool:
    return find_spec(package) is not None


def _is_multilingual(model: Path) -> bool:
    file = next((model / name for name in ("vocabulary.json", "vocabulary.txt") if (model / name).is_file()), None)
    return file is None or _has_empty_token(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _has_empty_token(vocabulary: Path, changed_ns: int) -> bool:
    """By which CTranslate2 tells multilingual models from English ones; read once for each version of the file."""
    del changed_ns
    text = vocabulary.read_text(encoding="utf-8")
    return "" in (json.loads(text) if vocabulary.suffix == ".json" else text.split("\n")[:-1])
