"""Sets this checkout up: virtual environment, locked packages, the `framehouse` command, web assets.

`setup.py run` installs what the platform needs, `setup.py speech` adds the engines that use models of one's own,
`setup.py dev` adds those and the tools for development. Standard library only, never needs root, and does nothing
when nothing has changed. A step that was interrupted is simply done again: its stamp is written last.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import threading
import time
import venv
from collections import deque
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SIGN_OF_LIFE_S = 5.0

# The first two lines are valid for sh and for Python, so that neither a long path nor one with blanks matters.
COMMAND = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
from framehouse.entrypoints.cli import main

main()
"""


class StepFailed(Exception):
    """A step ended with an error; the message tells a person what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def run_step(title: str, argv: Sequence[str | Path], advice: str) -> None:
    """Runs a command without flooding the terminal: its newest line every few seconds, all of it on failure."""
    say(f"{title} ...")
    started = time.monotonic()
    tail: deque[str] = deque(maxlen=40)
    child = subprocess.Popen(
        argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    done = threading.Event()

    def give_signs_of_life() -> None:
        while not done.wait(SIGN_OF_LIFE_S):
            newest = tail[-1].strip() if tail else ""
            say(f"  {time.monotonic() - started:4.0f} s  {newest[:100]}")

    reporter = threading.Thread(target=give_signs_of_life, daemon=True)
    reporter.start()
    assert child.stdout is not None
    try:
        for line in child.stdout:
            if not line.startswith("WARNING: Location"):  # pip, about mirrors that lack a package
                tail.append(line.rstrip())
        code = child.wait()
    finally:
        done.set()
        reporter.join()
    if code != 0:
        output = "\n".join(f"    {line}" for line in tail)
        raise StepFailed(f"{title} failed (exit code {code}):\n{output}\n{advice}")
    say(f"  done in {time.monotonic() - started:.1f} s")


def fingerprint(path: Path) -> str:
    """What an up-to-date stamp contains: the lock's bytes and the interpreter they were installed for."""
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()} {PYTHON.resolve()}"


def stamp_of(name: str) -> Path:
    return VENV / f".installed-{name}"


def venv_works() -> bool:
    """False for no environment, one whose interpreter is gone or too old, and one that was moved here by copying."""
    config = VENV / "pyvenv.cfg"
    if not PYTHON.exists() or not config.exists():
        return False
    code = "import sys, pip; print(sys.prefix if sys.version_info >= (3, 11) else '')"
    answer = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == str(VENV)


def make_venv() -> None:
    if venv_works():
        return
    say("Creating the virtual environment in .venv ...")
    started = time.monotonic()
    if VENV.exists():
        shutil.rmtree(VENV)
    venv.create(VENV, with_pip=True, symlinks=True, prompt="framehouse")
    say(f"  done in {time.monotonic() - started:.1f} s")


def install_lock(name: str) -> None:
    """Installs exactly what the lock names, checked by hash; skipped when it is what is installed already."""
    lock = ROOT / name
    stamp = stamp_of(name)
    wanted = fingerprint(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    argv: list[str | Path] = [PYTHON, "-m", "pip", "install", "--requirement", lock]
    argv += ["--require-hashes", "--no-deps"]  # the lock is complete; nothing outside it is looked up
    argv += ["--only-binary", ":all:"]  # building from source would fetch build tools that no lock names
    argv += ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    run_step(
        f"Installing Python packages ({name})",
        argv,
        "Is the package index reachable? pip's own settings (PIP_INDEX_URL, proxies) are honoured. Then try again.",
    )
    stamp.write_text(wanted)


def install_house() -> None:
    """Makes `framehouse` importable from src/ and puts its command into .venv/bin, without building a package."""
    (site_packages,) = (VENV / "lib").glob("python3*/site-packages")
    write_if_changed(site_packages / "framehouse-src.pth", f"{ROOT / 'src'}\n")
    command = VENV / "bin" / "framehouse"
    write_if_changed(command, COMMAND.format(python=PYTHON))
    command.chmod(0o755)


def write_if_changed(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def build_web() -> None:
    """Player and console bundles; the build script itself skips what is unchanged."""
    script = ROOT / "scripts" / "build-web.py"
    if script.exists():
        advice = "Is the npm registry reachable? npm's own settings (.npmrc, proxies) are honoured. Then try again."
        run_step("Building the web assets", [PYTHON, script], advice)


def main(profile: str) -> int:
    with Path(__file__).open() as myself:
        try:
            fcntl.flock(myself, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in this folder; waiting for it ...")
            fcntl.flock(myself, fcntl.LOCK_EX)
        try:
            make_venv()
            install_lock("requirements.lock")
            if profile != "run" or stamp_of("requirements-speech.lock").exists():  # once added they are kept fresh
                install_lock("requirements-speech.lock")
            if profile == "dev":
                install_lock("requirements-dev.lock")
            install_house()
            build_web()
        except StepFailed as failure:
            print(failure, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("Set-up stopped; the next start continues here.", file=sys.stderr)
            return 130
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["speech"], ["dev"]):
        sys.exit("usage: setup.py run|speech|dev")
    sys.exit(main(sys.argv[1]))
