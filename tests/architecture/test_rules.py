"""Every rule on the real tree, and every rule on a bad sample: a rule that cannot fail is no rule."""

from collections.abc import Callable, Iterable

import pytest

from tests.architecture import rules_imports, rules_purity, rules_shape
from tests.architecture.source import Rule, Source, check, files, load_exceptions, product_modules, sample


def python_files() -> Iterable[Source]:
    return files(".py")


def written_code() -> Iterable[Source]:
    return files(".py", ".ts", ".css", ".sh")


def everything_written() -> Iterable[Source]:
    return files(".py", ".ts", ".js", ".mjs", ".css", ".html", ".sh", ".md", ".toml", ".json", ".yaml", ".yml")


# 39 lines of code among 80 lines of explanation.
WELL_EXPLAINED = 'def f():\n  """' + "text\n" * 40 + '"""\n' + "  # why\n\n  x = 1\n" * 38

# rule -> (where it holds, a sample that breaks it, a near miss that does not)
RULES: dict[Rule, tuple[Callable[[], Iterable[Source]], Source, Source]] = {
    rules_imports.web_framework: (
        product_modules,
        sample("src/framehouse/library/publish.py", "from fastapi import HTTPException\n"),
        sample("src/framehouse/edge/routes.py", "from starlette.responses import Response\n"),
    ),
    rules_imports.sql: (
        product_modules,
        sample("src/framehouse/library/publish.py", "from sqlalchemy.orm import Session\n"),
        sample("src/framehouse/library/store.py", "import sqlalchemy\n"),
    ),
    rules_imports.child_processes: (
        product_modules,
        sample("src/framehouse/media/probe.py", "import asyncio\nx = asyncio.create_subprocess_exec('x')\n"),
        sample("src/framehouse/infra/process/supervisor.py", "import subprocess\n"),
    ),
    rules_purity.no_io: (
        product_modules,
        sample("src/framehouse/media/hls.py", "def f(path):\n    return path.read_text()\n"),
        sample("src/framehouse/media/hls.py", "def f(path):\n    return path.name.replace('a', 'b')\n"),
    ),
    rules_purity.no_clock: (
        product_modules,
        sample("src/framehouse/library/upload.py", "from datetime import datetime\nx = datetime.now()\n"),
        sample("src/framehouse/library/upload.py", "def f(clock):\n    return clock.now()\n"),
    ),
    rules_shape.file_length: (
        lambda: files(".py", ".ts"),
        sample("src/framehouse/library/upload.py", "x = 1\n" * 301),
        sample("src/framehouse/library/upload.py", "x = 1\n" * 300),
    ),
    rules_shape.function_length: (
        python_files,
        sample("src/framehouse/library/upload.py", "class A:\n  def f(self):\n" + "    x = 1\n" * 40),
        sample("src/framehouse/library/upload.py", WELL_EXPLAINED),
    ),
    rules_shape.file_name: (
        python_files,
        sample("src/framehouse/library/utils.py", ""),
        sample("src/framehouse/library/uploads.py", ""),
    ),
    rules_shape.module_opening: (
        python_files,
        sample("src/framehouse/library/upload.py", "import re\n"),
        sample("src/framehouse/library/__init__.py", ""),
    ),
    rules_shape.vendor_words: (
        product_modules,
        sample("src/framehouse/library/upload.py", 'PART = "PartNumber"\n'),
        sample("src/framehouse/infra/storage/s3.py", 'PART = "PartNumber"\n'),
    ),
    rules_shape.unfinished: (
        everything_written,
        sample("docs/design/x.md", "# TO" + "DO: write\n"),
        sample("docs/design/x.md", "todo lists are for people\n"),
    ),
    rules_shape.machine_path: (
        everything_written,
        sample("docs/guide.md", "look in `/" + "root/house`\n"),
        sample("docs/guide.md", "GET https://example.com/" + "work/1\n"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    where, _, _ = RULES[rule]
    found = check(rule, where())
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_bites(rule: Rule) -> None:
    _, bad, near_miss = RULES[rule]
    assert list(rule(bad)), "the bad sample passes"
    assert not list(rule(near_miss)), "the near miss is taken for a fault"


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (rules_imports.child_processes, "import subprocess"),
        (rules_imports.child_processes, "from os import execv"),
        (rules_imports.child_processes, "import os\nos.execv('a', [])"),
        (rules_purity.no_io, "import av"),
        (rules_purity.no_io, "handle = open('a')"),
        (rules_purity.no_clock, "import time\nnow = time.time()"),
        (rules_purity.no_clock, "import datetime\nnow = datetime.datetime.now()"),
        (rules_purity.no_clock, "from time import time"),
    ],
)
def test_no_other_spelling_slips_through(rule: Rule, line: str) -> None:
    assert list(rule(sample("src/framehouse/media/hls.py", line)))


def test_every_exception_still_excuses_something_and_says_why() -> None:
    found = {(finding.rule, finding.where) for rule in RULES for source in RULES[rule][0]() for finding in rule(source)}
    reasons = load_exceptions().reasons
    assert not [place for place in reasons if place not in found]
    assert all(len(reason) > 20 for reason in reasons.values())
