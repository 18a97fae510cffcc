"""Which engines are installed and which languages they serve, found out without loading any of them.

Models are folders of the operator's own (settings); nothing is ever downloaded. What is missing is named in the error.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path

from framehouse.infra.process import Limits
from framehouse.infra.settings import Settings
from framehouse.kernel import InvalidInput
from framehouse.speech.apertium import ApertiumTranslator, mode_of, modes_of
from framehouse.speech.children import ChildRecogniser, ChildTranslator
from framehouse.speech.languages import LANGUAGES, Language
from framehouse.speech.ports import Recogniser, Translator

WHISPER, SPHINX, CTRANSLATE2 = "whisper", "pocketsphinx", "ctranslate2"
MORE_NICENESS, NICENESS_MAX = 5, 19
NOT_INSTALLED = "is not installed"  # what the field `language` says then
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
class ModelKind:
    """A folder that an operator sets: `what` belongs in it, and the packages that load it."""

    setting: str
    what: str
    files: tuple[str, ...]
    packages: tuple[str, ...]

    def missing(self, folder: Path | None) -> str | None:
        """What has to be done before it can be used, in words and without a path of ours; None when it is ready."""
        steps: list[str] = []
        if folder is None:
            steps.append(f"set {self.setting} to the folder of {self.what}")
        elif absent := [name for name in self.files if not (folder / name).is_file()]:
            steps.append(f"the folder that {self.setting} names has no {', '.join(absent)}; it must be {self.what}")
        if not all(map(_is_importable, self.packages)):
            steps.append("install the engine's packages with `make speech`")
        return ", and ".join(steps) or None


SPEECH_MODEL = ModelKind(
    "FRAMEHOUSE_SPEECH_MODEL",
    "a Whisper model converted for CTranslate2 (faster-whisper-small, for example)",
    ("model.bin", "config.json", "tokenizer.json"),
    ("faster_whisper",),
)
TRANSLATION_MODEL = ModelKind(
    "FRAMEHOUSE_TRANSLATION_MODEL",
    "an NLLB-200 or M2M-100 model converted for CTranslate2, with its sentencepiece.bpe.model",
    ("model.bin", "config.json", "sentencepiece.bpe.model"),
    ("ctranslate2", "sentencepiece"),
)


@dataclass(frozen=True)
class LanguageSupport:
    """What can be done in a language now: the engine that recognises it, and those that translate into it, by the
    tag of the language they translate from."""

    language: Language
    recogniser: str | None
    translators: Mapping[str, str]


class InstalledEngines:
    """`Engines` of this installation, cheap to make: a new one notices other models and pairs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def recogniser(self, language: Language) -> Recogniser:
        """Whisper where a model is set, else for English the draft engine that comes with the platform."""
        model = self._settings.speech_model
        if language.whisper is None:
            raise _refusal(
                f"{language.name} cannot be recognised: there is no Whisper model that knows it. Upload a subtitle, or "
                "generate one in another language and translate it"
            )
        if model is None and language.tag == "en" and _is_importable(SPHINX):
            return ChildRecogniser(SPHINX, None, self._limits)
        missing = SPEECH_MODEL.missing(model)
        if model is None or missing is not None:
            raise _refusal(f"{language.name} cannot be recognised here: {missing}")
        if language.tag != "en" and not _is_multilingual(model):
            raise _refusal(
                f"{language.name} cannot be recognised here: the model that {SPEECH_MODEL.setting} names knows only "
                "English; set one that is multilingual"
            )
        return ChildRecogniser(WHISPER, model, self._limits)

    def translator(self, source: Language, target: Language) -> Translator:
        """The model where one is set, else Apertium where it has the pair."""
        model = self._settings.translation_model
        if model is None and (apertium := self._apertium(source, target)) is not None:
            return apertium
        missing = TRANSLATION_MODEL.missing(model)
        if model is None or missing is not None:
            package = _debian_package(source, target)
            advice = f"install the Debian packages apertium and {package}, or " if package else ""
            raise _refusal(f"Nothing here translates from {source.name} to {target.name}: {advice}{missing}")
        return ChildTranslator(CTRANSLATE2, model, self._limits)

    def _apertium(self, source: Language, target: Language) -> Translator | None:
        command, modes = self._apertium_modes
        mode = mode_of(modes, source, target)
        return ApertiumTranslator(command, mode, self._limits) if mode else None

    @cached_property
    def _apertium_modes(self) -> tuple[Path, frozenset[str]]:
        command = shutil.which(self._settings.apertium) if self._settings.apertium else None
        return (Path(command), modes_of(Path(command))) if command else (Path(), frozenset())

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
        LanguageSupport(language, _recogniser_name(engines, language), _translator_names(engines, language))
        for language in LANGUAGES
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


def _debian_package(source: Language, target: Language) -> str | None:
    return next((name for name, pairs in _DEBIAN_PAIRS.items() if (source.tag, target.tag) in pairs), None)


def _refusal(problem: str) -> InvalidInput:
    return InvalidInput(f"{problem}.", fields={"language": NOT_INSTALLED})


@cache
def _is_importable(package: str) -> bool:
    """Packages that are installed while a process runs count from its next start on."""
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
