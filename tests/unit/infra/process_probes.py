"""Looking at real processes from outside, for the tests of infra/process."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from framehouse.infra.process import Limits

PLAIN = Limits(wall_s=20)


def python(code: str, *args: str) -> list[str]:
    """The argument list of a Python child without site-packages, which starts faster."""
    return [sys.executable, "-I", "-S", "-c", code, *args]


def alive(pid: int) -> bool:
    """Whether it runs; a zombie does not count as alive."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def eventually(what: Callable[[], object], within_s: float = 15) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.01)
    return bool(what())


def pid_in(file: Path) -> int:
    assert eventually(lambda: file.exists() and file.read_text().endswith("\n")), f"no pid in {file.name}"
    return int(file.read_text())


def my_zombies(*, since: frozenset[int] = frozenset()) -> list[int]:
    """Ended children of this process that nobody has reaped, without those in `since`.

    The end-to-end tests adopt orphans, some of which end only later: they are not this test's.
    """
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] == "Z" and int(fields[1]) == os.getpid() and int(entry.parent.name) not in since:
            found.append(int(entry.parent.name))
    return found
