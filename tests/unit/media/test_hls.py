"""HLS playlists: as agreed in the golden files, exact in their sums, and safe whatever a title contains."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framehouse.kernel.errors import InvalidInput
from framehouse.media import hls
from framehouse.media.presentation import Presentation, Protection, SegmentTimeline, TextTrack
from tests.unit.media.test_presentation import audio, video

UNHURRIED = settings(deadline=None)  # a busy machine must not fail a property

GOLDEN = Path(__file__).parents[2] / "resources" / "golden"
LADDER = Presentation(
    14_014,
    (video("v720"), video("v360", height=360)),
    (audio("a_en"), audio("a_de", "de", 'Deutsch "Kommentar"', default=False)),
    (TextTrack("t_en", "en", "English", default=True), TextTrack("t_cc", "en", "English CC", "captions")),
)
PROTECTION = Protection(
    "00112233445566778899aabbccddeeff", hls_key_uri="../license/key?a=1&b=2", iv="000102030405060708090a0b0c0d0e0f"
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ladder_master.m3u8", hls.write_multivariant(LADDER)),
        ("video.m3u8", hls.write_media(LADDER.video[0])),
        ("audio_protected.m3u8", hls.write_media(LADDER.audio[0], PROTECTION)),
        ("captions.m3u8", hls.write_text_media(LADDER.text[1], LADDER.duration_ms)),
        ("audio_only_master.m3u8", hls.write_multivariant(Presentation(14_014, (), (audio(),)))),
        ("silent_master.m3u8", hls.write_multivariant(Presentation(14_014, (video(),)))),
    ],
)
def test_golden(name: str, text: str) -> None:
    assert text == (GOLDEN / name).read_text(encoding="utf-8")


@UNHURRIED
@given(
    st.lists(st.integers(1, 10**7), min_size=1, max_size=100),
    st.sampled_from([1000, 12800, 30000, 44100, 48000, 90000]),
    st.integers(0, 10**6),
)
def test_sums_do_not_drift(durations: list[int], timescale: int, lead: int) -> None:
    track = replace(video(segments=SegmentTimeline.of(durations, lead)), timescale=timescale)
    text = hls.write_media(track)
    read = hls.parse_media(text)
    total = sum(duration for duration, _ in read.segments)
    assert abs(total - Fraction(lead + sum(durations), timescale)) <= Fraction(len(durations) + 1, 1_000_000)
    assert all(round(float(duration)) <= read.target_duration_s for duration, _ in read.segments)
    assert [uri for _, uri in read.segments] == [f"{n}.m4s" for n in range(1, len(durations) + 1)]
    assert read.ended
    assert read.map_uri == "init.mp4"


@UNHURRIED
@given(st.lists(st.integers(300, 10**6), min_size=1, max_size=50))
def test_a_timeline_comes_back_from_its_playlist(durations: list[int]) -> None:
    timeline = SegmentTimeline.of(durations)
    assert hls.parse_media(hls.write_media(video(segments=timeline))).timeline(30000) == timeline


@UNHURRIED
@given(st.text(max_size=60), st.text(max_size=20))
def test_no_title_breaks_out_of_its_quotes(name: str, language: str) -> None:
    text = hls.write_multivariant(replace(LADDER, audio=(audio(name=name, language=language),)))
    assert len(text.split("\n")) == len(hls.write_multivariant(replace(LADDER, audio=(audio(),))).split("\n"))
    (line,) = [line for line in text.splitlines() if "TYPE=AUDIO" in line]
    assert line.count('"') % 2 == 0
    outside = "".join(line.split('"')[::2])
    assert set(outside) <= set("#EXT-MIADUOGRPNLCVYHSKF:=,aoLTJ" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
    text.encode("utf-8")


def test_bandwidth_is_that_of_video_and_the_heaviest_audio() -> None:
    heavy = replace(audio("a2", default=False), bandwidth_bps=400_000, average_bps=384_000)
    text = hls.write_multivariant(Presentation(1000, (video(),), (audio(), heavy)))
    assert "BANDWIDTH=2900000,AVERAGE-BANDWIDTH=2384000" in text


def test_protection_without_a_key_address_is_refused() -> None:
    with pytest.raises(InvalidInput, match="address of its key"):
        hls.write_media(video(), replace(PROTECTION, hls_key_uri=None))


PACKAGED = """#EXTM3U
#EXT-X-VERSION:6
## Generated with a packager
#EXT-X-TARGETDURATION:5
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.004,
1.m4s
#EXT-X-KEY:METHOD=SAMPLE-AES,URI="x"
#EXTINF:4.004,
2.m4s
#EXTINF:1.502,
3.m4s
#EXT-X-ENDLIST
"""


def test_a_packagers_playlist_is_read() -> None:
    playlist = hls.parse_media(PACKAGED)
    assert list(playlist.timeline(30000).durations_ticks()) == [120120, 120120, 45060]
    assert playlist.map_uri == "init.mp4"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "#EXTM3U\n1.m4s\n",
        "#EXTM3U\n#EXTINF:abc,\n1.m4s\n",
        "#EXTM3U\n#EXTINF:4,\n#EXT-X-BYTERANGE:10@0\na.mp4\n",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        hls.parse_media(text)
