"""Sound as speech recognisers want it: one channel of 16 kHz in signed 16 bit samples, and where to cut it.

Pure: the argument vector for ffmpeg and arithmetic on samples. Which engine listens is decided in `speech`.
"""

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from framehouse.media.encode import Timeline, input_argv
from framehouse.media.info import AudioTrack, MediaInfo

SAMPLE_RATE_HZ = 16_000
SAMPLE_BYTES = 2
_FRAME = SAMPLE_RATE_HZ // 50  # 20 ms
_PAUSE_FRAMES = 15  # 300 ms: shorter ones are inside of words


def speech_argv(ffmpeg: str | Path, source: str | Path, info: MediaInfo, track: AudioTrack, output: Path) -> list[str]:
    """Decode one audio track to raw samples whose first one lies at the presentation's zero."""
    timeline = _timeline(info)
    chain = [
        f"asetpts=PTS-({float(timeline.shift_s):.9f})/TB",
        # A late start and gaps become silence, so that a sample's place in the file is its time.
        f"aresample=out_sample_rate={SAMPLE_RATE_HZ}:out_chlayout=mono:async=1:min_hard_comp=0.02:first_pts=0",
    ]
    return [
        *(str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
        # Absolute times as for the renditions, so that one zero serves all.
        *(["-copyts"] if timeline.seekable else []),
        *input_argv(source),
        *("-map", f"0:{track.index}", "-af", ",".join(chain)),
        # Broken time stamps must not become days of silence.
        *(["-t", f"{info.duration_ms / 1000:.3f}"] if info.duration_ms else []),
        # Samples alone: no header to skip, and the length is the file's size.
        *("-c:a", "pcm_s16le", "-map_metadata", "-1", "-f", "s16le", f"file:{output}"),
    ]


def spoken_track(info: MediaInfo, language: str) -> AudioTrack | None:
    """The track to listen to: one marked with the language, else the default one, else the first."""
    marked = [track for track in info.audio if _primary(track.language) == _primary(language)]
    default = [track for track in info.audio if track.is_default]
    return next(iter([*marked, *default, *info.audio]), None)


def quietest(samples: bytes) -> int:
    """Middle of the quietest 300 ms, in samples from the beginning; the middle of everything when it is shorter."""
    count = len(samples) // SAMPLE_BYTES
    values = struct.unpack_from(f"<{count}h", samples)
    loudness = [sum(map(abs, values[at : at + _FRAME])) for at in range(0, len(values) - _FRAME + 1, _FRAME)]
    if len(loudness) < _PAUSE_FRAMES:
        return len(values) // 2
    sums = [sum(loudness[at : at + _PAUSE_FRAMES]) for at in range(len(loudness) - _PAUSE_FRAMES + 1)]
    return (sums.index(min(sums)) * 2 + _PAUSE_FRAMES) * _FRAME // 2


def milliseconds(samples: int) -> int:
    return samples * 1000 // SAMPLE_RATE_HZ


def _timeline(info: MediaInfo) -> Timeline:
    """The presentation begins with its first track; the encode moves that by less than a frame, which nobody sees."""
    starts: Sequence[Fraction] = [*([info.video.start_s] if info.video else []), *(t.start_s for t in info.audio)]
    return Timeline(min(starts), info.start_s, info.has_reliable_index)


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
