"""How much an encoded file looks like its source, by libvmaf in the bundled ffmpeg."""

import json
from pathlib import Path

from benchmarks.clips import RATE
from benchmarks.programs import execute, quiet
from benchmarks.run import Run

EVERY = 5  # frames; the mean over a clip hardly moves by it


def vmaf(run: Run, encoded: Path, source: Path) -> float:
    """Mean VMAF (model v0.6.1), seen at the source's size: the encoded picture is enlarged as a player would."""
    log = encoded.with_suffix(".vmaf.json")
    # Compared frame by frame in order, whatever the containers say about time, and sample by sample, whatever the
    # tags say about colour: where they differ, ffmpeg would convert.
    frames = f"setpts=N/{RATE}/TB,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
    graph = (
        f"[0:v]{frames}[s];[1:v]{frames}[e];[e][s]scale=rw:rh:flags=bicubic[big];[0:v]{frames}[r];"
        f"[big][r]libvmaf=n_threads=2:n_subsample={EVERY}:log_fmt=json:log_path={log}"
    )
    argv = [*quiet(run.tools.ffmpeg), "-i", str(source), "-i", str(encoded), "-lavfi", graph, "-f", "null", "-"]
    execute([argv])
    return float(json.loads(log.read_text())["pooled_metrics"]["vmaf"]["mean"])
