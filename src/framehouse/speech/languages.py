"""The languages that subtitles can be generated in and translated to, and what each engine calls them."""

from dataclasses import dataclass

from framehouse.kernel import InvalidInput
from framehouse.media.language import language_tag


@dataclass(frozen=True)
class Language:
    """`whisper` is None where that model family never learned the language; `nllb` is a FLORES-200 code.

    `apertium` are the codes that names of its modes use: ISO 639-3, and two letters in older pairs.
    """

    tag: str
    name: str
    whisper: str | None
    nllb: str
    apertium: tuple[str, ...]

    @property
    def tokens(self) -> tuple[str, str]:
        """What stands for the language in the vocabulary of a translation model: of NLLB-200, of M2M-100."""
        return self.nllb, f"__{'tl' if self.tag == 'fil' else self.tag}__"


LANGUAGES = (
    Language("en", "English", "en", "eng_Latn", ("eng", "en")),
    Language("es", "Spanish", "es", "spa_Latn", ("spa", "es")),
    Language("fr", "French", "fr", "fra_Latn", ("fra", "fr")),
    Language("zh", "Chinese", "zh", "zho_Hans", ("zho", "zh")),
    Language("it", "Italian", "it", "ita_Latn", ("ita", "it")),
    Language("vi", "Vietnamese", "vi", "vie_Latn", ("vie", "vi")),
    Language("pt", "Portuguese", "pt", "por_Latn", ("por", "pt")),
    Language("ar", "Arabic", "ar", "arb_Arab", ("ara", "ar")),
    Language("de", "German", "de", "deu_Latn", ("deu", "de")),
    Language("hi", "Hindi", "hi", "hin_Deva", ("hin", "hi")),
    Language("jv", "Javanese", "jw", "jav_Latn", ("jav", "jv")),
    Language("ko", "Korean", "ko", "kor_Hang", ("kor", "ko")),
    Language("ro", "Romanian", "ro", "ron_Latn", ("ron", "ro")),
    Language("pl", "Polish", "pl", "pol_Latn", ("pol", "pl")),
    Language("ga", "Irish", None, "gle_Latn", ("gle", "ga")),
    Language("nl", "Dutch", "nl", "nld_Latn", ("nld", "nl")),
    Language("he", "Hebrew", "he", "heb_Hebr", ("heb", "he")),
    Language("id", "Indonesian", "id", "ind_Latn", ("ind", "id")),
    Language("el", "Greek", "el", "ell_Grek", ("ell", "el")),
    Language("fil", "Filipino", "tl", "tgl_Latn", ("tgl", "fil")),
    Language("cs", "Czech", "cs", "ces_Latn", ("ces", "cs")),
    Language("th", "Thai", "th", "tha_Thai", ("tha", "th")),
    Language("ur", "Urdu", "ur", "urd_Arab", ("urd", "ur")),
    Language("ms", "Malay", "ms", "zsm_Latn", ("zlm", "ms")),
    Language("fa", "Persian", "fa", "pes_Arab", ("pes", "fa")),
    Language("fi", "Finnish", "fi", "fin_Latn", ("fin", "fi")),
    Language("tr", "Turkish", "tr", "tur_Latn", ("tur", "tr")),
    Language("da", "Danish", "da", "dan_Latn", ("dan", "da")),
    Language("sv", "Swedish", "sv", "swe_Latn", ("swe", "sv")),
)
_BY_TAG = {language.tag: language for language in LANGUAGES} | {
    "tl": next(language for language in LANGUAGES if language.tag == "fil")
}


def language_of(text: str) -> Language:
    """The language of a tag, whatever its region, or of an English name. Raises InvalidInput for all others."""
    try:
        found = _BY_TAG.get(language_tag(text).partition("-")[0])
    except InvalidInput:
        found = None
    if found is None:
        names = ", ".join(language.name for language in LANGUAGES)
        problem = (
            f"{text[:50]!r} is not a language that subtitles are generated in or translated to; these are: {names}"
        )
        raise InvalidInput(problem, fields={"language": "is not offered"})
    return found
