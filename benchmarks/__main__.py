"""`python -m benchmarks [name…] [--quick] [--write PAGE]`: runs benchmarks and prints their tables.

Exits with a code other than 0 only if something could not be measured, never for a figure that is not reached.
"""

import argparse
import importlib
import logging
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType

import structlog

from benchmarks import machine, page
from benchmarks.run import LIMIT_S, QUICK_LIMIT_S, NotMeasured, Run
from benchmarks.table import Table

NAMES = ("encode", "peers", "two_workers", "playable", "upload", "delivery", "lists", "memory")
QUIET_SHARE = 0.1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}; all without one")
    parser.add_argument("--quick", action="store_true", help="under a minute each, to see that they work")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this Markdown page, if quiet")
    parser.add_argument("--limit", type=int, metavar="S", help="seconds for one benchmark, on a slow or busy machine")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; choose from {', '.join(NAMES)}")
    if given.quick and given.write:
        parser.error("figures of a quick run are not for the page")
    # What the product logs in this process (housekeeping) is not for the tables.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="framehouse-bench-") as folder:
        run = Run(given.quick, Path(folder), given.limit or (QUICK_LIMIT_S if given.quick else LIMIT_S))
        print(f"{machine.now()}: {machine.facts(run)}", flush=True)
        failed = [name for name in given.names or NAMES if not _one(run, name, given.write)]
    if failed:
        print(f"\nNot measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _one(run: Run, name: str, written_to: Path | None) -> bool:
    print(f"\n== {name}", flush=True)
    others, began = machine.Others(), time.monotonic()
    try:
        table = _bounded(run, name)
    except NotMeasured as problem:
        print(f"not measured: {problem}", file=sys.stderr)
        return False
    except Exception:  # noqa: BLE001  (the other benchmarks are still wanted)
        traceback.print_exc()
        return False
    share = others.share()
    warning = ": THE MACHINE WAS NOT QUIET" if share > QUIET_SHARE else ""
    meanwhile = f"other programs used {share:.0%} of the machine meanwhile"
    print(f"{table.text()}\n({time.monotonic() - began:.0f} s; {meanwhile}{warning})", flush=True)
    if written_to is not None and not warning:
        page.write(written_to, name, table, f"{machine.now()}; {meanwhile}", machine.facts(run))
    return True


def _bounded(run: Run, name: str) -> Table:
    """Ends by NotMeasured when the time is over, whatever it waits for."""

    def over(_number: int, _frame: FrameType | None) -> None:
        raise NotMeasured(f"took longer than {run.limit_s} s")

    signal.signal(signal.SIGALRM, over)
    signal.alarm(run.limit_s)
    try:
        return importlib.import_module(f"benchmarks.{name}").measure(run)
    finally:
        signal.alarm(0)


sys.exit(main())
