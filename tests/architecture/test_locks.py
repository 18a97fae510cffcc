"""Lock files name no registry host, pin every package by hash, and agree with pyproject.toml.

So that a mirror or an offline index can serve the same locks, and nothing unlocked is ever installed.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import combinations
from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.architecture.source import NOT_OURS, ROOT

PYTHON_LOCKS = ["requirements.lock", "requirements-speech.lock", "requirements-dev.lock"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def package_locks() -> Iterator[PurePosixPath]:
    for path in sorted((ROOT / "frontend").rglob("package-lock.json")):
        relative = path.relative_to(ROOT)
        if not NOT_OURS.intersection(relative.parts):
            yield PurePosixPath(relative.as_posix())


def hosts_in_python_lock(text: str) -> list[str]:
    """Lines that name a place to download from: URLs and index options."""
    options = ("-i ", "-f ", "--index", "--extra-index", "--find-links")
    return [line for line in text.splitlines() if "://" in line or line.lstrip().startswith(options)]


def hosts_in_package_lock(document: Any) -> list[str]:
    """Values of `resolved` keys that are URLs; `funding` and the like are information, not places to download from."""
    if isinstance(document, list):
        return [found for item in document for found in hosts_in_package_lock(item)]
    if not isinstance(document, dict):
        return []
    here = [value for key, value in document.items() if key == "resolved" and "://" in str(value)]
    return here + [found for value in document.values() for found in hosts_in_package_lock(value)]


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_python_locks_name_no_host(name: str) -> None:
    assert hosts_in_python_lock((ROOT / name).read_text()) == []


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_python_package_is_pinned_by_hash(name: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / name).read_text(), flags=re.MULTILINE)
    entries = [entry for entry in entries if entry.strip()]
    assert len(entries) > 10
    assert [entry.split("\n")[0] for entry in entries if not PIN.match(entry) or "--hash=sha256:" not in entry] == []


def test_package_locks_name_no_host() -> None:
    found = {str(path): hosts_in_package_lock(json.loads((ROOT / path).read_text())) for path in package_locks()}
    assert not {path: hosts for path, hosts in found.items() if hosts}


@pytest.mark.parametrize(("name", "other"), list(combinations(PYTHON_LOCKS, 2)))
def test_the_python_locks_agree(name: str, other: str) -> None:
    first, second = pins(name), pins(other)
    assert {
        package: (first[package], second[package])
        for package in first.keys() & second.keys()
        if first[package] != second[package]
    } == {}


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = [[*project["project"]["dependencies"], *groups["web"]], groups["speech"], groups["dev"]]
    for name, lines in zip(PYTHON_LOCKS, wanted, strict=True):
        assert {_name(line) for line in lines} - pins(name).keys() == set(), "run `make locks`"


def pins(name: str) -> dict[str, set[str]]:
    """Versions of each package; there may be one for every range of Pythons."""
    found: dict[str, set[str]] = {}
    for package, version in PIN.findall((ROOT / name).read_text()):
        found.setdefault(package, set()).add(version)
    return found


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def test_the_checks_bite() -> None:
    assert hosts_in_python_lock("--index-url https://mirror.example/simple\nav==18.1.0\n")
    assert hosts_in_python_lock("av @ https://mirror.example/av.whl\n")
    assert not hosts_in_python_lock("av==18.1.0 \\\n    --hash=sha256:00\n    # via framehouse (pyproject.toml)\n")
    lock = {"packages": {"node_modules/a": {"resolved": "https://mirror.example/a.tgz"}}}
    assert hosts_in_package_lock(lock)
    assert not hosts_in_package_lock({"packages": {"a": {"funding": {"url": "https://example.com"}}}})
