"""Where sources are cut: on key frames, audio at the same instants, and with a reason when not at all."""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framehouse.kernel.errors import InvalidInput
from framehouse.media.segment_plan import NotCuttable, plan
from framehouse.media.source_index import AudioIndex, SourceIndex, VideoIndex, index_from_json, index_to_json
from framehouse.playback.documents import cut_document, read_document

UNHURRIED = settings(deadline=None)  # a busy machine must not fail a property

FRAME = 1001


def video(keyframes: list[int], end: int, *, delay: int = 2 * FRAME) -> VideoIndex:
    """30000/1001 frames a second; key frames and end are given as shown, in ticks of 1/30000 s."""
    return VideoIndex(
        stream=0,
        codec="avc1.64001f",
        timescale=30000,
        first_pts_ticks=keyframes[0],
        end_pts_ticks=end,
        presentation_delay_ticks=delay,
        decode_delay_ticks=delay,
        keyframe_ticks=tuple(time - delay for time in keyframes),
        keyframe_bytes=tuple(100_000 for _ in keyframes),
        average_bps=400_000,
        width=640,
        height=360,
        rotation_degrees=0,
        frame_rate=Fraction(30000, 1001),
        index_complete=True,
    )


def audio(frames: int, *, first: int = -1024, language: str = "eng") -> AudioIndex:
    return AudioIndex(
        stream=1,
        codec="mp4a.40.2",
        timescale=48000,
        first_pts_ticks=first,
        end_pts_ticks=first + frames * 1024,
        frame_ticks=1024,
        average_bps=128_000,
        sample_rate_hz=48000,
        channels=2,
        language=language,
        title="",
        default=False,
    )


def source(pictures: VideoIndex | None, *sounds: AudioIndex) -> SourceIndex:
    return SourceIndex("mov,mp4", 1_000_000, pictures, sounds)


KEYFRAMES = [n * 60 * FRAME for n in range(30)]
FILM = source(video(KEYFRAMES, 30 * 60 * FRAME), audio(2820))


def test_two_second_key_frames_make_four_second_segments() -> None:
    cuts = plan(FILM)
    pictures, sound = cuts.tracks
    assert pictures.segment_count == 15
    assert {b - a for a, b in pairwise(pictures.bounds)} == {120 * FRAME}
    for shown, heard in zip(pictures.bounds[1:-1], sound.bounds[1:-1], strict=True):
        apart_s = Fraction(heard, 48000) - Fraction(shown + 2 * FRAME, 30000)
        assert 0 <= apart_s < Fraction(1024, 48000)


def test_no_decoding_time_is_negative_and_both_tracks_move_alike() -> None:
    cuts = plan(FILM)
    pictures, sound = cuts.tracks
    assert pictures.bounds[0] + pictures.shift_ticks == 0
    assert abs(Fraction(pictures.shift_ticks, 30000) - Fraction(sound.shift_ticks, 48000)) < Fraction(1, 30000)
    (video_track,), (audio_track,) = cuts.presentation.video, cuts.presentation.audio
    assert video_track.segments.start_ticks == video_track.presentation_offset_ticks
    assert audio_track.segments.start_ticks == audio_track.presentation_offset_ticks - 1024


def test_presentation_begins_with_the_first_sample_of_a_late_source() -> None:
    late = source(video([time + 90000 for time in KEYFRAMES], 30 * 60 * FRAME + 90000), audio(2815, first=3 * 48000))
    assert plan(late).presentation.duration_ms == pytest.approx(60060, abs=30)
    assert plan(late).presentation.video[0].segments.start_ticks == 2 * FRAME


def test_a_late_video_is_there_from_the_beginning() -> None:
    cuts = plan(source(video([time + 21_000 for time in KEYFRAMES], 30 * 60 * FRAME + 21_000), audio(2860)))
    (shown,) = cuts.presentation.video
    assert shown.segments.start_ticks == shown.presentation_offset_ticks
    assert next(shown.segments.durations_ticks()) == 120 * FRAME + 21_000
    assert cuts.tracks[0].lead_ticks == 21_000


