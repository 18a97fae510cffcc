"""The reference page of seen figures: one section per benchmark, replaced when it is measured again."""

import importlib
import re
from pathlib import Path

from benchmarks.table import Table

HEAD = """# Benchmarks

Figures that were seen on one quiet machine, each beside a peer or a limit in the same run, alternatives measured in
turn. Figures of other machines differ; the ratios should not by much. Each section names its command, and
`make bench` runs them all (`make bench ARGS="delivery --quick"`: one of them, in under a minute). The page is written
by `make bench ARGS="--write docs/reference/benchmarks.md"`; a benchmark during which other programs used more than a
tenth of the machine leaves its section as it was.
"""


def write(path: Path, name: str, table: Table, when: str, machine: str) -> None:
    """Other sections stay as they are."""
    text = path.read_text(encoding="utf-8") if path.exists() else HEAD
    opening = (importlib.import_module(f"benchmarks.{name}").__doc__ or "").split("\n\n")[0].replace("\n", " ")
    told = f"`python -m benchmarks {name}`, {when}; {machine}."
    section = f"## {name}\n\n{opening}\n\n{told}\n\n{table.markdown()}"
    existing = re.compile(rf"^## {name}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if existing.search(text):
        text = existing.sub(lambda _found: section + "\n", text)
    else:
        text = f"{text.rstrip()}\n\n{section}\n"
    path.write_text(text.rstrip() + "\n", encoding="utf-8")
