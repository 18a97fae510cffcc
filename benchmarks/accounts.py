"""What processes cost: CPU seconds of a running one, memory from /proc, and the cores they may run on."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

import psutil

MIB = 2**20


def pss_bytes(pid: int) -> int:
    """Proportional set size: shared pages count in parts, so that sums over processes are right."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def rss_bytes(pid: int) -> int:
    return _status(pid, "VmRSS")


def reset_peak(pid: int) -> None:
    """From here on `peak_bytes` counts anew (proc(5): clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_bytes(pid: int) -> int:
    """Largest resident size since the last reset."""
    return _status(pid, "VmHWM")


def _status(pid: int, field: str) -> int:
    found = re.search(rf"^{field}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def cpu_s(pid: int) -> float:
    """User and system time of the process and its threads so far, without its children."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def pin(pid: int, cores: Iterable[int]) -> None:
    """Every thread of the process, and with them whatever it starts later."""
    wanted = set(cores)
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), wanted)
