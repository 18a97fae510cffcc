"""The presentation model: what it refuses, and that it survives being stored."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framehouse.kernel.errors import InvalidInput
from framehouse.media import presentation_json
from framehouse.media.presentation import (
    AudioTrack,
    Presentation,
    Protection,
    Run,
    SegmentTimeline,
    TextTrack,
    VideoTrack,
)

UNHURRIED = settings(deadline=None)  # a busy machine must not fail a property


def video(track_id: str = "v1", *, segments: SegmentTimeline | None = None, height: int = 720) -> VideoTrack:
    return VideoTrack(
        id=track_id,
        codec="avc1.64001f",
        timescale=30000,
        segments=segments or SegmentTimeline((Run(120120, 3), Run(60060, 1))),
        bandwidth_bps=2_500_000,
        average_bps=2_000_000,
        width=height * 16 // 9,
        height=height,
        frame_rate=Fraction(30000, 1001),
    )


def audio(track_id: str = "a1", language: str = "en", name: str = "English", *, default: bool = True) -> AudioTrack:
    return AudioTrack(
        id=track_id,
        codec="mp4a.40.2",
        timescale=48000,
        segments=SegmentTimeline.of([192512, 192512, 191488, 96256]),
        bandwidth_bps=140_000,
        average_bps=128_000,
        language=language,
        name=name,
        channels=2,
        sample_rate_hz=48000,
        default=default,
        presentation_offset_ticks=1024,
    )


@UNHURRIED
@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=200), st.integers(0, 10**9))
def test_a_timeline_is_its_durations(durations: list[int], start: int) -> None:
    timeline = SegmentTimeline.of(durations, start)
    assert list(timeline.durations_ticks()) == durations
    assert len(timeline) == len(durations)
    assert timeline.end_ticks == start + sum(durations)


def test_a_segment_without_duration_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one tick"):
        SegmentTimeline.of([5, 0, 5])


@pytest.mark.parametrize("track_id", ["", "..", "a/b", "1", "-v", "v 1", "ä", "v" * 65, "v1\n"])
def test_track_ids_are_safe_in_paths_and_xml(track_id: str) -> None:
    with pytest.raises(InvalidInput, match="track id"):
        TextTrack(track_id, "en", "English")


def test_two_tracks_of_one_id_are_refused() -> None:
    with pytest.raises(InvalidInput, match="same id"):
        Presentation(1000, (video("x"),), (audio("x"),))


@UNHURRIED
@given(st.text(max_size=30), st.text(max_size=10), st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_it_survives_being_stored(name: str, language: str, durations: list[int]) -> None:
    presentation = Presentation(
        14_507,
        (video(segments=SegmentTimeline.of(durations, 7)), video("v2", height=360)),
        (audio(name=name, language=language), audio("a2", default=False)),
        (TextTrack("t1", language, name, "captions", default=True),),
        Protection("0" * 31 + "f", pssh=("AAAA",), license_url="license?a=1&b=2", hls_key_uri="key", iv="1" * 32),
    )
    assert presentation_json.from_json(presentation_json.to_json(presentation)) == presentation


def test_two_hours_stay_small() -> None:
    regular = SegmentTimeline.of([120120] * 1800)
    alternating = SegmentTimeline.of([192512, 191488] * 900)
    tracks = tuple(video(f"v{n}", segments=regular) for n in range(5))
    sound = audio()
    sound = AudioTrack(**{**sound.__dict__, "segments": alternating})
    assert len(presentation_json.to_json(Presentation(7_200_000, tracks, (sound,)))) < 25_000


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"v":1}', '{"v":2}'])
def test_what_is_not_a_presentation_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        presentation_json.from_json(text)


def test_a_stored_presentation_loses_one_text_track() -> None:
    tracks = (TextTrack("t1", "en", "English"), TextTrack("t2", "de", "Deutsch"))
    whole = Presentation(4000, (video(),), (audio(),), tracks)
    stored = json.loads(presentation_json.to_json(whole))
    left = presentation_json.without_text(stored, "t1")
    assert presentation_json.from_json(json.dumps(left)) == replace(whole, text=tracks[1:])
    assert presentation_json.from_json(json.dumps(stored)) == whole, "the given one stays as it is"
    assert presentation_json.without_text(stored, "v1") is None
    assert presentation_json.without_text({"cuts": []}, "t1") is None
