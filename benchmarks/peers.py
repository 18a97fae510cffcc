"""Two rungs at the same VMAF: ours beside the flags that MediaCMS and PeerTube publish for themselves."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.clips import RATE, film
from benchmarks.figures import at, interleaved, interpolated, median
from benchmarks.ladder_of import ladder_of
from benchmarks.programs import Cost, encoded, execute, quiet
from benchmarks.run import Run
from benchmarks.table import Table
from benchmarks.vmaf import vmaf
from framehouse.media.encode import FrameSpan, video_chunk_argv
from framehouse.transcoding.model import Ladder

HEIGHTS = (720, 480)
CRFS = (19.0, 23.0, 27.0)
MEDIACMS_KBPS = {720: 2500, 480: 1000}
PEERTUBE_BITS_PER_PIXEL = {720: 0.11, 480: 0.12}


@dataclass(frozen=True)
class Seen:
    cpu_s: float
    """For both rungs."""
    kbps: dict[int, float]
    vmaf: dict[int, float]

    @property
    def mean_vmaf(self) -> float:
        return sum(self.vmaf.values()) / len(self.vmaf)


def measure(run: Run) -> Table:
    seconds = 2 if run.quick else 10
    source = film(run, seconds)
    folder = run.new_folder("peers")
    ladder = ladder_of(run, source, "dash_hls_720p")
    ways: dict[str, list[list[str]]] = {f"ours-{crf:g}": [_ours(run, source, ladder, crf, folder)] for crf in CRFS}
    ways["MediaCMS"] = [_mediacms(run, source, height, folder) for height in HEIGHTS]
    ways["PeerTube"] = [_peertube(run, source, height, folder) for height in HEIGHTS]
    timed = {name: _execution(argvs) for name, argvs in ways.items()}
    costs = interleaved(timed, rounds=1 if run.quick else 3, budget_s=run.budget_s / 2)
    seen = {name: _seen(run, folder, name, source, seconds, costs[name]) for name in ways}
    table = _table(seen, [seen[f"ours-{crf:g}"] for crf in CRFS])
    table.notes.append(
        f"{seconds} s of 1080p{RATE}; CPU is for both rungs: ours from one decode, theirs one process each, as they "
        f"run it. Ours interpolated over CRF {', '.join(f'{crf:g}' for crf in CRFS)}. Key frames every 2 s in ours "
        "and PeerTube's, 4 s in MediaCMS's. Their packaging steps and sound are left out."
    )
    return table


def _execution(argvs: list[list[str]]) -> Callable[[], Cost]:
    return lambda: execute(argvs)


def _ours(run: Run, source: Path, ladder: Ladder, crf: float, folder: Path) -> list[str]:
    rungs = [replace(rung, crf=crf) for rung in ladder.rungs if rung.height in HEIGHTS]
    outputs = {rung.name: folder / f"ours-{crf:g}-{rung.height}.mp4" for rung in rungs}
    span = FrameSpan(0, ladder.frames)
    return video_chunk_argv(
        run.tools.ffmpeg, source, ladder.video_index, ladder.timeline, span, ladder.conversion, rungs, outputs
    )


def _mediacms(run: Run, source: Path, height: int, folder: Path) -> list[str]:
    ceiling = f"{MEDIACMS_KBPS[height] * 3 // 2}k"
    return [
        *(*quiet(run.tools.ffmpeg), "-i", str(source), "-an"),
        *("-vf", f"scale=-2:{height}:flags=lanczos,fps={RATE}", "-pix_fmt", "yuv420p"),
        *("-c:v", "libx264", "-crf", "23", "-preset", "medium", "-profile:v", "main", "-level", "4.2"),
        *("-maxrate", ceiling, "-bufsize", ceiling, "-force_key_frames", "expr:gte(t,n_forced*4)"),
        *("-x264-params", "keyint=240:keyint_min=120", str(folder / f"MediaCMS-{height}.mp4")),
    ]


def _peertube(run: Run, source: Path, height: int, folder: Path) -> list[str]:
    width = 2 * round(height * 16 / 9 / 2)
    ceiling_bps = round(width * height * RATE * PEERTUBE_BITS_PER_PIXEL[height])
    return [
        *(*quiet(run.tools.ffmpeg), "-i", str(source), "-an", "-vf", f"scale=-2:{height}", "-pix_fmt", "yuv420p"),
        *("-c:v", "libx264", "-preset", "veryfast", "-maxrate", str(ceiling_bps), "-bufsize", str(2 * ceiling_bps)),
        *("-b_strategy", "1", "-bf", "16", "-r", str(RATE), "-g", str(2 * RATE)),
        str(folder / f"PeerTube-{height}.mp4"),
    ]


def _seen(run: Run, folder: Path, name: str, source: Path, seconds: int, costs: list[Cost]) -> Seen:
    files = {height: folder / f"{name}-{height}.mp4" for height in HEIGHTS}
    return Seen(
        cpu_s=median([cost.cpu_s for cost in costs]),
        kbps={height: encoded([file]).size_bytes * 8 / seconds / 1000 for height, file in files.items()},
        vmaf={height: vmaf(run, file, source) for height, file in files.items()},
    )


def _table(seen: dict[str, Seen], ours: list[Seen]) -> Table:
    table = Table(
        ["", "rung", "VMAF", "kbit/s", "ours at that VMAF", "theirs / ours", "CPU s", "ours", "theirs / ours"]
    )
    for name, each in seen.items():
        if each in ours:
            for height in HEIGHTS:
                cells = [f"{height}p", f"{each.vmaf[height]:.1f}", f"{each.kbps[height]:.0f}", "", ""]
                table.add(name.replace("ours-", "ours, CRF "), *cells, f"{each.cpu_s:.1f}", "", "")
            continue
        costs = [(one.mean_vmaf, one.cpu_s) for one in ours]
        cpu_s = interpolated(costs, each.mean_vmaf)
        for height in HEIGHTS:
            # Bit rate grows exponentially with quality: interpolated by its logarithm.
            points = [(one.vmaf[height], math.log(one.kbps[height])) for one in ours]
            rate = math.exp(interpolated(points, each.vmaf[height]))
            table.add(
                name,
                f"{height}p",
                f"{each.vmaf[height]:.1f}",
                f"{each.kbps[height]:.0f}",
                f"{rate:.0f}{at(points, each.vmaf[height])}",
                f"{each.kbps[height] / rate:.2f}",
                f"{each.cpu_s:.1f}",
                f"{cpu_s:.1f}{at(costs, each.mean_vmaf)}",
                f"{each.cpu_s / cpu_s:.2f}",
            )
    return table
