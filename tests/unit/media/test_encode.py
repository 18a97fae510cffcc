"""Argument vectors of the encode: what must be in them for chunks to join and for nothing else to be opened."""

from fractions import Fraction
from pathlib import Path

import pytest

from framehouse.kernel.errors import InvalidInput
from framehouse.media.encode import AudioRendition, FrameSpan, Rung, Timeline, audio_argv, video_chunk_argv
from framehouse.media.ffmpeg_progress import Progress, parse_progress_line
from framehouse.media.filters import PictureConversion
from framehouse.media.images import plan_storyboard, storyboard_vtt
from framehouse.media.language import to_bcp47, to_iso639_2
from framehouse.media.package import ContentKey, PackagedTrack, key_flags, packager_argv

RATE = Fraction(30000, 1001)


def rung(name: str, width: int, height: int) -> Rung:
    return Rung(name, width, height, width, height, RATE, 60, 120, 30000, 23, 1_000_000, 2_000_000, "high", "3.1")


def chunk(span: FrameSpan, conversion: PictureConversion | None = None, *, seekable: bool = True) -> list[str]:
    return video_chunk_argv(
        "ffmpeg",
        "in.mp4",
        3,
        Timeline(Fraction(1, 2), Fraction(1, 4), seekable),
        span,
        conversion or PictureConversion(),
        [rung("720p", 1280, 720), rung("360p", 640, 360)],
        {"720p": Path("a.mp4"), "360p": Path("b.mp4")},
    )


def graph(argv: list[str]) -> str:
    return argv[argv.index("-filter_complex") + 1]


def test_a_chunk_is_placed_on_the_grid_in_whole_ticks() -> None:
    argv = chunk(FrameSpan(1800, 1800))
    assert f"setpts=PTS-({15000 + 1800 * 1001})" in graph(argv)
    assert "setpts=PTS+1800" in graph(argv)
    assert argv[argv.index("-ss") + 1] == f"{0.5 + 1800 * 1001 / 30000 - 2:.6f}"
    assert argv.count("-frames:v") == 2


def test_one_decode_feeds_all_rungs() -> None:
    argv = chunk(FrameSpan(0, 120))
    assert argv.count("-i") == 1
    assert graph(argv).count("[0:3]") == 1
    assert graph(argv).count("split=2") == 1


def test_without_an_index_nothing_is_sought_and_times_count_from_the_container() -> None:
    argv = chunk(FrameSpan(0, 120), seekable=False)
    assert "-ss" not in argv
    assert "-copyts" not in argv
    assert "setpts=PTS-(7500)" in graph(argv)


def test_conversions_come_in_their_order() -> None:
    text = graph(chunk(FrameSpan(0, 120, tail=7), PictureConversion(deinterlace=True, hdr_transfer="arib-std-b67")))
    order = [
        text.index(part)
        for part in ("bwdif", "fps=fps=30000/1001", "tpad=stop=7", "zscale", "tonemap=tonemap", "split")
    ]
    assert order == sorted(order)


def test_inputs_are_local_files_only() -> None:
    argv = chunk(FrameSpan(0, 120))
    assert argv[argv.index("-protocol_whitelist") + 1] == "file,pipe"
    assert "file:in.mp4" in argv
    assert "-nostdin" in argv


def test_sound_is_padded_to_the_picture_and_left_alone_without_one() -> None:
    rendition = AudioRendition("audio-en", 1, "en", "", 2, 128_000, is_default=True)
    args = ("ffmpeg", "in.mp4", Timeline(Fraction(0)), [rendition], {"audio-en": Path("a.mp4")})
    assert "apad=whole_len=480000" in graph(audio_argv(*args, duration_s=Fraction(10)))
    assert "apad" not in graph(audio_argv(*args, duration_s=None))


def test_progress_lines() -> None:
    progress = Progress()
    for line in ("frame=120\n", "out_time_us=4000000", "out_time=N/A", "speed=2.5x", "frame=N/A", "progress=end"):
        progress = parse_progress_line(line, progress)
    assert progress == Progress(120, 4000, 2.5, is_end=True)
    assert progress.share_of(frames=240) == 0.5
    assert progress.share_of(duration_ms=2000) == 1.0
    assert progress.share_of() == 0.0


def test_keys_are_in_the_flag_file_and_not_in_the_arguments() -> None:
    key = ContentKey(b"i" * 16, b"k" * 16)
    track = PackagedTrack("720p", "video", Path("a.mp4"))
    argv = packager_argv("packager", [track], Path("out"), Fraction(4), flag_file=Path("flags"))
    assert key.key.hex() not in " ".join(argv)
    assert key.key.hex() not in repr(key)
    assert key.key.hex() in key_flags(key)
    assert argv[argv.index("--protection_scheme") + 1] == "cbcs"


@pytest.mark.parametrize("path", ["a,b.mp4", "a$Number$.mp4", "a\nb.mp4"])
def test_paths_that_would_change_a_descriptor_are_refused(path: str) -> None:
    with pytest.raises(InvalidInput):
        packager_argv("packager", [PackagedTrack("720p", "video", Path(path))], Path("out"), Fraction(4))


def test_a_key_has_sixteen_bytes() -> None:
    with pytest.raises(InvalidInput):
        ContentKey(b"short", b"k" * 16)


def test_storyboard_of_two_hours_stays_small_and_its_text_covers_all() -> None:
    plan = plan_storyboard(Fraction(7200), Fraction(2), 1920, 1080)
    assert (plan.tiles, plan.sheets, plan.interval_s) == (450, 5, Fraction(16))
    assert (plan.tile_width, plan.tile_height) == (160, 90)
    cues = storyboard_vtt(plan, [f"s{n}.jpg" for n in range(5)]).strip().split("\n\n")
    assert cues[0] == "WEBVTT"
    assert len(cues) == 451
    assert cues[101] == "00:26:40.000 --> 00:26:56.000\ns1.jpg#xywh=0,0,160,90"
    assert cues[-1].startswith("01:59:44.000 --> 02:00:00.000\ns4.jpg")


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("pt-BR", "pt-BR"),
        ("por-BR", "pt-BR"),
        ("gsw", "gsw"),
        ("", "und"),
        (None, "und"),
        ("und", "und"),
        ("<x>", "und"),
        ("zh_Hans", "zh-Hans"),
    ],
)
def test_languages(code: str | None, tag: str) -> None:
    assert to_bcp47(code) == tag


def test_languages_back_to_three_letters() -> None:
    assert [to_iso639_2(tag) for tag in ("de", "fr", "en-GB", "gsw", "und", "xx")] == [
        "deu",
        "fra",
        "eng",
        "gsw",
        "und",
        "und",
    ]
