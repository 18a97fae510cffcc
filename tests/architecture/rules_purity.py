"""Rules about purity: kernel and media compute, they neither touch the world nor read the time.

Time is an argument everywhere: outside infra and the system clock nobody asks the operating system for it.
"""

import ast
from collections.abc import Iterator

from tests.architecture.rules_imports import dotted, imported_names, imported_packages
from tests.architecture.source import Finding, Source

PURE_ROOMS = {"kernel", "media"}
SYSTEM_CLOCK = "src/framehouse/kernel/clock.py"
WORLDLY_MODULES = {
    "aiohttp", "asyncio", "av", "boto3", "fcntl", "glob", "http", "httpx", "mmap", "multiprocessing", "os",
    "requests", "select", "selectors", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib3",
}  # fmt: skip
WORLDLY_CALLS = {"open", "io.open", "print", "input"}
FILE_METHODS = {
    "chmod", "exists", "glob", "hardlink_to", "is_dir", "is_file", "iterdir", "lstat", "mkdir", "open",
    "read_bytes", "read_text", "rglob", "rmdir", "samefile", "stat", "symlink_to", "touch", "unlink",
    "write_bytes", "write_text",
}  # fmt: skip
WALL_CLOCK = {"time.time", "time.time_ns", "time.localtime", "time.gmtime"}
CLOCK_METHODS = {"now", "utcnow", "today"}
CLOCK_OWNERS = {"datetime", "date", "datetime.datetime", "datetime.date"}


def no_io(source: Source) -> Iterator[Finding]:
    """kernel and media import nothing that reaches the world and call nothing that opens a file."""
    if source.room not in PURE_ROOMS:
        return
    for package, line in imported_packages(source.tree):
        if package in WORLDLY_MODULES:
            yield Finding("no-io", str(source.path), line, f"imports {package}; {source.room} is pure")
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name in WORLDLY_CALLS or method in FILE_METHODS:
            yield Finding("no-io", str(source.path), node.lineno, f"calls {name or method}(); {source.room} is pure")


def no_clock(source: Source) -> Iterator[Finding]:
    """Rooms take a Clock, or the time itself; only infra and the system clock ask the machine."""
    if source.room in ("", "infra") or str(source.path) == SYSTEM_CLOCK:
        return
    advice = "take a Clock or the time as an argument"
    for name, line in imported_names(source.tree):
        if name in WALL_CLOCK:
            yield Finding("no-clock", str(source.path), line, f"imports {name}; {advice}")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            owner, _, method = dotted(node.func).rpartition(".")
            if f"{owner}.{method}" in WALL_CLOCK or (owner in CLOCK_OWNERS and method in CLOCK_METHODS):
                yield Finding("no-clock", str(source.path), node.lineno, f"calls {owner}.{method}(); {advice}")
