"""The ladder's encode: ours in chunks, one hand-written ffmpeg, and one ffmpeg per rung, all with the same settings."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.clips import film
from benchmarks.figures import interleaved, median
from benchmarks.ladder_of import ladder_of
from benchmarks.programs import Cost, encoded, execute, quiet
from benchmarks.run import NotMeasured, Run
from benchmarks.table import Table, Verdict
from framehouse.media.encode import Rung, X264Settings, video_chunk_argv
from framehouse.transcoding.chunks import CHUNK_S, plan_chunks
from framehouse.transcoding.model import Ladder

SHORT_CHUNK_S = 8
REACH_BY_HAND = 1.05
REACH_PER_RUNG = 1.6


def measure(run: Run) -> Table:
    seconds = 2 if run.quick else 16
    source = film(run, seconds)
    folder = run.new_folder("encode")
    ladder = ladder_of(run, source, "dash_hls_1080p")
    ours = _ours(run, source, ladder, CHUNK_S, folder, "ours")
    in_short_chunks = _ours(run, source, ladder, SHORT_CHUNK_S, folder, "short")
    by_hand = [_by_hand(run, source, ladder.rungs, folder)]
    per_rung = [_one_rung(run, source, rung, folder) for rung in ladder.rungs]
    ways = {
        f"ours, chunks of {CHUNK_S} s": lambda: execute(ours),
        "one hand-written ffmpeg (split)": lambda: execute(by_hand),
        "one ffmpeg per rung": lambda: execute(per_rung),
        f"ours, chunks of {SHORT_CHUNK_S} s": lambda: execute(in_short_chunks),
    }
    costs = interleaved(ways, rounds=1 if run.quick else 3, budget_s=run.budget_s)
    table = _table(costs, [_sizes(folder, name, ladder) for name in ("ours", "hand", "rung", "short")])
    names = ", ".join(rung.name for rung in ladder.rungs)
    table.notes.append(
        f"{seconds} s of 1080p{ladder.rungs[0].frame_rate} to {names}; x264 {X264Settings().preset}, picture only; "
        f"ours is {len(ours)} chunk of the default length, and beside it {len(in_short_chunks)}, to show what a chunk "
        "costs. By hand every rung is scaled from the source, ours each from the next larger."
    )
    return table


def _ours(run: Run, source: Path, ladder: Ladder, chunk_s: int, folder: Path, way: str) -> list[list[str]]:
    argvs: list[list[str]] = []
    for chunk in plan_chunks(ladder, chunk_s=chunk_s):
        outputs = {rung.name: folder / f"{way}-{rung.name}-{chunk.number}.mp4" for rung in ladder.rungs}
        argvs.append(
            video_chunk_argv(
                run.tools.ffmpeg,
                source,
                ladder.video_index,
                ladder.timeline,
                chunk.span,
                ladder.conversion,
                ladder.rungs,
                outputs,
            )
        )
    return argvs


def _by_hand(run: Run, source: Path, rungs: Sequence[Rung], folder: Path) -> list[str]:
    split = f"[0:v]split={len(rungs)}" + "".join(f"[s{n}]" for n in range(len(rungs)))
    scales = [f"[s{n}]scale={rung.width}:{rung.height},format=yuv420p[v{n}]" for n, rung in enumerate(rungs)]
    argv = [*quiet(run.tools.ffmpeg), "-i", str(source), "-filter_complex", ";".join([split, *scales])]
    for number, rung in enumerate(rungs):
        argv += ["-map", f"[v{number}]", *_x264(rung), str(folder / f"hand-{rung.name}.mp4")]
    return argv


def _one_rung(run: Run, source: Path, rung: Rung, folder: Path) -> list[str]:
    scale = ["-vf", f"scale={rung.width}:{rung.height},format=yuv420p", "-an"]
    output = str(folder / f"rung-{rung.name}.mp4")
    return [*quiet(run.tools.ffmpeg), "-i", str(source), *scale, *_x264(rung), output]


def _x264(rung: Rung) -> list[str]:
    """What `media.encode` asks of x264, written as a person would."""
    settings, gop = X264Settings(), str(rung.gop_frames)
    return [
        *("-c:v", "libx264", "-preset", settings.preset, "-profile:v", rung.profile, "-level:v", rung.level),
        *("-crf", f"{rung.crf:g}", "-maxrate", str(rung.maxrate_bps), "-bufsize", str(rung.bufsize_bps)),
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-bf", str(settings.bframes)),
    ]


def _sizes(folder: Path, way: str, ladder: Ladder) -> float:
    """Megabits per second of all rungs together; fails if frames are missing, since then less was encoded."""
    seen = encoded(sorted(folder.glob(f"{way}-*.mp4")))
    if seen.frames != ladder.frames * len(ladder.rungs):
        raise NotMeasured(f"{way}: {seen.frames} frames instead of {ladder.frames * len(ladder.rungs)}")
    return seen.size_bytes * 8 / float(ladder.duration_s) / 1e6


def _table(costs: dict[str, list[Cost]], rates_mbps: list[float]) -> Table:
    table = Table(["", "CPU s", "CPU / ours", "wall s", "wall / ours", "all rungs Mbit/s"])
    cpu = {name: median([cost.cpu_s for cost in seen]) for name, seen in costs.items()}
    wall = {name: median([cost.wall_s for cost in seen]) for name, seen in costs.items()}
    first, by_hand, per_rung, _ = costs
    for name, rate in zip(costs, rates_mbps, strict=True):
        ratios = f"{cpu[name] / cpu[first]:.2f}", f"{wall[name] / wall[first]:.2f}"
        table.add(name, f"{cpu[name]:.1f}", ratios[0], f"{wall[name]:.1f}", ratios[1], f"{rate:.2f}")
    to_hand = cpu[first] / cpu[by_hand], wall[first] / wall[by_hand]
    table.verdicts += [
        Verdict(
            "ours / hand-written, CPU and wall",
            f"<= {REACH_BY_HAND}",
            f"{to_hand[0]:.2f} and {to_hand[1]:.2f}",
            max(to_hand) <= REACH_BY_HAND,
        ),
        Verdict(
            "one per rung / ours, CPU",
            f">= {REACH_PER_RUNG}",
            f"{cpu[per_rung] / cpu[first]:.2f}",
            cpu[per_rung] / cpu[first] >= REACH_PER_RUNG,
        ),
    ]
    rounds = len(costs[first])
    table.notes.append(f"Medians of {rounds} interleaved round{'s' if rounds > 1 else ''}.")
    return table
