"""Subtitle files in the encodings and formats that people have: what is read of each, and what is refused."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framehouse.kernel.errors import InvalidInput
from framehouse.media import webvtt
from framehouse.media.subtitle_text import cues_of
from framehouse.media.webvtt import Cue

UNHURRIED = settings(deadline=None)  # a busy machine must not fail a property

SUBRIP = "1\r\n00:00:01,500 --> 00:00:03,000\r\n{text}\r\n"
ASS = """\ufeff[Script Info]
; a comment: Dialogue
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20
Dialogue: 0,0:00:00.00,0:00:01.00,not,an,event,0,0,0,x

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:05.50,0:00:07.00,Default,,0,0,0,,{\\i1}Second{\\i0}, with a comma\\Nand a line
Dialogue: 0,0:00:01.25,0:00:02.00,Default,,0,0,0,,Rock & Roll <3{a note}
Dialogue: 1,0:00:01.25,0:00:02.00,Default,,0,0,0,,{\\blur4}Rock & Roll <3
Dialogue: 0,0:00:08.00,0:00:09.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}after a drawing
Dialogue: 0,0:00:08.00,0:00:09.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0
Dialogue: 0,0:00:12.00,0:00:11.00,Default,,0,0,0,,backwards
Dialogue: 0,soon,0:00:11.00,Default,,0,0,0,,without a time
Dialogue: broken

[Fonts]
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not an event either
"""


def texts(content: str | bytes, language: str = "en") -> list[str]:
    return [cue.text for cue in cues_of(content, language)]


def test_substation_alpha() -> None:
    assert cues_of(ASS, "en") == (
        Cue(1250, 2000, "Rock &amp; Roll &lt;3"),
        Cue(5500, 7000, "Second, with a comma\nand a line"),
        Cue(8000, 9000, "after a drawing"),
    )
    assert cues_of(ASS.encode("utf-16"), "en") == cues_of(ASS, "en")


def test_the_older_substation_alpha_with_fields_in_another_order() -> None:
    ssa = (
        "[Script Info]\n[Events]\nFormat: Marked, End, Start, Text\nDialogue: Marked=0,0:00:02.00,0:00:01.00,Hi, you\n"
    )
    assert cues_of(ssa, "en") == (Cue(1000, 2000, "Hi, you"),)


def test_codes_of_another_format_do_not_stay_in_subrip() -> None:
    content = (
        SUBRIP.format(text="{\\an8}Up <i>there</i>") + "\r\n2\r\n00:00:04,000 --> 00:00:05,000\r\n{\\pos(1,2)}\r\n"
    )
    assert texts(content) == ["Up <i>there</i>"]
    assert texts(SUBRIP.format(text="{kept}").replace(" --> ", "-->")) == ["{kept}"]
    assert texts("WEBVTT\n\n00:01.000 --> 00:02.000\n{\\an8}kept, since it is WebVTT\n") == [
        "{\\an8}kept, since it is WebVTT"
    ]


@pytest.mark.parametrize(
    ("encoding", "language", "text"),
    [
        ("utf-8", "en", "naïve 日本"),
        ("utf-8-sig", "en", "naïve 日本"),
        ("utf-16", "en", "naïve 日本"),
        ("utf-16-le", "en", "naïve 日本"),
        ("utf-16-be", "en", "naïve 日本"),
        ("utf-32", "en", "naïve 日本"),
        ("windows-1252", "en", "naïve “quoted”"),
        ("windows-1252", "de-AT", "Grüße"),
        ("windows-1250", "pl", "Zażółć gęślą jaźń"),
        ("windows-1251", "ru", "Привет"),
        ("windows-1253", "el", "Γη"),
        ("windows-1254", "tr", "değiş"),
        ("windows-1255", "he", "שלום"),
        ("windows-1256", "fa", "سلام"),
        ("cp874", "th", "สวัสดี"),
        ("cp932", "ja", "こんにちは"),
        ("cp949", "ko", "안녕하세요"),
        ("gb18030", "zh", "你好"),
        ("big5", "zh-Hant", "你好嗎"),
        ("big5", "zh-TW", "你好嗎"),
    ],
)
def test_encodings(encoding: str, language: str, text: str) -> None:
    assert texts(SUBRIP.format(text=text).encode(encoding), language) == [text]


def test_a_stray_character_is_left_out() -> None:
    assert texts(SUBRIP.format(text="a" * 100 + "\x00b\ud800") + "\x1a") == ["a" * 100 + "b"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "No caption was found"),
        ("", "No caption was found"),
        ("WEBVTT\n", "No caption was found"),
        ("[Events]\nFormat: Start, End, Text\n", "has no caption"),
        ("hello", "No caption was found"),
        (bytes(range(256)) * 20, "encoding"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2000), "is no text"),
        (b"\xff\xfe\x00\xd8\x00", "encoding"),
        (b"\xef\xbb\xbf\xff", "encoding"),
        (SUBRIP.format(text="\x81").encode("latin-1"), "encoding"),
    ],
)
def test_what_is_no_caption_is_refused(content: str | bytes, problem: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        cues_of(content, "en")
    assert list(caught.value.fields) == ["content"]
    assert problem in caught.value.message


@UNHURRIED
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)), st.sampled_from(["en", "zh", "ja", "und", "zh-Hant"]))
def test_whatever_comes_is_read_or_refused(content: str | bytes, language: str) -> None:
    for around in (content, _within(content)):
        with contextlib.suppress(InvalidInput):
            written = webvtt.write(cues_of(around, language)).encode().decode()
            assert written.startswith("WEBVTT")


def _within(content: str | bytes) -> str | bytes:
    head = "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,"
    return head + content if isinstance(content, str) else head.encode() + content


@pytest.mark.parametrize(
    "hostile",
    [
        "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,x" + "{" * 1_000_000,
        "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,x" + "{\\p" * 300_000,
        "1\n00:00:01,000 --> 00:00:02,000\nx" + "{\\" * 500_000,
        "1\n00:00:01,000 --> 00:00:02,000\nx\n" + "\n \t" * 300_000,
        "1\n00:00:01,000 -->" + " " * 1_000_000 + "x\n\n1\n00:00:01,000 --> 00:00:02,000\nx",
        "\n" * 1_000_000 + "1\n00:00:01,000 --> 00:00:02,000\nx",
        " " * 1_000_000 + "\n\n1\n00:00:01,000 --> 00:00:02,000\nx",
    ],
)
def test_hostile_files_cost_no_more_than_others(hostile: str) -> None:
    started = time.process_time()
    assert texts(hostile)[0].startswith("x")
    assert time.process_time() - started < 5
