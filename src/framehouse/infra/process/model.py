"""What a child may use, what it left behind, and how its failure is told. Nothing here starts a process."""

import signal
from dataclasses import dataclass
from pathlib import Path

_REASONS = {
    signal.SIGXCPU: "over its CPU limit",
    signal.SIGXFSZ: "over its file size limit",
}


@dataclass(frozen=True)
class Limits:
    """The confinement of one child; None means no limit of our own.

    `wall_s` is enforced by SIGKILL to the whole process group; the others are rlimits, per process:
    `cpu_s` (SIGXCPU), `memory_bytes` (RLIMIT_AS: address space, so allow more than the expected RSS),
    `file_size_bytes` (SIGXFSZ), `open_files`. `niceness` is added to the parent's.
    `network=False` is best effort: socket(2) fails with EACCES by a seccomp filter, on kernels without it the
    child gets an empty network namespace, and where neither is allowed it keeps the network. A caller that
    hands untrusted media to ffmpeg therefore also passes -protocol_whitelist.
    """

    wall_s: float | None
    cpu_s: int | None = None
    memory_bytes: int | None = None
    file_size_bytes: int | None = None
    open_files: int = 256
    niceness: int = 0
    network: bool = False


@dataclass(frozen=True)
class Completed:
    """A child that has ended and was reaped.

    `returncode` is negative for a signal, as in `subprocess`. `cpu_s` and `peak_rss_bytes` come from wait4(2)
    and include the launcher and descendants that the child itself waited for; the kernel carries the peak over
    execve, so `peak_rss_bytes` is never below the resident size of the process that started the child.
    """

    argv: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr_tail: str
    wall_s: float
    cpu_s: float
    peak_rss_bytes: int


class ProcessFailed(Exception):
    """A child ended other than with exit code 0, could not be started, or wrote more than it may."""

    def __init__(self, completed: Completed, reason: str | None = None) -> None:
        self.completed = completed
        self.argv0 = Path(completed.argv[0]).name
        last = completed.stderr_tail.rpartition("\n")[2].strip()
        told = f"{self.argv0} {reason or _describe(completed.returncode)}"
        super().__init__(f"{told}: {last}" if last else told)


class ProcessTimedOut(ProcessFailed):
    """The wall-clock limit passed and the child was killed."""


class ProgramMissing(ProcessFailed):
    """There is no executable file of that name."""


def _describe(returncode: int) -> str:
    if returncode >= 0:
        return f"exited with code {returncode}"
    try:
        number = signal.Signals(-returncode)
    except ValueError:
        return f"was killed by signal {-returncode}"
    why = _REASONS.get(number)
    return f"was killed by {number.name}" + (f" ({why})" if why else "")
