"""What transcoding's use cases work with, and the ids and places of a job's intermediate files."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framehouse.infra.process import Limits
from framehouse.infra.settings import Settings
from framehouse.infra.tools import Tools
from framehouse.kernel import Clock, VideoId, to_hex
from framehouse.library import LibraryContext, video_prefix

GIB = 1024**3
# ffmpeg reserves far more addresses than it touches: frame threads, x264 look-ahead, a 4K picture in float
ADDRESS_SPACE_BYTES = 16 * GIB
OPEN_FILES = 512


@dataclass(frozen=True)
class TranscodingContext:
    library: LibraryContext
    tools: Tools
    settings: Settings
    executor_id: str
    scratch: Path

    @property
    def clock(self) -> Clock:
        return self.library.clock

    def limits(self, wall_s: float, *, nice: bool = True) -> Limits:
        """Confinement of a program that reads media."""
        return Limits(
            wall_s=wall_s,
            memory_bytes=ADDRESS_SPACE_BYTES,
            open_files=OPEN_FILES,
            niceness=self.settings.encode_niceness if nice else 0,
        )

    @contextmanager
    def workspace(self, name: str) -> Generator[Path, None, None]:
        """A folder of one attempt's own, gone afterwards; what a killed one left goes at the worker's next start."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def clear_scratch(scratch: Path) -> None:
    """Remove what killed attempts of this worker left; only before it starts to work."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True, exist_ok=True)


def work_prefix(video_id: VideoId, job_id: int) -> str:
    """The folder in the storage where the pieces of a job meet, whichever worker made them."""
    return f"{video_prefix(video_id)}work/{to_hex(job_id)}/"
