"""Caption files as people upload them, and as we write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framehouse.kernel.errors import InvalidInput
from framehouse.media import webvtt
from framehouse.media.webvtt import Cue

UNHURRIED = settings(deadline=None)  # a busy machine must not fail a property

SUBRIP = "\ufeff1\r\n00:00:01,500 --> 00:00:03,000\r\nGuten Tag\r\n<i>zwei</i>\r\n\r\n"
SUBRIP += "2\r\n01:00:00,000 --> 01:00:01,000\r\nEnde\r\n"
VTT = """WEBVTT - title

NOTE a note --> not a cue

STYLE
::cue { color: red }

00:05.000 --> 00:06.5 align:start
second

intro
00:01.000 --> 00:02.000
first

00:09.000 --> 00:08.000
backwards
"""


def test_reads_subrip_and_webvtt() -> None:
    assert webvtt.parse(SUBRIP) == (Cue(1500, 3000, "Guten Tag\n<i>zwei</i>"), Cue(3_600_000, 3_601_000, "Ende"))
    assert webvtt.parse(VTT) == (Cue(1000, 2000, "first"), Cue(5000, 6500, "second"))


@pytest.mark.parametrize("text", ["", "WEBVTT\n", "hello", "1\n2\n3", "00:01 --> 00:02\nno fraction"])
def test_a_file_without_captions_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="No caption"):
        webvtt.parse(text)


@UNHURRIED
@given(
    st.lists(
        st.tuples(st.integers(0, 10**8), st.integers(1, 10**5), st.text(alphabet="abc<>&-\n é", min_size=1)), min_size=1
    )
)
def test_what_is_written_is_read_again(rows: list[tuple[int, int, str]]) -> None:
    cues = [Cue(start, start + length, text) for start, length, text in rows if text.strip()]
    if not cues:
        return
    again = webvtt.parse(webvtt.write(cues))
    assert [(cue.start_ms, cue.end_ms) for cue in again] == sorted((cue.start_ms, cue.end_ms) for cue in cues)
    assert not any("-->" in cue.text for cue in again)
