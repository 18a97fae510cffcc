"""The sample that plays within a minute of the first start: generated, so that no media is in the repository."""

import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from framehouse import library
from framehouse.bootstrap.services import Services
from framehouse.infra.process import Limits, run
from framehouse.kernel import TenantId

READ_BYTES = 1 << 20
SAMPLE_TIMEOUT_S = 120


def sample_argv(ffmpeg: Path, output: Path, seconds: int) -> list[str]:
    """A moving test picture with a clock and a quiet two-tone sound, H.264 and AAC, key frames every two seconds."""
    return [
        *(str(ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "lavfi", "-i", f"testsrc2=size=1280x720:rate=30:duration={seconds}"),
        *("-f", "lavfi", "-i", f"aevalsrc=0.1*sin(220*2*PI*t)+0.1*sin(330*2*PI*t):s=48000:d={seconds}"),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p"),
        *("-g", "60", "-keyint_min", "60", "-sc_threshold", "0"),  # segments can be cut every 4 s
        *("-c:a", "aac", "-b:a", "96k", "-ac", "2"),
        *("-movflags", "+faststart", str(output)),  # the index first, as an uploaded film usually has it
    ]


async def publish_sample(services: Services, tenant_id: TenantId, length: timedelta) -> library.Video:
    """Generate the clip and receive it like any upload; the workers do the rest once they run."""
    with tempfile.TemporaryDirectory(dir=services.scratch) as folder:
        path = Path(folder) / "sample.mp4"
        argv = sample_argv(services.tools.ffmpeg, path, int(length.total_seconds()))
        await run(argv, limits=Limits(wall_s=SAMPLE_TIMEOUT_S))
        new = library.NewVideo(
            title="Framehouse sample",
            file_name="sample.mp4",
            description="A generated clip, published on the first start.",
            preset=services.settings.default_preset,
        )
        return await library.receive_video(services.library, library.Owner(tenant_id), new, _blocks(path))


async def _blocks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            yield block
