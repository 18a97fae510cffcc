"""The import-linter contracts in pyproject.toml bite: tried on a small package with the same rooms.

The real tree is checked by `lint-imports`, which `make check` and `make test` run.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

ROOMS = [
    "entrypoints", "dialects/adilo", "dialects/videokit", "dialects/sproutvideo", "dialects/ibm", "console", "edge",
    "webhooks", "transcoding", "playback", "audience", "speech",
    "library", "identity", "infra", "media", "kernel",
]  # fmt: skip


def lint(folder: Path, importer: str, imported: str) -> subprocess.CompletedProcess[str]:
    for room in ROOMS:
        place = folder / "framehouse" / room
        place.mkdir(parents=True)
        for package in (place, *place.parents):
            if package.is_relative_to(folder / "framehouse"):
                (package / "__init__.py").touch()
    (folder / "framehouse" / importer / "sample.py").write_text(f"import framehouse.{imported}\n")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"]
    command += ["--config", ROOT / "pyproject.toml"]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("kernel", "media"),
        ("media", "infra"),
        ("identity", "library"),
        ("library", "transcoding"),
        ("transcoding", "playback"),
        ("playback", "webhooks"),
        ("infra", "edge"),
        ("edge", "console"),
        ("dialects/adilo", "dialects.sproutvideo"),
        ("edge", "entrypoints"),
    ],
)
def test_an_upward_or_sideways_import_is_caught(tmp_path: Path, importer: str, imported: str) -> None:
    answer = lint(tmp_path, importer, imported)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "BROKEN" in answer.stdout


@pytest.mark.parametrize(
    ("importer", "imported"), [("entrypoints", "kernel"), ("edge", "playback"), ("dialects/adilo", "library")]
)
def test_a_downward_import_is_fine(tmp_path: Path, importer: str, imported: str) -> None:
    answer = lint(tmp_path, importer, imported)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_room_without_a_place_is_caught(tmp_path: Path) -> None:
    (tmp_path / "framehouse" / "attic").mkdir(parents=True)
    (tmp_path / "framehouse" / "attic" / "__init__.py").touch()
    answer = lint(tmp_path, "edge", "playback")
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "attic" in answer.stdout
