"""Recipes of sources that differ in all that matters for cutting: name -> what ffmpeg is told. A few seconds, tiny."""

from pathlib import Path

from tests.e2e.cutting_tools import ffmpeg

_VIDEO = ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=30000/1001:d=11"]
_TONE = ["-f", "lavfi", "-i", "sine=440:r=48000:d=11"]
_LONG_TONE = ["-f", "lavfi", "-i", "sine=440:r=44100:d=16"]
_X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-b-pyramid", "normal", "-pix_fmt", "yuv420p"]
_AAC = ["-c:a", "aac", "-b:a", "48k"]
_GOP_2S = ["-g", "60", "-keyint_min", "60", "-sc_threshold", "0"]

CUTTABLE: dict[str, list[str]] = {
    "moov_at_end.mp4": [*_VIDEO, *_TONE, *_X264, *_GOP_2S, *_AAC],
    "faststart.mp4": [*_VIDEO, *_TONE, *_X264, *_GOP_2S, *_AAC, "-movflags", "faststart"],
    "cues.mkv": [*_VIDEO, *_TONE, *_X264, *_GOP_2S, *_AAC],
    "quicktime.mov": [*_VIDEO, *_TONE, *_X264, *_GOP_2S, *_AAC],
    "audio_longer.mp4": [*_VIDEO, *_LONG_TONE, *_X264, *_GOP_2S, *_AAC],
    "video_later.mp4": ["-itsoffset", "0.7", *_VIDEO, *_TONE, *_X264, *_GOP_2S, *_AAC],
    "video_later.mkv": ["-itsoffset", "4", *_VIDEO, *_LONG_TONE, *_X264, *_GOP_2S, *_AAC],
    "audio_a_little_later.mp4": [*_VIDEO, "-itsoffset", "0.04", *_TONE, *_X264, *_GOP_2S, *_AAC],
    "silent.mp4": [*_VIDEO, *_X264, *_GOP_2S],
    "audio_only.m4a": [*_LONG_TONE, *_AAC],
    "audio_only.mka": [*_LONG_TONE, *_AAC],
    "no_b_frames.mp4": [*_VIDEO, *_TONE, "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", *_GOP_2S, *_AAC],
    "uneven_gops.mp4": [*_VIDEO, *_TONE, *_X264, "-force_key_frames", "0.5,1.7,3.1,7.6,8", "-g", "300", *_AAC],
    "variable_rate.mp4": [
        *_VIDEO, *_TONE, "-vf", "select='not(eq(mod(n,7),3))*not(between(n,40,55))'", "-fps_mode", "vfr",
        *_X264, "-g", "40", *_AAC,
    ],
    "two_languages.mp4": [
        *_VIDEO, *_TONE, "-f", "lavfi", "-i", "sine=880:r=48000:d=9", "-map", "0", "-map", "1", "-map", "2",
        "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu", *_X264, *_GOP_2S, *_AAC,
    ],
    "shifted_start.mkv": [
        *_VIDEO, *_TONE, *_X264, *_GOP_2S, *_AAC, "-output_ts_offset", "3",
    ],
    "coarse_clock.mov": [*_VIDEO, *_TONE, *_X264, *_GOP_2S, *_AAC, "-video_track_timescale", "600"],
}  # fmt: skip

NOT_CUTTABLE: dict[str, tuple[list[str], str]] = {
    "sparse.mp4": ([*_VIDEO[:-1], "testsrc2=s=160x90:r=10:d=30", *_X264, "-g", "1000"], "Key frames are"),
    "vp9.mkv": ([*_VIDEO[:-1], "testsrc2=s=64x36:r=5:d=2", "-c:v", "libvpx-vp9", "-deadline", "realtime"], "not H.264"),
    "opus.mp4": ([*_VIDEO, *_TONE, *_X264, *_GOP_2S, "-c:a", "libopus"], "not AAC"),
    "ten_bit.mp4": ([*_VIDEO, *_X264, *_GOP_2S, "-pix_fmt", "yuv420p10le"], "8 bits"),
    "open_gop.mp4": ([*_VIDEO, *_X264, "-x264-params", "open-gop=1:keyint=60:scenecut=0"], "open GOP"),
    "no_cues.mkv": ([*_VIDEO, *_X264, *_GOP_2S, "-f", "matroska", "-live", "1"], "index"),
    "video_much_later.mkv": (
        ["-itsoffset", "6", *_VIDEO, *_LONG_TONE, *_X264, *_GOP_2S, *_AAC],
        "after the audio",
    ),
    "audio_later.mp4": ([*_VIDEO, "-itsoffset", "0.8", *_TONE, *_X264, *_GOP_2S, *_AAC], "after the video"),
    "fragmented.mp4": (
        [*_VIDEO[:-1], "testsrc2=s=64x36:r=5:d=90", *_X264, "-g", "10", "-movflags", "frag_keyframe+empty_moov"],
        "index",
    ),
}


LONG_LOOP = [
    "-f", "lavfi", "-i", "color=black:s=64x36:r=30:d=11", "-f", "lavfi", "-i", "anullsrc=r=48000:d=11",
    *_X264, *_GOP_2S, *_AAC, "-shortest",
]  # fmt: skip


def make(folder: Path, name: str) -> Path:
    recipe = CUTTABLE[name] if name in CUTTABLE else NOT_CUTTABLE[name][0]
    path = folder / name
    ffmpeg(*recipe, path)
    return path
