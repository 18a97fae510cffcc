"""The ladder planner: sizes, rates, zero of time, audio renditions, chunks."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framehouse.kernel.errors import InvalidInput, UnsupportedMedia
from framehouse.media.info import AudioTrack, MediaInfo, VideoTrack
from framehouse.transcoding.chunks import plan_chunks, settle, settle_sound
from framehouse.transcoding.frame_rate import constant_rate
from framehouse.transcoding.ladder import plan_ladder
from framehouse.transcoding.presets import PRESETS, find_preset

VIDEO = VideoTrack(
    index=0, codec="h264", profile="High", level=40, pix_fmt="yuv420p", bit_depth=8, width=1920, height=1080,
    sample_aspect=Fraction(1), display_width=1920, display_height=1080, rotation_degrees=0,
    frame_rate=Fraction(25), base_rate=Fraction(25), is_vfr=False, is_interlaced=False, color_transfer="",
    color_primaries="", color_space="", color_range="", is_hdr=False, start_s=Fraction(0), duration_s=Fraction(600),
    frames=15000,
)  # fmt: skip
AUDIO = AudioTrack(1, "aac", "LC", 2, "stereo", 48000, "en", "", True, Fraction(0), Fraction(600))
INFO = MediaInfo(("mov", "mp4"), 600_000, 10**8, 10**6, Fraction(0), VIDEO, (AUDIO,), ())


def shown(width: int, height: int, **changes: object) -> MediaInfo:
    video = replace(VIDEO, width=width, height=height, display_width=width, display_height=height)
    return replace(INFO, video=replace(video, **changes))  # pyright: ignore[reportArgumentType] - names of fields


def sizes(info: MediaInfo, preset: str = "dash_hls_1080p") -> list[tuple[str, int, int]]:
    return [(r.name, r.width, r.height) for r in plan_ladder(info, find_preset(preset)).rungs]


WIDE = [("720p", 1280, 720), ("480p", 854, 480), ("360p", 640, 360), ("240p", 426, 240)]
SCOPE = [("720p", 1280, 534), ("480p", 854, 356), ("360p", 640, 266), ("240p", 426, 178)]


@pytest.mark.parametrize(
    ("width", "height", "preset", "expected"),
    [
        (1920, 1080, "dash_hls_1080p", [("1080p", 1920, 1080), *WIDE]),
        (3840, 2160, "dash_hls_720p", WIDE),
        (1080, 1920, "dash_hls_720p", [(name, height, width) for name, width, height in WIDE]),
        (3840, 1600, "dash_hls_720p", SCOPE),
        (768, 576, "dash_hls_1080p", [("576p", 768, 576), ("480p", 640, 480), ("360p", 480, 360), ("240p", 320, 240)]),
        (501, 301, "dash_hls_1080p", [("301p", 500, 300), ("240p", 400, 240)]),
        (1, 1, "dash_hls_1080p", [("1p", 16, 16)]),
        (4, 2000, "dash_hls_720p", [("720p", 16, 1280), ("480p", 16, 854), ("360p", 16, 640), ("240p", 16, 426)]),
        (1920, 1080, "mp4", [("1080p", 1920, 1080)]),
        (1920, 1080, "audio", []),
    ],
)  # fmt: skip
def test_sizes(width: int, height: int, preset: str, expected: list[tuple[str, int, int]]) -> None:
    assert sizes(shown(width, height), preset) == expected


@given(width=st.integers(1, 16384), height=st.integers(1, 16384), preset=st.sampled_from(sorted(PRESETS)))
def test_never_larger_always_even_and_in_shape(width: int, height: int, preset: str) -> None:
    ladder = plan_ladder(shown(width, height), find_preset(preset))
    for rung in ladder.rungs:
        assert not (rung.width % 2)
        assert not (rung.height % 2)
        assert not (rung.content_width % 2)
        assert not (rung.content_height % 2)
        assert rung.width <= max(width + 1, 16)
        assert rung.height <= max(height + 1, 16)
        assert min(rung.content_width, rung.content_height) >= 2
        if min(rung.content_width, rung.content_height) > 64:
            assert abs(rung.content_width / rung.content_height / (width / height) - 1) < 0.04
    for larger, smaller in pairwise(ladder.rungs):
        assert larger.maxrate_bps >= smaller.maxrate_bps
    assert len({rung.name for rung in ladder.rungs}) == len(ladder.rungs)


@pytest.mark.parametrize(
    ("average", "base", "is_vfr", "expected"),
    [
        ((25, 1), (25, 1), False, (25, 1)),
        ((2997, 100), (30000, 1001), False, (30000, 1001)),
        ((120, 1), (120, 1), False, (60, 1)),
        ((120000, 1001), (120000, 1001), False, (60000, 1001)),
        ((100, 1), (100, 1), False, (50, 1)),
        ((9, 1), (9, 1), False, (9, 1)),
        ((0, 1), (0, 1), False, (25, 1)),
        ((29, 1), (90000, 1), True, (30000, 1001)),
        ((4, 1), (1000, 1), True, (15, 1)),
        ((240, 1), (1000, 1), True, (60, 1)),
    ],
)
def test_frame_rates(average: tuple[int, int], base: tuple[int, int], is_vfr: bool, expected: tuple[int, int]) -> None:
    video = replace(VIDEO, frame_rate=Fraction(*average), base_rate=Fraction(*base), is_vfr=is_vfr)
    assert constant_rate(video) == Fraction(*expected)


@given(st.fractions(min_value=Fraction(1, 20), max_value=1000, max_denominator=5000), st.booleans())
def test_any_rate_gives_whole_ticks_and_two_second_gops(rate: Fraction, is_vfr: bool) -> None:
    info = shown(640, 360, frame_rate=rate, base_rate=rate, is_vfr=is_vfr)
    rung = plan_ladder(info, find_preset("dash_hls_720p")).rungs[0]
    assert 0 < rung.frame_rate <= 60
    assert rung.ticks_per_frame * rung.frame_rate == rung.timescale
    assert rung.segment_frames == 2 * rung.gop_frames
    assert rung.gop_frames == 1 or abs(rung.gop_frames / rung.frame_rate - 2) <= 1 / rung.frame_rate


def test_the_zero_lies_on_the_frame_grid_at_or_before_the_first_track() -> None:
    late = shown(640, 360, start_s=Fraction(1, 2), duration_s=Fraction(10))
    ladder = plan_ladder(late, find_preset("dash_hls_720p"))
    assert ladder.timeline.zero_s == Fraction(1, 2) - 12 * Fraction(1, 25)
    assert ladder.frames - ladder.tail_frames == 262


def test_the_last_picture_stays_until_the_sound_ends() -> None:
    ladder = plan_ladder(shown(640, 360, duration_s=Fraction(590)), find_preset("dash_hls_720p"))
    assert (ladder.frames, ladder.tail_frames, ladder.duration_s) == (15000, 250, 600)


def test_hdr_and_interlaced_sources_are_converted() -> None:
    info = shown(640, 360, is_hdr=True, color_transfer="smpte2084", is_interlaced=True)
    conversion = plan_ladder(info, find_preset("dash_hls_720p")).conversion
    assert (conversion.hdr_transfer, conversion.deinterlace) == ("smpte2084", True)


def test_audio_renditions_have_their_own_names_and_one_default() -> None:
    tracks = tuple(
        replace(AUDIO, index=n, language=language, channels=channels, is_default=False)
        for n, (language, channels) in enumerate([("en", 6), ("en", 2), ("de", 1)], start=1)
    )
    audio = plan_ladder(replace(INFO, audio=tracks), find_preset("mp4")).audio
    assert [a.name for a in audio] == ["audio-en", "audio-en-2", "audio-de"]
    assert [a.channels for a in audio] == [2, 2, 1]
    assert [a.is_default for a in audio] == [True, False, False]


def test_a_silent_film_has_no_sound_preset() -> None:
    with pytest.raises(UnsupportedMedia, match="no audio track"):
        plan_ladder(replace(INFO, audio=()), find_preset("audio"))


def test_presets_have_protected_twins_without_downloads() -> None:
    for name in ("dash_hls_2160p", "dash_hls_1080p", "dash_hls_720p", "mp4", "audio"):
        assert not PRESETS[name].is_protected
        assert PRESETS[f"{name}_drm"].is_protected
        assert not PRESETS[f"{name}_drm"].creates_download
    with pytest.raises(InvalidInput, match="dash_hls_720p"):
        find_preset("dash_hls_8k")


@given(seconds=st.integers(1, 20000), chunk_s=st.sampled_from([4, 30, 60]), rate=st.sampled_from(["25", "30000/1001"]))
def test_chunks_cover_every_frame_once(seconds: int, chunk_s: int, rate: str) -> None:
    info = shown(640, 360, duration_s=Fraction(seconds), frame_rate=Fraction(rate), base_rate=Fraction(rate))
    ladder = plan_ladder(info, find_preset("dash_hls_720p"))
    chunks = plan_chunks(ladder, chunk_s=chunk_s)
    assert sum(chunk.span.count for chunk in chunks) == ladder.frames
    for left, right in pairwise(chunks):
        assert left.span.first + left.span.count == right.span.first
        assert right.span.first % ladder.rungs[0].segment_frames == 0
        assert left.span.tail == 0
    assert chunks[-1].span.tail == ladder.tail_frames < chunks[-1].span.count
    assert [chunk.is_last for chunk in chunks].count(True) == 1


def test_a_source_that_cannot_be_entered_is_one_chunk() -> None:
    info = replace(INFO, container=("mpegts",))
    assert len(plan_chunks(plan_ladder(info, find_preset("dash_hls_720p")))) == 1


def test_settling() -> None:
    ladder = plan_ladder(shown(640, 360), find_preset("dash_hls_720p"))
    chunks = plan_chunks(ladder)
    full = [{r.name: c.span.count for r in ladder.rungs} for c in chunks]
    whole = settle(ladder, chunks, full)
    assert (whole.frames, whole.is_shorter, whole.problems) == (15000, False, ())
    none = dict.fromkeys(full[0], 0)
    half = dict.fromkeys(full[0], 100)
    cut = settle(ladder, chunks, [*full[:4], half, *[none] * (len(chunks) - 5)])
    assert (cut.frames, cut.use_chunks, cut.is_shorter, cut.problems) == (6100, 5, True, ())
    assert settle(ladder, chunks, [full[0], half, *full[2:]]).problems
    assert settle(ladder, chunks, [none] * len(chunks)).problems
    assert settle(ladder, chunks, [{**full[0], "240p": 7}, *full[1:]]).problems


def test_settling_of_sound() -> None:
    ladder = plan_ladder(INFO, find_preset("audio"))
    assert settle_sound(ladder, [Fraction(600), Fraction(20)]).duration_s == 600
    assert settle_sound(ladder, [Fraction(400)]).is_shorter
    estimated = plan_ladder(replace(INFO, container=("mp3",)), find_preset("audio"))
    assert not settle_sound(estimated, [Fraction(400)]).is_shorter
    assert settle_sound(ladder, []).problems
