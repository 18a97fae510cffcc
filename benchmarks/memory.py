"""Memory of an idle installation: the proportional set size of every process, twenty seconds after the start."""

import time

import psutil

from benchmarks.accounts import MIB, pss_bytes
from benchmarks.installation import installation
from benchmarks.run import Run
from benchmarks.table import Table, Verdict

IDLE_S = 20
REACH_MIB = 700


def measure(run: Run) -> Table:
    table = Table(["process", "PSS MiB", "threads"])
    with installation(run.new_folder("memory"), sample_video=False) as house:
        time.sleep(5 if run.quick else IDLE_S)
        total = 0
        for process in sorted(house.platform.processes(), key=lambda each: each.pid):
            size = pss_bytes(process.pid)
            total += size
            table.add(_name(process), f"{size / MIB:.0f}", str(process.num_threads()))
    table.add("all", f"{total / MIB:.0f}", "")
    seen = f"{total / MIB:.0f} MiB"
    table.verdicts.append(Verdict("idle memory, all roles", f"<= {REACH_MIB} MiB", seen, total <= REACH_MIB * MIB))
    table.notes.append("One worker, SQLite, files; the roles there are so far (no live ingest, no audience).")
    return table


def _name(process: psutil.Process) -> str:
    """The role, or the program; a role's own children carry its name before theirs."""
    words = process.cmdline()
    if "framehouse.entrypoints.cli" in words:
        return " ".join(words[words.index("framehouse.entrypoints.cli") + 1 :])
    modules = [word for word in words if word.startswith("framehouse.") or word.endswith(".py")]
    parent = process.parent()
    return f"{_name(parent)} > {modules[0] if modules else process.name()}" if parent else process.name()
