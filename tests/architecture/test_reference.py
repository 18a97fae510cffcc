"""Generated reference pages are what the code says now."""

import subprocess
import sys

from tests.architecture.source import ROOT


def test_reference_pages_are_fresh() -> None:
    command = [sys.executable, ROOT / "scripts" / "generate-reference.py", "--check"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
