"""Embedded text subtitles to WebVTT files. Parsing and serving of WebVTT is in `webvtt`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from framehouse.media.encode import Timeline, input_argv
from framehouse.media.probe import SubtitleTrack


def captions_argv(
    ffmpeg: str | Path,
    source: str | Path,
    timeline: Timeline,
    tracks: Sequence[SubtitleTrack],
    outputs: Mapping[int, Path],
) -> list[str]:
    """Every text track in one pass over the source; `outputs` maps a track's stream index to its file.

    Times are counted from the presentation's zero. Picture subtitles (DVB, PGS, VobSub) are left out.
    """
    argv = [str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    # Absolute times as for video and audio, so that one zero serves all.
    argv += [*(["-copyts"] if timeline.seekable else []), *input_argv(source)]
    for track in tracks:
        if track.is_text:
            argv += [
                *("-map", f"0:{track.index}", "-c:s", "webvtt", "-map_metadata", "-1", "-map_chapters", "-1"),
                # The source's own zero moves to the presentation's.
                *("-output_ts_offset", f"{-float(timeline.shift_s):.6f}", "-f", "webvtt"),
                f"file:{outputs[track.index]}",
            ]
    return argv
