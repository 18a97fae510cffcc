"""Subtitle files as people have them, to cues: which encoding, which format (WebVTT, SubRip, SubStation Alpha).

What is kept is time and text; positions, colours, fonts and drawings are not. WebVTT itself is in `webvtt`.
"""

import codecs
import re
from collections.abc import Iterator

from framehouse.kernel.errors import InvalidInput
from framehouse.media import webvtt
from framehouse.media.webvtt import MAX_CUES, Cue

STRAY_SHARE = 20  # one control character among so many others is an accident; more is no text
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "windows-1252"
# What editors of their time wrote each language with, for files that are not Unicode.
_LEGACY = {
    language: encoding
    for encoding, languages in {
        "windows-1250": "bs cs hr hu pl ro sh sk sl sq",
        "windows-1251": "be bg mk ru sr uk",
        "windows-1253": "el",
        "windows-1254": "az tr",
        "windows-1255": "he yi",
        "windows-1256": "ar fa ur",
        "windows-1257": "et lt lv",
        "windows-1258": "vi",
        "cp874": "th",
        "cp932": "ja",
        "cp949": "ko",
        "gb18030": "zh",
    }.items()
    for language in languages.split()
}
_TRADITIONAL = ("hant", "tw", "hk", "mo")  # scripts and regions of Chinese that were written with Big5
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# Braces never reach over another opening one, so that hostile files cost no more than others.
_BRACES = re.compile(r"\{[^{}]*\}")
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")  # SubStation's codes, which also stray into SubRip
_DRAWING = re.compile(r"\\p([0-9]+)")
_ALPHA_EVENTS = re.compile(r"^[ \t]*\[events\]", re.IGNORECASE | re.MULTILINE)
_ALPHA_TIME = re.compile(r"(\d{1,4}):(\d{1,2}):(\d{1,2})[.,:](\d{1,3})")
_ALPHA_FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")


def cues_of(content: str | bytes, language: str) -> tuple[Cue, ...]:
    """The cues of a file, in order of time. `language` (BCP 47) decides how bytes are read that are not Unicode.

    Raises InvalidInput of the field `content` for what cannot be read and for files without a cue.
    """
    text = content if isinstance(content, str) else decode(content, language)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text, dropped = _CONTROL.subn("", text)
    if dropped > len(text) // STRAY_SHARE:
        raise _refusal("is no text; save the captions as UTF-8")
    cues = tuple(_alpha_cues(text)) if _ALPHA_EVENTS.search(text) else _plain_cues(text)
    if not cues:
        raise _refusal("has no caption; WebVTT, SubRip or SubStation Alpha (.vtt, .srt, .ass) is expected")
    if len(cues) > MAX_CUES:
        raise _refusal(f"has more than {MAX_CUES} captions")
    return tuple(sorted(dict.fromkeys(cues), key=lambda cue: (cue.start_ms, cue.end_ms)))


def decode(content: bytes, language: str) -> str:
    """By its mark, as UTF-16 or UTF-8 where it is that, else as its language used to be written.

    Raises InvalidInput of the field `content`.
    """
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else (_wide(content), "utf-8", _legacy(language)):
        if encoding is not None:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise _refusal("is in an encoding that is not known; save it as UTF-8")


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: all three formats begin with an ASCII letter."""
    zeros = [byte == 0 for byte in content[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else None


def _legacy(language: str) -> str:
    primary, *subtags = language.lower().split("-")
    if primary == "zh" and any(subtag in _TRADITIONAL for subtag in subtags):
        return "big5hkscs"
    return _LEGACY.get(primary, _WESTERN)


def _plain_cues(text: str) -> tuple[Cue, ...]:
    try:
        found = webvtt.parse(text)
    except InvalidInput as error:
        raise _refusal(error.message) from error
    if text.startswith("WEBVTT"):
        return found
    bare = (Cue(cue.start_ms, cue.end_ms, _tidied(_OVERRIDE.sub("", cue.text))) for cue in found)
    return tuple(cue for cue in bare if cue.text)


def _alpha_cues(text: str) -> Iterator[Cue]:
    """SubStation Alpha v4 and v4+: the `Dialogue` lines of its events, whose fields a `Format` line orders."""
    fields, inside = _ALPHA_FIELDS, False
    for line in text.split("\n"):
        if line.lstrip().startswith("["):
            inside = _ALPHA_EVENTS.match(line) is not None
        kind, _, rest = line.partition(":")
        if inside and kind.strip().lower() == "format":
            fields = tuple(name.strip().lower() for name in rest.split(","))
        if inside and kind.strip().lower() == "dialogue":
            # the text comes last, and may have commas of its own
            values = dict(zip(fields, rest.split(",", len(fields) - 1), strict=False))
            start, end = (_alpha_milliseconds(values.get(name, "")) for name in ("start", "end"))
            said = _alpha_text(values.get("text", ""))
            if start is not None and end is not None and end > start and said:
                yield Cue(start, end, said)


def _alpha_milliseconds(text: str) -> int | None:
    found = _ALPHA_TIME.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds, fraction = found.groups()
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def _alpha_text(text: str) -> str:
    """Without codes and drawings, and with what WebVTT would take for a tag escaped (W3C WebVTT, 4.2.2)."""
    said: list[str] = []
    drawing, position = False, 0
    for code in _BRACES.finditer(text):
        if not drawing:
            said.append(text[position : code.start()])
        switches = _DRAWING.findall(code.group())
        drawing = int(switches[-1]) > 0 if switches else drawing
        position = code.end()
    if not drawing:
        said.append(text[position:])
    plain = "".join(said).replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    return _tidied(plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _tidied(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _refusal(problem: str) -> InvalidInput:
    return InvalidInput(f"the captions' content: {problem}", fields={"content": problem})
