"""DASH manifests: as agreed in the golden files, well-formed whatever a title contains."""

import base64
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framehouse.kernel.errors import InvalidInput
from framehouse.media import dash
from framehouse.media.presentation import Presentation, Protection, Run, SegmentTimeline
from tests.unit.media.test_hls import GOLDEN, LADDER
from tests.unit.media.test_presentation import audio, video

UNHURRIED = settings(deadline=None)  # a busy machine must not fail a property

NS = {"d": "urn:mpeg:dash:schema:mpd:2011", "cenc": "urn:mpeg:cenc:2013"}
SYSTEM = bytes.fromhex("1077efecc0b24d02ace33c1e52e2fb4b")
PSSH = base64.b64encode((52).to_bytes(4, "big") + b"pssh\x01\0\0\0" + SYSTEM + b"\0\0\0\1" + b"\x11" * 16 + bytes(4))
PROTECTION = Protection("00112233445566778899aabbccddeeff", pssh=(PSSH.decode(),), license_url="../license?a=1&b=<2>")


@pytest.mark.parametrize(
    ("name", "presentation"),
    [
        ("ladder.mpd", LADDER),
        ("protected.mpd", replace(LADDER, text=(), protection=PROTECTION)),
        ("audio_only.mpd", Presentation(14_014, (), (audio(),))),
    ],
)
def test_golden(name: str, presentation: Presentation) -> None:
    assert dash.write_mpd(presentation) == (GOLDEN / name).read_text(encoding="utf-8")


@UNHURRIED
@given(st.text(max_size=60), st.text(max_size=20))
def test_no_title_breaks_the_xml(name: str, language: str) -> None:
    text = dash.write_mpd(replace(LADDER, audio=(audio(name=name, language=language),)))
    root = ElementTree.fromstring(text.encode())
    assert len(root.findall(".//d:AdaptationSet", NS)) == 4
    (sound,) = root.findall(".//d:AdaptationSet[@contentType='audio']", NS)
    label = sound.find("d:Label", NS)
    if name.isprintable() and name:
        assert label is not None
        assert label.text == name


@UNHURRIED
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=60), st.integers(0, 10**6))
def test_the_timeline_is_written_whole(durations: list[int], start: int) -> None:
    root = ElementTree.fromstring(
        dash.write_mpd(Presentation(1, (video(segments=SegmentTimeline.of(durations, start)),)))
    )
    entries = root.findall(".//d:S", NS)
    assert entries[0].get("t") == str(start)
    read = [int(entry.attrib["d"]) for entry in entries for _ in range(int(entry.get("r", "0")) + 1)]
    assert read == durations


def test_one_timeline_for_an_aligned_ladder_and_own_ones_otherwise() -> None:
    aligned = ElementTree.fromstring(dash.write_mpd(LADDER))
    assert len(aligned.findall(".//d:AdaptationSet[@contentType='video']/d:SegmentTemplate", NS)) == 1
    other = video("v2", segments=SegmentTimeline((Run(60060, 7),)))
    root = ElementTree.fromstring(dash.write_mpd(Presentation(14_014, (video(), other))))
    assert len(root.findall(".//d:Representation/d:SegmentTemplate", NS)) == 2
    (pictures,) = root.findall(".//d:AdaptationSet", NS)
    assert pictures.get("segmentAlignment") is None


def test_languages_are_sets_of_their_own_and_the_default_is_first() -> None:
    both = (audio("a_de", "de", "Deutsch", default=False), audio("a_en"))
    root = ElementTree.fromstring(dash.write_mpd(Presentation(14_014, (), both)))
    assert [each.get("lang") for each in root.findall(".//d:AdaptationSet", NS)] == ["en", "de"]


@pytest.mark.parametrize("box", ["###", base64.b64encode(b"short").decode(), base64.b64encode(bytes(40)).decode()])
def test_what_is_no_pssh_is_refused(box: str) -> None:
    with pytest.raises(InvalidInput, match="pssh"):
        dash.write_mpd(replace(LADDER, protection=replace(PROTECTION, pssh=(box,))))
