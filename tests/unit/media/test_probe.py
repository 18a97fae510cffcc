"""Reading of ffprobe's answers, and the judgement of what can be played."""

import json
from fractions import Fraction
from typing import Any

import pytest

from framehouse.media.probe import is_browser_playable, parse_probe, probe_argv, reason_unplayable

VIDEO: dict[str, Any] = {
    "index": 0,
    "codec_type": "video",
    "codec_name": "h264",
    "profile": "High",
    "level": 40,
    "pix_fmt": "yuv420p",
    "width": 1920,
    "height": 1080,
    "sample_aspect_ratio": "1:1",
    "r_frame_rate": "30000/1001",
    "avg_frame_rate": "30000/1001",
    "time_base": "1/30000",
    "start_pts": 1001,
    "duration_ts": 300300,
    "nb_frames": "300",
    "field_order": "progressive",
}
AUDIO: dict[str, Any] = {
    "index": 1,
    "codec_type": "audio",
    "codec_name": "aac",
    "profile": "LC",
    "channels": 2,
    "channel_layout": "stereo",
    "sample_rate": "48000",
    "time_base": "1/48000",
    "start_pts": 0,
    "duration_ts": 480000,
    "tags": {"language": "ger"},
}
FORMAT = {"format_name": "mov,mp4,m4a,3gp,3g2,mj2", "duration": "10.01", "size": "1000000", "bit_rate": "800000"}


def answer(*streams: dict[str, Any], **form: str) -> str:
    return json.dumps({"streams": streams, "format": {**FORMAT, **form}})


def test_facts_of_an_ordinary_file() -> None:
    info = parse_probe(answer(VIDEO, AUDIO))
    assert info.video
    assert info.video.frame_rate == Fraction(30000, 1001)
    assert info.video.start_s == Fraction(1001, 30000)
    assert info.video.duration_s == Fraction("10.01")
    assert (info.duration_ms, info.size_bytes, info.bit_rate_bps) == (10043, 1000000, 800000)
    assert info.audio[0].language == "de"
    assert reason_unplayable(info) is None
    assert is_browser_playable(info)[0]


@pytest.mark.parametrize(
    ("sample_aspect", "rotation", "shown"),
    [
        ("1:1", 0, (1920, 1080)),
        ("4:3", 0, (2560, 1080)),
        ("1:2", 0, (1920, 2160)),
        ("1:1", 90, (1080, 1920)),
        ("4:3", -90, (1080, 2560)),
        ("0:1", 180, (1920, 1080)),
        ("1:100000", 0, (1920, 1080)),
    ],
)
def test_shown_size_has_square_pixels_and_stands_upright(
    sample_aspect: str, rotation: int, shown: tuple[int, int]
) -> None:
    matrix = [{"side_data_type": "Display Matrix", "rotation": rotation}]
    info = parse_probe(answer({**VIDEO, "sample_aspect_ratio": sample_aspect, "side_data_list": matrix}))
    assert info.video
    assert (info.video.display_width, info.video.display_height) == shown


def test_hdr_interlaced_variable_rate_and_ten_bits_are_seen() -> None:
    special = {"color_transfer": "smpte2084", "field_order": "tt", "avg_frame_rate": "17/1", "pix_fmt": "yuv420p10le"}
    video = parse_probe(answer({**VIDEO, **special})).video
    assert video
    assert (video.is_hdr, video.is_interlaced, video.is_vfr, video.bit_depth) == (True, True, True, 10)


def test_cover_art_is_no_video() -> None:
    flagged = {**VIDEO, "codec_name": "mjpeg", "disposition": {"attached_pic": 1}}
    assert parse_probe(answer(flagged, AUDIO)).video is None
    assert parse_probe(answer({**VIDEO, "codec_name": "png"}, AUDIO, format_name="mp3")).video is None


def test_duration_tag_of_matroska_is_an_end_when_libavformat_wrote_it() -> None:
    track = {k: v for k, v in VIDEO.items() if k != "duration_ts"} | {"tags": {"DURATION": "00:00:10.043366667"}}
    written = json.dumps({"streams": [track], "format": {**FORMAT, "tags": {"ENCODER": "Lavf62.1"}}})
    ours, other = parse_probe(written).video, parse_probe(answer(track)).video
    assert ours
    assert other
    assert abs(ours.duration_s - Fraction("10.01")) < Fraction(1, 10**6)
    assert other.duration_s > ours.duration_s


@pytest.mark.parametrize("text", ["", "{}", "no json", '{"streams": 3}', '{"streams": [7]}', "[]", '{"streams": [{}]}'])
def test_any_answer_is_read_without_an_error(text: str) -> None:
    reason = reason_unplayable(parse_probe(text, size_bytes=5))
    assert reason
    assert "not a video or audio file" in reason


def test_hostile_numbers_do_no_harm() -> None:
    nasty = {**VIDEO, "tags": {"DURATION": "1e999999999:00:00"}, "avg_frame_rate": "1/0", "width": "9" * 5000}
    info = parse_probe(json.dumps({"streams": [nasty], "format": {"duration": "1e99999999", "format_name": "mov"}}))
    assert reason_unplayable(info)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"width": 20000}, "at most 16384"),
        ({"width": 0}, "damaged"),
        ({"duration_ts": "N/A", "tags": {}}, "no duration"),
    ],
)
def test_unplayable_video_has_a_sentence(changes: dict[str, Any], words: str) -> None:
    reason = reason_unplayable(parse_probe(answer({**VIDEO, **changes}, duration="N/A")))
    assert reason
    assert words in reason


def test_an_empty_file_is_called_empty() -> None:
    assert reason_unplayable(parse_probe("", size_bytes=0)) == "The file is empty (0 bytes)."


@pytest.mark.parametrize(
    ("video", "audio", "words"),
    [
        ({"codec_name": "hevc"}, {}, "not H.264"),
        ({"pix_fmt": "yuv422p"}, {}, "4:2:0"),
        ({"profile": "High 10"}, {}, "profile"),
        ({"field_order": "bb"}, {}, "interlaced"),
        ({"avg_frame_rate": "120/1", "r_frame_rate": "120/1"}, {}, "frame rate"),
        ({}, {"codec_name": "mp3"}, "not AAC-LC"),
        ({}, {"profile": "HE-AAC"}, "not AAC-LC"),
    ],
)
def test_what_browsers_do_not_play_is_said(video: dict[str, Any], audio: dict[str, Any], words: str) -> None:
    is_playable, reason = is_browser_playable(parse_probe(answer({**VIDEO, **video}, {**AUDIO, **audio})))
    assert not is_playable
    assert words in reason


def test_ffprobe_may_open_nothing_but_the_file() -> None:
    argv = probe_argv("ffprobe", "http:evil")
    assert argv[argv.index("-protocol_whitelist") + 1] == "file"
    assert argv[-1] == "file:http:evil"
