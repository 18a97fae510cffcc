"""Argument vectors for encoding: one decode for all rungs of a chunk, audio in one pass, copies between containers.

Pure. All times are counted from one zero of the presentation (`Timeline.zero_s`), which video and audio share;
video lives on a constant frame grid, so that chunk k is frames [k*n, (k+1)*n) whoever encodes it.
Which rungs and chunks there are is decided in `transcoding`; running the processes is `infra`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from framehouse.media.filters import PictureConversion, deinterlace_chain, pad_chain, smaller_chain, source_chain

SEEK_MARGIN_S = 2
"""A seek aims this much early: frames of an open GOP before its key frame may be broken, and bwdif looks around."""
AAC_PRIMING_SAMPLES = 1024
"""The AAC encoder's first packet holds no sound (its window's first half)."""
AUDIO_RATE_HZ = 48000
# Fragmented, so that chunks join by appending; delay_moov writes the edit list that takes the B-frame delay away
# (ffprobe and libavformat players show 0 as first time only with it); frag_discont keeps a chunk's absolute time.
_CHUNK_MOVFLAGS = "+frag_keyframe+delay_moov+default_base_moof+frag_discont+skip_trailer"
_AUDIO_MOVFLAGS = "+empty_moov+default_base_moof+skip_trailer"


@dataclass(frozen=True)
class X264Settings:
    """Encoder settings that trade CPU for quality, as data."""

    preset: str = "veryfast"
    tune: str = ""
    bframes: int = 3


@dataclass(frozen=True)
class Rung:
    """One video rendition; sizes in square pixels, all even."""

    name: str
    width: int
    height: int
    content_width: int
    content_height: int
    frame_rate: Fraction
    gop_frames: int
    segment_frames: int
    timescale: int
    crf: float
    maxrate_bps: int
    bufsize_bps: int
    profile: str
    level: str

    @property
    def ticks_per_frame(self) -> int:
        return int(self.timescale / self.frame_rate)

    @property
    def segment_s(self) -> Fraction:
        return self.segment_frames / self.frame_rate


@dataclass(frozen=True)
class AudioRendition:
    """One audio track to encode: AAC-LC at 48 kHz."""

    name: str
    source_index: int
    language: str
    title: str
    channels: int
    bitrate_bps: int
    is_default: bool


@dataclass(frozen=True)
class Timeline:
    """Where the presentation's zero lies in the source's own time stamps (seconds)."""

    zero_s: Fraction
    container_start_s: Fraction = Fraction(0)
    seekable: bool = True
    """False: the source is decoded from its beginning in one chunk, with ffmpeg's repair of time stamp jumps."""

    @property
    def shift_s(self) -> Fraction:
        """What is subtracted from the time stamps ffmpeg hands to the filters."""
        return self.zero_s if self.seekable else self.zero_s - self.container_start_s


@dataclass(frozen=True)
class FrameSpan:
    """Output frames [first, first + count) of the constant grid; the last `tail` of them repeat the last picture."""

    first: int
    count: int
    tail: int = 0


def input_argv(source: str | Path, *, protocols: str = "file,pipe") -> list[str]:
    """A local file as input: `file:` keeps a name with a colon from being taken for a protocol."""
    # No playlist or reference inside the file may open an address; no terminal is read.
    return ["-protocol_whitelist", protocols, "-i", f"file:{source}"]


def _opening(ffmpeg: str | Path, *, progress: bool = True) -> list[str]:
    # Progress as key=value lines twice a second on standard output; errors only on standard error.
    report = ["-progress", "pipe:1", "-stats_period", "0.5", "-nostats"] if progress else []
    return [str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *report]


