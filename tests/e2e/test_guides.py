"""The guides do what they say: every shell block of theirs runs against a new installation."""

import subprocess
from pathlib import Path

import pytest

from framehouse.infra.settings import Settings
from framehouse.infra.tools import locate_tools
from tests.e2e.conftest import NewPlatform
from tests.e2e.guide import ROOT, blocks, follow


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A folder with the guides' `film.mp4`: four seconds of picture and sound."""
    folder = tmp_path / "reader"
    folder.mkdir()
    ffmpeg = str(locate_tools(Settings.model_validate({})).ffmpeg)
    sources = ("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=4", "-f", "lavfi", "-i", "sine=duration=4")
    encoders = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac")
    subprocess.run([ffmpeg, "-loglevel", "error", "-y", *sources, *encoders, folder / "film.mp4"], check=True)
    return folder


@pytest.mark.parametrize("guide", ["adilo", "sproutvideo"])
def test_a_guide_runs_as_it_stands(guide: str, new_platform: NewPlatform, film: Path) -> None:
    page = ROOT / "docs" / "guide" / f"{guide}.md"
    assert len(blocks(page)) >= 5
    follow(page, new_platform(), film)