@UNHURRIED
@given(
    st.lists(st.integers(1, 360), min_size=1, max_size=60),
    st.integers(1, 8000),
    st.integers(-1, 4),
)
def test_segments_follow_each_other_without_gap_or_overlap(gops: list[int], frames: int, first: int) -> None:
    times = [0]
    for gop in gops:
        times.append(times[-1] + gop * FRAME)
    index = source(video(times[:-1], times[-1]), audio(frames, first=first * 1024))
    try:
        cuts = plan(index)
    except NotCuttable:
        return
    for track in cuts.tracks:
        assert list(track.bounds) == sorted(set(track.bounds))
        shown = cuts.presentation.track(track.id)
        length = track.bounds[-1] - track.bounds[0] + track.lead_ticks
        assert sum(shown.segments.durations_ticks()) == length  # type: ignore[union-attr]
        assert max(b - a for a, b in pairwise(track.bounds)) <= 17 * track.timescale
    assert set(cuts.tracks[0].bounds[:-1]) <= set(index.video.keyframe_ticks)  # type: ignore[union-attr]
    grid = [(bound - first * 1024) % 1024 for bound in cuts.tracks[1].bounds]
    assert set(grid) == {0}
    presentation, stored = read_document(cut_document(cuts, "key"))
    assert (presentation, stored and tuple(stored.tracks.values())) == (cuts.presentation, cuts.tracks)


def test_audio_alone_is_cut_every_four_seconds() -> None:
    (sound,) = plan(source(None, audio(2820))).tracks
    assert sound.segment_count == 15
    assert all(4 * 48000 - 1024 <= b - a <= 4 * 48000 + 1024 for a, b in pairwise(sound.bounds[:-1]))


def test_audio_past_the_video_goes_on() -> None:
    cuts = plan(source(video(KEYFRAMES[:4], 8 * 30 * FRAME), audio(2820)))
    assert cuts.tracks[1].segment_count == 15
    assert cuts.presentation.duration_ms == pytest.approx(2819 * 1024 / 48, abs=1)


def test_rates_are_of_the_heaviest_segment() -> None:
    heavy = replace(video(KEYFRAMES, 30 * 60 * FRAME), keyframe_bytes=(*[100_000] * 28, 900_000, 900_000))
    (track,) = plan(source(heavy)).presentation.video
    assert track.bandwidth_bps == pytest.approx(1_800_000 * 8 / 4.004, rel=0.001)
    assert track.average_bps == 400_000


def test_one_track_is_the_default_even_if_none_says_so() -> None:
    sounds = plan(source(None, audio(500), replace(audio(500, language="deu"), stream=2))).presentation.audio
    assert [(track.language, track.default) for track in sounds] == [("eng", True), ("deu", False)]


PICTURES = video(KEYFRAMES, 30 * 60 * FRAME)


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        (source(video([0, 400 * FRAME], 500 * FRAME)), "13.3 s apart"),
        (source(replace(PICTURES, index_complete=False)), "no complete index"),
        (source(replace(PICTURES, keyframe_ticks=())), "no complete index"),
        (source(video([-30000, 30000], 60000)), "hides the first 1.0 s"),
        (source(PICTURES, audio(100, first=6 * 48000)), "begins 6.0 s after the video"),
        (source(video([180_000, 240_060], 300_000), audio(900)), "begins 6.0 s after the audio"),
        (source(video([0, 120120], 120120)), "after its end"),
        (source(None), "neither"),
        (source(None, audio(0)), "no samples"),
        (replace(FILM, obstacle="The video is vp9, not H.264."), "vp9"),
    ],
)
def test_reasons(index: SourceIndex, reason: str) -> None:
    with pytest.raises(NotCuttable, match=reason):
        plan(index)


def test_indexes_and_two_hour_plans_are_stored_small() -> None:
    assert index_from_json(index_to_json(FILM)) == FILM
    long = source(video([n * 60 * FRAME for n in range(3600)], 3600 * 60 * FRAME), audio(338_000))
    assert len(json.dumps(cut_document(plan(long), "key"))) < 50_000


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"v":1}', '{"v":9}'])
def test_what_is_not_stored_by_us_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        index_from_json(text)
