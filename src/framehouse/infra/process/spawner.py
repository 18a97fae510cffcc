"""Starting, signalling and reaping one operating system process; no asyncio here (see `supervisor.py`).

The kernel's parent-death signal follows the *thread* that forked, not the process: a child forked from a pool
thread would be killed when that thread retires. So every fork happens on one daemon thread which ends only with
this process. Each child has a waiter thread blocked in waitid(2): no SIGCHLD handler, no event loop needed.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from framehouse.infra.process import confine
from framehouse.infra.process.model import Completed, Limits, ProcessFailed, ProgramMissing

_LAUNCHER = str(Path(confine.__file__).resolve())
_LOST_RETURNCODE = 255  # somebody else reaped our child (a stray waitpid(-1)): its real code is gone


@dataclass(frozen=True)
class Order:
    """What to start. `env` is the whole environment; the stream fields take what `subprocess.Popen` takes."""

    argv: tuple[str, ...]
    limits: Limits
    env: Mapping[str, str]
    cwd: Path | None = None
    stdin: int | None = subprocess.DEVNULL
    stdout: int | None = None
    stderr: int | None = None
    pass_fds: tuple[int, ...] = ()


@dataclass(frozen=True)
class Exit:
    """How a process ended: see `Completed` for the fields."""

    returncode: int
    wall_s: float
    cpu_s: float
    peak_rss_bytes: int


@dataclass
class Process:
    """A started process, leader of its own session and group. Thread-safe.

    SIGTERM goes to the leader, which knows how to end its own children; SIGKILL goes to the group. When the leader
    ends by itself, what is left of its group is killed before it is reaped, while its number cannot be reused.
    """

    popen: subprocess.Popen[bytes]
    started_s: float
    exit: Future[Exit] = field(default_factory=lambda: Future[Exit]())
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _reaped: bool = False

    @property
    def pid(self) -> int:
        return self.popen.pid

    def terminate(self) -> None:
        """Ask the leader to end (SIGTERM); nothing happens when it already has."""
        with self._lock:
            if not self._reaped:
                os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End the whole group (SIGKILL); nothing happens when it already has."""
        with self._lock:
            if not self._reaped:
                self._kill_group()

    def _kill_group(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # reaped by somebody else; `reap` reports it

    def reap(self) -> None:
        """Block until the leader ends, kill the rest of its group, collect its status into `exit`."""
        try:
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            with self._lock:
                self._kill_group()
                _, status, usage = os.wait4(self.pid, 0)
                self._reaped = True
            code, cpu_s = os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime
            rss_bytes = usage.ru_maxrss * 1024  # Linux counts in KiB, getrusage(2)
        except ChildProcessError:
            self._reaped = True
            code, cpu_s, rss_bytes = _LOST_RETURNCODE, 0.0, 0
        self.popen.returncode = code
        self.exit.set_result(Exit(code, time.monotonic() - self.started_s, cpu_s, rss_bytes))


class _Spawner:
    def __init__(self) -> None:
        self._requests: SimpleQueue[tuple[Callable[[], Process], Future[Process]]] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, work: Callable[[], Process]) -> Future[Process]:
        result: Future[Process] = Future()
        result.set_running_or_notify_cancel()  # from here on cancelling it has no effect: no child gets lost
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="process-spawner", daemon=True)
                self._thread.start()
        self._requests.put((work, result))
        return result

    def _serve(self) -> None:
        while True:
            work, result = self._requests.get()
            try:
                result.set_result(work())
            except BaseException as problem:  # noqa: BLE001  # whatever it is belongs to the one who asked
                result.set_exception(problem)
            del work, result


_spawner = _Spawner()


def _after_fork() -> None:
    global _spawner
    _spawner = _Spawner()  # threads do not survive a fork


os.register_at_fork(after_in_child=_after_fork)


def start(order: Order) -> Future[Process]:
    """Start a process from the spawner thread. The future fails with ProcessFailed or ProgramMissing."""
    return _spawner.submit(lambda: _start(order))


def checked_argv(argv: Sequence[str | Path]) -> tuple[str, ...]:
    """The argument list as strings. TypeError for one string (no shell splits it), ValueError for an empty list."""
    given: object = argv
    if isinstance(given, (str, bytes, Path)):
        raise TypeError("argv must be a list of arguments, not one string: no shell splits it")
    words: list[object] = list(argv)
    for word in words:
        if not isinstance(word, (str, Path)):
            raise TypeError(f"argv may hold str and Path only, not {type(word).__name__}")
    if not words:
        raise ValueError("argv is empty: its first element names the program")
    return tuple(str(word) for word in words)


def _start(order: Order) -> Process:
    program = _find(order)
    started_s = time.monotonic()
    try:
        popen = subprocess.Popen(
            # -I -S: neither the environment, nor the working directory, nor site-packages reach the launcher
            [sys.executable, "-I", "-S", _LAUNCHER, _settings(order.limits), program, *order.argv],
            stdin=order.stdin,
            stdout=order.stdout,
            stderr=order.stderr,
            cwd=order.cwd,
            env=dict(order.env),
            pass_fds=order.pass_fds,
            start_new_session=True,
            bufsize=0,
        )
    except OSError as problem:
        raise ProcessFailed(_not_started(order, 126), f"could not be started ({problem})") from problem
    process = Process(popen, started_s)
    process.exit.set_running_or_notify_cancel()
    try:
        threading.Thread(target=process.reap, name=f"reap-{popen.pid}", daemon=True).start()
    except RuntimeError:  # no thread to be had: do not leave a child nobody waits for
        process.kill()
        process.reap()
        raise
    return process


def _find(order: Order) -> str:
    name = order.argv[0]
    if os.sep in name:
        path = (order.cwd or Path()).absolute() / name
        found = str(path) if os.access(path, os.X_OK) and path.is_file() else None
    else:
        found = shutil.which(name, path=order.env.get("PATH", os.defpath))
    if found is None:
        raise ProgramMissing(_not_started(order, 127), "is not installed: no executable file of that name was found")
    return found


def _not_started(order: Order, returncode: int) -> Completed:
    return Completed(order.argv, returncode, b"", "", wall_s=0.0, cpu_s=0.0, peak_rss_bytes=0)


def _settings(limits: Limits) -> str:
    settings = {
        "ppid": os.getpid(),
        "nice": limits.niceness,
        "net": int(limits.network),
        "nofile": limits.open_files,
        "cpu": limits.cpu_s,
        "fsize": limits.file_size_bytes,
        "as": limits.memory_bytes,
    }
    return ",".join(f"{key}={value}" for key, value in settings.items() if value is not None)
