"""From a source file to verified CMAF with the real tools: kinds of sources, frame exactness, sound against picture."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from framehouse.kernel.errors import UnsupportedMedia
from framehouse.media.captions import captions_argv
from framehouse.media.images import fit, plan_storyboard, poster_times, posters_argv, storyboard_argv
from framehouse.media.package import ContentKey, DownloadTrack, download_argv
from framehouse.media.probe import is_browser_playable, reason_unplayable
from framehouse.transcoding.ladder import plan_ladder
from framehouse.transcoding.presets import PRESETS
from tests.e2e import media_recipes as recipes
from tests.e2e.run_tools import (
    FFMPEG,
    SMALL,
    Encoded,
    beep_times,
    encode,
    flash_times,
    frame_codes,
    make,
    package,
    probe,
    problems,
    run,
    whole_track,
)

_LOSSLESS_ENOUGH = (
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-bf",
    "2",
    "-g",
    "75",
    "-qp",
    "8",
    "-pix_fmt",
    "yuv420p",
)


@pytest.mark.parametrize("recipe", recipes.PLAYABLE, ids=lambda recipe: recipe.__name__)
def test_every_kind_of_source_becomes_a_verified_package(recipe: recipes.Recipe, tmp_path: Path) -> None:
    source = recipe(tmp_path)
    encoded = encode(source, tmp_path / "work", chunk_s=4)
    facts = package(encoded, tmp_path / "package")
    assert problems(encoded, facts) == []
    for rendition in facts:
        checked = probe(whole_track(tmp_path / "package" / rendition.name))
        assert abs(checked.duration_ms / 1000 - float(encoded.duration_s)) < 0.05
        # Another decoder than the one that verified: no error while the whole track is decoded.
        run(
            [
                FFMPEG,
                "-nostdin",
                "-xerror",
                "-loglevel",
                "error",
                "-i",
                tmp_path / "package" / rendition.name / "whole.mp4",
                "-f",
                "null",
                "-",
            ]
        )


@pytest.mark.parametrize("recipe", [recipes.empty, recipes.text, recipes.cut_without_index], ids=lambda r: r.__name__)
def test_what_is_not_media_is_refused_with_a_sentence(recipe: recipes.Recipe, tmp_path: Path) -> None:
    info = probe(recipe(tmp_path))
    reason = reason_unplayable(info)
    assert reason
    assert reason.endswith(".")
    with pytest.raises(UnsupportedMedia, match=re.escape(reason)):
        plan_ladder(info, SMALL)


def test_a_source_cut_off_behind_its_index_plays_what_is_there(tmp_path: Path) -> None:
    for chunk_s, folder in ((60, "one"), (4, "many")):
        encoded = encode(recipes.cut_with_index(tmp_path), tmp_path / folder, chunk_s=chunk_s)
        assert encoded.was_shorter
        assert Fraction(3) < encoded.duration_s < Fraction(5)
        assert problems(encoded, package(encoded, tmp_path / folder / "package")) == []


def _sources_with_numbers(folder: Path) -> dict[str, tuple[Path, int]]:
    """Clips that show their frame numbers, each with the pictures repeated before the first (sound begins earlier)."""
    tone = ("-f", "lavfi", "-i", "sine=440:r=48000:d=13")
    plain = folder / "plain.mp4"
    make(*recipes.frame_coded("30000/1001", 13), *tone, *_LOSSLESS_ENOUGH, "-c:a", "aac", plain)
    make("-i", plain, "-c", "copy", folder / "start.ts")
    late = ("-itsoffset", "0.5", "-i", plain, "-i", plain, "-map", "0:v", "-map", "1:a", "-c", "copy")
    make(*late, folder / "late.mp4")
    make(*late, folder / "late.mkv")
    make("-itsoffset", "0.9", "-i", plain, "-i", plain, "-map", "1:v", "-map", "0:a", "-c", "copy", folder / "on.mp4")
    open_gop = "log-level=error:open-gop=1:keyint=30:min-keyint=30:bframes=4"
    hevc = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", open_gop, "-crf", "5")
    make(*recipes.frame_coded("24", 13), *hevc, folder / "open.mp4")
    webm = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M")
    make(*recipes.frame_coded("24000/1001", 13), *webm, folder / "ms.webm")
    make(*recipes.frame_coded("25", 13), "-c:v", "mpeg4", "-q:v", "2", "-bf", "2", folder / "packed.avi")
    return {
        "B-frames and edit list": (plain, 0),
        "transport stream that starts at 1.4 s": (folder / "start.ts", 0),
        "video 0.5 s after the sound, MP4": (folder / "late.mp4", 14),
        "video 0.5 s after the sound, Matroska": (folder / "late.mkv", 14),
        "sound 0.9 s after the video, and longer": (folder / "on.mp4", 0),
        "open GOPs": (folder / "open.mp4", 0),
        "time stamps in milliseconds": (folder / "ms.webm", 0),
        "AVI with B-frames": (folder / "packed.avi", 0),
    }


def test_chunks_hold_every_source_frame_once_and_in_order(tmp_path: Path) -> None:
    for number, (name, (source, before)) in enumerate(_sources_with_numbers(tmp_path).items()):
        whole = encode(source, tmp_path / f"whole-{number}", chunk_s=3600)
        parts = encode(source, tmp_path / f"parts-{number}", chunk_s=4)
        assert whole.chunks == 1, name
        assert parts.chunks >= 3, name
        shown = whole.frames - whole.ladder.tail_frames - before
        expected = [0] * before + list(range(shown)) + [shown - 1] * whole.ladder.tail_frames
        assert whole.ladder.tail_frames >= (20 if "longer" in name else 0), name
        for encoded in (whole, parts):
            assert not encoded.was_shorter, name
            assert shown in range(int(13 * encoded.ladder.rungs[0].frame_rate) - 1, 400), name
            for path in encoded.rungs.values():
                assert frame_codes(path) == expected, name


@pytest.mark.parametrize("video_late_s", [0.0, 0.4])
def test_sound_and_picture_stay_together(tmp_path: Path, video_late_s: float) -> None:
    source = recipes.flash_and_beep(tmp_path, video_late_s=video_late_s)
    encoded = encode(source, tmp_path / "work", chunk_s=4)
    facts = package(encoded, tmp_path / "package")
    assert problems(encoded, facts) == []
    rung = encoded.ladder.rungs[0]
    flashes = flash_times(whole_track(tmp_path / "package" / rung.name), rung.frame_rate)
    beeps = beep_times(whole_track(tmp_path / "package" / next(iter(encoded.audio))))
    assert len(flashes) == len(beeps) == 3
    for flash, beep in zip(flashes, beeps, strict=True):
        assert abs(flash - beep - video_late_s) < 0.020
    # A lesser error could hide in the tolerance of one place; drift over the clip could not.
    assert abs((beeps[-1] - beeps[0]) - (flashes[-1] - flashes[0])) < 0.005


def test_sound_with_holes_does_not_drift_in_ten_minutes(tmp_path: Path) -> None:
    beeps = "aevalsrc='0.8*sin(2*PI*1000*t)*lt(mod(t,10),0.3)':s=44100:d=600"
    # One packet in a hundred is lost; the time stamps of the others stay.
    holes = ("-bsf:a", "noise=drop='not(mod(n,100))'")
    make(
        "-f",
        "lavfi",
        "-i",
        beeps,
        "-c:a",
        "mp2",
        "-b:a",
        "64k",
        *holes,
        "-output_ts_offset",
        "3.3",
        tmp_path / "holes.mkv",
    )
    encoded = encode(tmp_path / "holes.mkv", tmp_path / "work", PRESETS["audio"])
    found = [beep for beep in beep_times(next(iter(encoded.audio.values())), quiet_s=5) if beep > 1]
    assert len(found) == 59
    for number, beep in enumerate(found, start=1):
        assert abs(beep - 10 * number) < 0.050


def test_posters_storyboard_and_captions(tmp_path: Path) -> None:
    source = recipes.languages(tmp_path)
    info = probe(source)
    encoded = encode(source, tmp_path / "work")
    assert info.video
    ladder, rung = encoded.ladder, encoded.ladder.rungs[-1]
    large, small = (fit(info.video.display_width, info.video.display_height, side, side) for side in (1280, 80))
    pairs = [(tmp_path / f"poster{n}.jpg", tmp_path / f"thumb{n}.jpg") for n in range(4)]
    times = poster_times(ladder.duration_s)
    argv = (FFMPEG, source, ladder.video_index, ladder.timeline, times, ladder.conversion)
    run(posters_argv(*argv, large, small, pairs))
    assert len({poster.read_bytes() for poster, _ in pairs}) == 4
    assert all(thumb.stat().st_size < poster.stat().st_size for poster, thumb in pairs)

    board = plan_storyboard(encoded.duration_s, rung.gop_frames / rung.frame_rate, rung.width, rung.height)
    run(storyboard_argv(FFMPEG, encoded.rungs[rung.name], board, tmp_path / "sheet-%d.jpg"))
    sheet = probe(tmp_path / "sheet-1.jpg")
    assert sheet.video
    assert (sheet.video.width, sheet.video.height) == (10 * board.tile_width, 10 * board.tile_height)
    assert (board.tiles, board.sheets) == (3, 1)
    assert not (tmp_path / "sheet-2.jpg").exists()

    texts = {track.index: tmp_path / f"{track.index}.vtt" for track in info.subtitles}
    run(captions_argv(FFMPEG, source, ladder.timeline, info.subtitles, texts))
    english, german = (path.read_text() for path in texts.values())
    assert "00:01.000 --> 00:02.000\nHello" in english
    assert "00:01.500 --> 00:02.500\nGrüß dich" in german


def test_download_is_a_copy_of_the_encoded_renditions(tmp_path: Path) -> None:
    encoded = encode(recipes.languages(tmp_path), tmp_path / "work", PRESETS["mp4"])
    assert len(encoded.rungs) == 1
    tracks = [DownloadTrack(encoded.audio[a.name], a.language, a.title, a.is_default) for a in encoded.ladder.audio]
    run(download_argv(FFMPEG, next(iter(encoded.rungs.values())), tracks, tmp_path / "film.mp4", title="A film"))
    data = (tmp_path / "film.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    info = probe(tmp_path / "film.mp4")
    assert is_browser_playable(info)[0]
    assert abs(info.duration_ms - float(encoded.duration_s) * 1000) < 50
    assert [track.language for track in info.audio] == ["en", "de"]
    assert info.video
    assert info.video.frames == encoded.frames
    assert info.video.start_s == info.audio[0].start_s == 0


def test_protected_package_is_encrypted_and_decrypts_with_its_key(tmp_path: Path) -> None:
    key = ContentKey(bytes(range(16)), bytes(range(16, 32)))
    encoded = encode(recipes.h264_aac(tmp_path), tmp_path / "work")
    facts = package(encoded, tmp_path / "package", key)
    assert problems(encoded, facts, encrypted=True) == []
    assert {rendition.init.key_id for rendition in facts} == {key.key_id}
    track = whole_track(tmp_path / "package" / encoded.ladder.rungs[0].name)
    decode = [
        FFMPEG,
        "-nostdin",
        "-xerror",
        "-loglevel",
        "error",
        "-decryption_key",
        key.key.hex(),
        "-i",
        track,
        "-f",
        "null",
        "-",
    ]
    run(decode)
    wrong = [part if part != key.key.hex() else "00" * 16 for part in decode]
    with pytest.raises(AssertionError):
        run(wrong)


def test_verification_notices_a_missing_and_a_foreign_segment(tmp_path: Path) -> None:
    encoded: Encoded = encode(recipes.h264_aac(tmp_path), tmp_path / "work")
    facts = package(encoded, tmp_path / "package")
    video = facts[0]
    short = type(video)(video.name, video.kind, video.init, video.segments[:-1], video.playlist_s)
    found = " ".join(problems(encoded, [short, *facts[1:]]))
    assert "lasts" in found
    assert "playlist names" in found
    assert "off the picture at the end" in found
    swapped = type(video)(video.name, video.kind, video.init, video.segments[::-1], video.playlist_s)
    assert any("does not begin where" in problem for problem in problems(encoded, [swapped, *facts[1:]]))
