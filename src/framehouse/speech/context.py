"""What speech's durable work runs with, and the place of a job's intermediate results."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framehouse.infra.process import Limits
from framehouse.infra.settings import Settings
from framehouse.infra.tools import Tools
from framehouse.kernel import Clock, SourceId, to_hex
from framehouse.library import LibraryContext, video_prefix
from framehouse.media.speech_audio import SAMPLE_BYTES, SAMPLE_RATE_HZ
from framehouse.speech.model import SpeechJob
from framehouse.speech.ports import Engines

GIB = 1024**3
DECODER_MEMORY_BYTES = 8 * GIB  # addresses that ffmpeg reserves, of which it touches little
SOUND_MAX_BYTES = 36 * 3600 * SAMPLE_RATE_HZ * SAMPLE_BYTES


@dataclass(frozen=True)
class SpeechContext:
    library: LibraryContext
    engines: Engines
    tools: Tools
    settings: Settings
    scratch: Path

    @property
    def clock(self) -> Clock:
        return self.library.clock

    def decoder_limits(self) -> Limits:
        """Confinement of the ffmpeg that decodes the sound."""
        settings = self.settings
        return Limits(
            wall_s=settings.encode_timeout_s,
            memory_bytes=DECODER_MEMORY_BYTES,
            file_size_bytes=SOUND_MAX_BYTES,
            niceness=settings.encode_niceness,
        )

    @contextmanager
    def workspace(self) -> Generator[Path, None, None]:
        """A folder of one attempt's own, gone afterwards; what a killed one left goes at the worker's next start."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="speech-", dir=self.scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def work_prefix(job: SpeechJob) -> str:
    """The folder in the storage where what was heard is kept until all is."""
    return f"{video_prefix(job.video_id)}work/speech-{to_hex(job.id)}/"


def stretch_key(job: SpeechJob, engine: str, source_id: SourceId, number: int) -> str:
    """Words of one stretch; those of another source or engine would not fit with them."""
    return f"{work_prefix(job)}{engine}-{to_hex(source_id)}/{number:05d}.json"