def video_chunk_argv(
    ffmpeg: str | Path,
    source: str | Path,
    stream_index: int,
    timeline: Timeline,
    span: FrameSpan,
    conversion: PictureConversion,
    rungs: Sequence[Rung],
    outputs: Mapping[str, Path],
    settings: X264Settings | None = None,
) -> list[str]:
    """Encode one chunk in every rung (largest first) from one decode; `outputs` maps a rung's name to its file.

    The files are fragmented MP4 whose fragments carry their absolute time, so that the chunks of a rung join by
    appending everything after the first one's header (`boxes.fragment_body_offset`). A source that ends early
    gives fewer frames than asked, and exit code 0: count them by progress or boxes.
    """
    rate = rungs[0].frame_rate
    seek: list[str] = []
    if timeline.seekable:
        start_s = timeline.zero_s + span.first / rate - SEEK_MARGIN_S
        # Absolute time stamps and no trimming of our own accord: the grid decides which frame belongs to the chunk.
        seek = ["-copyts"]
        if span.first:
            seek += ["-noaccurate_seek", "-seek_timestamp", "1", "-ss", f"{float(start_s):.6f}"]
    argv = [*_opening(ffmpeg), *seek, *input_argv(source)]
    argv += ["-filter_complex", ";".join(_graph(stream_index, timeline, span, conversion, rungs))]
    for number, rung in enumerate(rungs):
        argv += ["-map", f"[v{number}]", *_x264(rung, span, settings or X264Settings()), f"file:{outputs[rung.name]}"]
    return argv


def _graph(
    stream_index: int, timeline: Timeline, span: FrameSpan, conversion: PictureConversion, rungs: Sequence[Rung]
) -> list[str]:
    top = rungs[0]
    shift_ticks = round(timeline.shift_s * top.timescale) + span.first * top.ticks_per_frame
    head = [
        *deinterlace_chain(conversion),
        # Integer arithmetic on a time base that holds the grid exactly: every chunk rounds alike.
        f"settb=expr=1/{top.timescale}",
        f"setpts=PTS-({shift_ticks})",
        # Constant rate from the chunk's first frame on: earlier frames fall away, gaps are filled by repetition.
        f"fps=fps={top.frame_rate}:start_time=0:round=near",
        # The audio goes on: repeat the last picture, so that both tracks end together.
        *([f"tpad=stop={span.tail}:stop_mode=clone"] if span.tail else []),
        # Back to absolute time, in frames.
        f"setpts=PTS+{span.first}",
        *source_chain(conversion, top.content_width, top.content_height),
    ]
    chains: list[str] = []
    feed = f"[0:{stream_index}]" + ",".join(head)
    for number, rung in enumerate(rungs):
        pad = ",".join(pad_chain(rung.content_width, rung.content_height, rung.width, rung.height) or ["null"])
        if number + 1 == len(rungs):
            chains.append(f"{feed},{pad}[v{number}]")
            break
        # Each smaller rung is scaled from the next larger one: fewer pixels to read than from the source.
        below = rungs[number + 1]
        chains += [f"{feed},split=2[k{number}][d{number}]", f"[k{number}]{pad}[v{number}]"]
        feed = f"[d{number}]" + ",".join(smaller_chain(below.content_width, below.content_height))
    return chains


