"""Every process that the tests started, however indirectly: this process adopts the orphans among them, so that a
child which outlives its parent is found instead of lost."""

import ctypes
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import psutil

PR_SET_PDEATHSIG = 1  # prctl(2): this signal comes when the parent's thread ends
PR_SET_CHILD_SUBREAPER = 36  # prctl(2): orphaned descendants become children of this process
POLL_S = 0.05
Found = TypeVar("Found")
_libc = ctypes.CDLL(None)
awaited: set[int] = set()
"""Children that somebody waits for with `subprocess`: they are not reaped here."""


def adopt_orphans() -> None:
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_the_tests() -> None:
    """For a child between fork and exec: SIGTERM when the tests are killed."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def descendants() -> list[psutil.Process]:
    """Living processes that this one started, directly or not; adopted ones that have ended are reaped on the way."""
    living: list[psutil.Process] = []
    for process in psutil.Process().children(recursive=True):
        try:
            if process.status() != psutil.STATUS_ZOMBIE:
                living.append(process)
            elif process.ppid() == os.getpid() and process.pid not in awaited:
                os.waitpid(process.pid, os.WNOHANG)
        except (psutil.NoSuchProcess, ChildProcessError):
            continue
    return living


def command_of(process: psutil.Process) -> Sequence[str]:
    """Its argument vector; empty when it has ended."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def wait_for(
    what: str, look: Callable[[], Found | None], timeout_s: float, explain: Callable[[], str] = lambda: ""
) -> Found:
    """Look again until something true is found; the failure tells what was waited for and what `explain` knows."""
    deadline = time.monotonic() + timeout_s
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout_s} s for {what}\n{explain()}")
        time.sleep(POLL_S)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
