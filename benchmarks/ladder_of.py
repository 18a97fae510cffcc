"""The product's own plan for a clip: what a worker would encode from it."""

import json
import subprocess
from pathlib import Path

from benchmarks.run import Run
from framehouse.media.probe import parse_probe, probe_argv
from framehouse.transcoding.ladder import plan_ladder
from framehouse.transcoding.model import Ladder
from framehouse.transcoding.presets import find_preset


def ladder_of(run: Run, clip: Path, preset: str) -> Ladder:
    answer = subprocess.run(probe_argv(run.tools.ffprobe, clip), capture_output=True, check=True).stdout
    return plan_ladder(parse_probe(json.dumps(json.loads(answer)), size_bytes=clip.stat().st_size), find_preset(preset))
