"""Decodes a few packaged segments of every rendition before they are published: what does not decode is not shown."""

import asyncio
from pathlib import Path

from framehouse.infra.process import run
from framehouse.media.package import ContentKey
from framehouse.media.verify import decode_argv
from framehouse.transcoding.context import TranscodingContext
from framehouse.transcoding.package import NotPublishable, Package

DECODE_TIMEOUT_S = 300


async def decode_samples(context: TranscodingContext, package: Package, key: ContentKey | None, folder: Path) -> None:
    """The first, middle and last segment of each rendition. Raises NotPublishable with the decoder's words."""
    samples: list[Path] = []
    for track in package.presentation.segmented():
        for number in sorted({1, (len(track.segments) + 1) // 2, len(track.segments)}):
            # the name appears in the decoder's complaint: it says which rendition and which segment
            sample = folder / f"{track.id}-segment{number}.mp4"
            await asyncio.to_thread(_concatenate, package.folder / track.id, number, sample)
            samples.append(sample)
    argv = decode_argv(context.tools.ffmpeg, samples, key.key if key else None)
    completed = await run(argv, limits=context.limits(DECODE_TIMEOUT_S), check=False)
    if completed.returncode != 0 or completed.stderr_tail.strip():
        told = completed.stderr_tail.strip().rpartition("\n")[2] or f"exit code {completed.returncode}"
        raise NotPublishable(f"A packaged segment does not decode: {told}")
    for sample in samples:
        sample.unlink()


def _concatenate(folder: Path, number: int, target: Path) -> None:
    target.write_bytes((folder / "init.mp4").read_bytes() + (folder / f"{number}.m4s").read_bytes())
