"""The launcher every child passes through: it confines itself, then becomes the program (execve).

Run as a script by `python -I -S confine.py SETTINGS PROGRAM ARGV...`, so it imports only the standard library
and little of that: its start-up time is paid by every ffprobe. `preexec_fn` would do the same in the
forked copy of a threaded process, where any lock may be held for ever. Starting and waiting live in `spawner.py`.
"""

import ctypes
import os
import resource
import struct
import sys

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38  # linux/prctl.h
_SECCOMP_MODE_FILTER = 2
_SIGKILL, _SIGPIPE, _SIGXFSZ = 9, 13, 25  # the signal module drags in enum: 2 ms
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h
# machine: (AUDIT_ARCH, number of socket(2), number of io_uring_setup(2), which could open sockets unseen)
_SYSCALLS = {
    "x86_64": (0xC000003E, 41, 425),
    "aarch64": (0xC00000B7, 198, 425),
    "riscv64": (0xC00000F3, 198, 425),
}
_EXIT_NOT_STARTED = 126  # the shell's code for "found but not executable"

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4


def die_with_parent(parent_pid: int) -> None:
    """Have the kernel SIGKILL this process when the thread that forked it ends; our own Python workers call it.

    The setting is not inherited by children of this process and falls to nothing if the parent died before it
    was made: therefore the comparison afterwards. `parent_pid` is the parent's `os.getpid()`, taken before forking.
    """
    _libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:
        os._exit(_EXIT_NOT_STARTED)


def _forbid_sockets() -> bool:
    """Make socket(2) fail with EACCES from now on (seccomp filter, kept over execve and by all descendants).

    socketpair(2) stays, and descriptors handed over stay usable. False where the kernel or machine cannot.
    """
    known = _SYSCALLS.get(os.uname().machine)
    if known is None or sys.maxsize < 2**32:
        return False
    arch, socket_nr, io_uring_nr = known
    program = (
        (0x20, 0, 0, 4),  # load seccomp_data.arch
        (0x15, 1, 0, arch),  # ours: go on; another ABI would have other numbers
        (0x06, 0, 0, 0x80000000),  # SECCOMP_RET_KILL_PROCESS
        (0x20, 0, 0, 0),  # load seccomp_data.nr
        (0x35, 3, 0, 0x40000000),  # the x32 ABI on x86_64: refuse
        (0x15, 2, 0, socket_nr),
        (0x15, 1, 0, io_uring_nr),
        (0x06, 0, 0, 0x7FFF0000),  # SECCOMP_RET_ALLOW
        (0x06, 0, 0, 0x00050000 | 13),  # SECCOMP_RET_ERRNO with EACCES
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    done = _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header), 0, 0)
    return done == 0


def _isolate_network() -> None:
    """Take the network away as well as this machine lets us: by seccomp, else by an empty network namespace."""
    if _forbid_sockets() or _libc.unshare(_CLONE_NEWNET) == 0:
        return
    _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _renice(increment: int) -> None:
    try:
        os.nice(increment)
    except PermissionError:
        pass  # a negative one needs a privilege; without it the child runs at its parent's priority


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    _, allowed = resource.getrlimit(what)
    ceiling = soft if hard is None else hard
    if allowed != resource.RLIM_INFINITY:
        soft, ceiling = min(soft, allowed), min(ceiling, allowed)
    resource.setrlimit(what, (soft, ceiling))


def _apply_limits(settings: dict[str, int]) -> None:
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, settings["nofile"])
    if "cpu" in settings:  # SIGXCPU at the limit, SIGKILL a second later for a child that handles it
        _limit(resource.RLIMIT_CPU, settings["cpu"], settings["cpu"] + 1)
    if "fsize" in settings:
        _limit(resource.RLIMIT_FSIZE, settings["fsize"])
    if "as" in settings:  # last: from here on Python itself may be out of memory
        _limit(resource.RLIMIT_AS, settings["as"])


def main() -> None:
    """Confine this process as the first argument says (`key=int,key=int`) and become the program."""
    settings = {key: int(value) for key, value in (pair.split("=") for pair in sys.argv[1].split(","))}
    program, argv = sys.argv[2], sys.argv[3:]
    try:
        _renice(settings["nice"])
        _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if not settings["net"]:
            _isolate_network()
        die_with_parent(settings["ppid"])  # after the namespaces: changed credentials would clear it
        for number in (_SIGPIPE, _SIGXFSZ):  # Python ignores these two, and an ignored signal survives execve
            _libc.signal(number, None)
        _apply_limits(settings)
        os.execve(program, argv, os.environ)  # noqa: S606  # becoming the program is what this file is for
    except OSError as problem:
        os.write(2, f"cannot start {program}: {problem.strerror}\n".encode(errors="replace"))
        os._exit(_EXIT_NOT_STARTED)


if __name__ == "__main__":
    main()
