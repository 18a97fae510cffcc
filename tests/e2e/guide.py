"""The shell blocks of a guide, run as a reader would type them: one shell for the whole page, up to the first error."""

import os
import re
import subprocess
from pathlib import Path

from tests.e2e.platform import CLI, Platform

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HERE = "http://127.0.0.1:8080"
COMMAND = ".venv/bin/framehouse"


def blocks(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text("utf-8"))


def follow(page: Path, platform: Platform, folder: Path, timeout_s: float = 150) -> str:
    """What the shell printed, each line before it ran too. Only the address and the command's place are ours."""
    script = "set -euo pipefail\nset -x\n" + "\n".join(blocks(page))
    command = " ".join(CLI)
    script = script.replace(HERE, platform.base).replace(COMMAND, command)
    environment = os.environ | platform.environment
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=timeout_s
    )
    told = f"{done.stdout}\n{done.stderr}"
    assert done.returncode == 0, f"{page.name} stops: {told[-3000:]}\n{platform.log()}"
    return told
