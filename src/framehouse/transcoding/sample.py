"""Decodes a few packaged segments of every rendition before they are published: what does not decode is not shown."""

import asyncio
from pathlib import Path

from framehouse.infra.process import run
from framehouse.media.package import ContentKey
from framehouse.media.verify import decode_argv
from framehouse.transcoding.context import TranscodingContext
from framehouse.transcoding.package import NotPublishable, Package

DECODE_TIMEOUT_S = 120


async def decode_samples(context: TranscodingContext, package: Package, key: ContentKey | None, folder: Path) -> None:
    """The first, middle and last segment of each rendition. Raises NotPublishable with the decoder's words."""
    for track in package.presentation.segmented():
        sample = folder / "sample.mp4"
        for number in sorted({1, (len(track.segments) + 1) // 2, len(track.segments)}):
            await asyncio.to_thread(_concatenate, package.folder / track.id, number, sample)
            argv = decode_argv(context.tools.ffmpeg, sample, key.key if key else None)
            completed = await run(argv, limits=context.limits(DECODE_TIMEOUT_S), check=False)
            if completed.returncode != 0 or completed.stderr_tail.strip():
                told = completed.stderr_tail.strip().rpartition("\n")[2] or f"exit code {completed.returncode}"
                raise NotPublishable(f"Segment {number} of {track.id} does not decode: {told}")
        sample.unlink(missing_ok=True)


def _concatenate(folder: Path, number: int, target: Path) -> None:
    target.write_bytes((folder / "init.mp4").read_bytes() + (folder / f"{number}.m4s").read_bytes())
