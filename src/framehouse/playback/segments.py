"""The bytes of a presentation's files: from storage, or cut from the source at their first request and kept.

Whether the asker may have them was decided before (`catalogue`); cutting itself runs in the cutter's processes.
"""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from framehouse.infra.storage import ObjectInfo, ObjectStorage
from framehouse.kernel import FramehouseError, NotFound
from framehouse.media.segment_plan import CutTrack
from framehouse.playback.local_sources import LocalSources
from framehouse.playback.publication import INIT_NUMBER, MediaFile, Publication

log = structlog.get_logger(__name__)
PATHS_MAX = 50_000  # about 20 MB of known paths
CUTS_MAX = 16  # cut segments that are held in memory at the same time, a few megabytes each


class SegmentCutter(Protocol):
    """What is needed of the cutter's pool. Raises NotFound, UnsupportedMedia, TemporarilyUnavailable."""

    async def init_segment(self, path: str, track: CutTrack) -> bytes: ...

    async def segment(self, path: str, track: CutTrack, number: int) -> bytes: ...


@dataclass(frozen=True)
class LocalFile:
    """Bytes that are one file of this machine, as it was when it was found."""

    path: Path
    status: os.stat_result

    @classmethod
    def at(cls, path: Path) -> "LocalFile | None":
        """None when there is no such file (any more). One stat of a local file is not worth a thread."""
        try:
            return cls(path, path.stat())
        except FileNotFoundError:
            return None


Found = LocalFile | ObjectInfo | bytes


class Segments:
    def __init__(self, storage: ObjectStorage, cutter: SegmentCutter | None, sources: LocalSources) -> None:
        self._storage, self._cutter, self._sources = storage, cutter, sources
        self._cutting: dict[str, asyncio.Future[bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._paths: dict[str, Path] = {}
        self._room = asyncio.Semaphore(CUTS_MAX)

    async def find(self, publication: Publication, file: MediaFile) -> Found:
        """NotFound when it is neither stored nor can be cut; the cutter's errors as they are."""
        local = self._local_file(file.key)
        if local is not None:
            return local
        under_way = self._cutting.get(file.key)
        if under_way is not None:
            return await asyncio.shield(under_way)
        info = await self._storage.stat(file.key)
        if info is not None:
            return info
        return await self._cut(publication, file)

    async def drain(self) -> None:
        """Waits until what was cut is stored."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _local_file(self, key: str) -> LocalFile | None:
        """Asking storage for a path costs ten times the stat that tells whether a known one still stands."""
        path = self._paths.get(key)
        found = LocalFile.at(path) if path is not None else None
        if found is not None:
            return found
        path = self._storage.local_path(key)
        if path is None:
            self._paths.pop(key, None)
            return None
        if len(self._paths) >= PATHS_MAX:
            self._paths.clear()
        self._paths[key] = path
        return LocalFile.at(path)

    async def _cut(self, publication: Publication, file: MediaFile) -> bytes:
        track = publication.cut.tracks.get(file.track_id) if publication.cut else None
        if publication.cut is None or track is None or self._cutter is None:
            raise NotFound("There is no such file.")
        under_way = self._cutting.get(file.key)  # another request may have begun while storage was asked
        if under_way is None:
            under_way = self._cutting[file.key] = asyncio.get_running_loop().create_future()
            task = asyncio.create_task(self._cut_and_store(file, publication.cut.source_key, track, under_way))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(under_way)

    async def _cut_and_store(
        self, file: MediaFile, source_key: str, track: CutTrack, result: "asyncio.Future[bytes]"
    ) -> None:
        """Answers as soon as the bytes are there and stores them then; until that is done `_cutting` has them."""
        try:
            # A source that is still being copied here takes no room from others.
            async with self._sources.use(source_key) as path, self._room:
                data = await self._cut_bytes(file, path, track)
                result.set_result(data)
                await self._store(file.key, data)
        except asyncio.CancelledError:
            result.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong is told to those who wait for the bytes
            if not result.done():
                result.set_exception(error)
                result.exception()  # seen, even if everybody who asked has gone
        finally:
            del self._cutting[file.key]

    async def _cut_bytes(self, file: MediaFile, path: Path, track: CutTrack) -> bytes:
        assert self._cutter is not None  # asked before
        if file.number == INIT_NUMBER:
            return await self._cutter.init_segment(str(path), track)
        return await self._cutter.segment(str(path), track, file.number)

    async def _store(self, key: str, data: bytes) -> None:
        """A segment that cannot be kept is still served; it will be cut again."""
        try:
            await self._storage.put(key, data)
        except (FramehouseError, OSError) as error:
            log.warning("playback.segment_not_kept", key=key, error=str(error))
