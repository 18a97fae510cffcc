"""Facts about the machine and the versions that a figure depends on."""

import os
import platform
import re
import resource
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.run import Run


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


class Others:
    """How much of the machine other programs use from now on: all that was used without what we and our children did.

    Children count when they have ended and were waited for; what the kernel does for nobody in particular counts as
    theirs.
    """

    def __init__(self) -> None:
        self._began, self._used = time.monotonic(), _used_by_all_s() - _used_by_us_s()

    def share(self) -> float:
        """Of all cores, 0 to 1."""
        used = _used_by_all_s() - _used_by_us_s() - self._used
        return max(0.0, used / (time.monotonic() - self._began) / (os.cpu_count() or 1))


def _used_by_all_s() -> float:
    times = psutil.cpu_times()
    return times.user + times.nice + times.system + times.irq + times.softirq


def _used_by_us_s() -> float:
    every = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in every)


def facts(run: Run) -> str:
    """One line."""
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    model = re.search(r"^model\s*: (.+)", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    ffmpeg = subprocess.run([run.tools.ffmpeg, "-version"], capture_output=True, text=True, check=True).stdout
    named = f"{cpu[1]} (model {model[1]})" if cpu and model else platform.machine()
    return (
        f"{os.cpu_count()} cores of {named}, {memory:.0f} GiB, Linux {platform.release()}, "
        f"Python {platform.python_version()}, FFmpeg {ffmpeg.split()[2]}"
    )