def _x264(rung: Rung, span: FrameSpan, settings: X264Settings) -> list[str]:
    return [
        *("-c:v", "libx264", "-preset", settings.preset, *(["-tune", settings.tune] if settings.tune else [])),
        *("-profile:v", rung.profile, "-level:v", rung.level),
        # Constant quality under a ceiling that a viewer's line can hold.
        *("-crf", f"{rung.crf:g}", "-maxrate", str(rung.maxrate_bps), "-bufsize", str(rung.bufsize_bps)),
        # Key frames exactly every GOP and nowhere else, in all rungs and chunks: segments switch and join there.
        *("-g", str(rung.gop_frames), "-keyint_min", str(rung.gop_frames), "-sc_threshold", "0"),
        *("-bf", str(settings.bframes), "-x264-params", "open-gop=0"),
        # The grid is the filter's work; the muxer must neither drop nor repeat.
        *("-frames:v", str(span.count), "-fps_mode", "passthrough"),
        # Frames fall on whole ticks, so nothing is rounded however long the film is.
        *("-video_track_timescale", str(rung.timescale)),
        # Identical headers from every chunk (no creation time, no encoder version), nothing personal from the source.
        *("-fflags", "+bitexact", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-avoid_negative_ts", "disabled", "-movflags", _CHUNK_MOVFLAGS, "-f", "mp4"),
    ]


def audio_argv(
    ffmpeg: str | Path,
    source: str | Path,
    timeline: Timeline,
    renditions: Sequence[AudioRendition],
    outputs: Mapping[str, Path],
    *,
    duration_s: Fraction | None,
) -> list[str]:
    """Encode every audio rendition in one pass over the source; `outputs` maps a rendition's name to its file.

    Gaps and late starts become silence, overlaps are cut. With `duration_s` (the video's length) the sound is
    padded or cut to it; without it (audio only) it ends where it ends.
    """
    argv = [*_opening(ffmpeg), *(["-copyts"] if timeline.seekable else []), *input_argv(source)]
    argv += ["-filter_complex", ";".join(_audio_chain(r, n, timeline, duration_s) for n, r in enumerate(renditions))]
    for number, rendition in enumerate(renditions):
        argv += [
            *("-map", f"[a{number}]", "-c:a", "aac", "-b:a", str(rendition.bitrate_bps)),
            *("-fflags", "+bitexact", "-map_metadata", "-1", "-map_chapters", "-1"),
            # Fragments of two seconds: written as they come, and the file needs no second pass.
            *("-frag_duration", "2000000", "-movflags", _AUDIO_MOVFLAGS, "-f", "mp4"),
            f"file:{outputs[rendition.name]}",
        ]
    return argv


def _audio_chain(rendition: AudioRendition, number: int, timeline: Timeline, duration_s: Fraction | None) -> str:
    layout = "mono" if rendition.channels == 1 else "stereo"
    chain = [
        f"[0:{rendition.source_index}]asetpts=PTS-({float(timeline.shift_s):.9f})/TB",
        # First sample at zero whatever the track starts with; a gap or overlap above 20 ms is filled or cut
        # (the default tolerance of 100 ms would let the sound drift visibly).
        f"aresample=out_sample_rate={AUDIO_RATE_HZ}:out_chlayout={layout}:async=1:min_hard_comp=0.02:first_pts=0",
    ]
    if duration_s is not None:
        samples = round(duration_s * AUDIO_RATE_HZ)
        chain += [f"apad=whole_len={samples}", f"atrim=end_sample={samples}"]
    # The priming packet takes the place of the first 21 ms instead of coming before zero: no edit list is needed,
    # which not every player honours for sound.
    chain.append(f"atrim=start_sample={AAC_PRIMING_SAMPLES}")
    return ",".join(chain) + f"[a{number}]"


def remux_to_matroska_argv(ffmpeg: str | Path, source: str | Path, indexes: Sequence[int], output: Path) -> list[str]:
    """Copy tracks into Matroska, which has an index; for sources a seek cannot be trusted in (MPEG-TS, PS, FLV, AVI).

    ffmpeg's repair of time stamp jumps and wrap-around happens here, once, for all chunks. It fails for codecs
    Matroska cannot hold or streams without time stamps: encode such a source as one chunk.
    """
    maps = [argument for index in indexes for argument in ("-map", f"0:{index}")]
    # genpts: AVI and program streams leave out time stamps that Matroska requires.
    return [
        *(*_opening(ffmpeg), "-fflags", "+genpts", *input_argv(source), *maps, "-c", "copy"),
        # Tracks keep their mutual offset, the first of them starts at zero.
        *("-avoid_negative_ts", "make_zero", "-f", "matroska", f"file:{output}"),
    ]


def trim_audio_argv(ffmpeg: str | Path, source: Path, output: Path, duration_s: Fraction) -> list[str]:
    """Shorten an encoded audio rendition by copying, when the video came out shorter than planned."""
    return [
        *(*_opening(ffmpeg), *input_argv(source), "-map", "0:a", "-c", "copy", "-t", f"{float(duration_s):.6f}"),
        *("-fflags", "+bitexact", "-frag_duration", "2000000", "-movflags", _AUDIO_MOVFLAGS, "-f", "mp4"),
        f"file:{output}",
    ]
