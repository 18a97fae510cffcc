"""Reading an object's bytes through its ranges, one open file at a time. Blocking calls."""

import errno
import os
from pathlib import Path

from framehouse.infra.storage.model import check_range
from framehouse.infra.storage.object_files import ObjectFiles
from framehouse.kernel.errors import Conflict, NotFound


class ObjectReader:
    """One pass over `start`..`start + length` of an object, cut short at its end.

    A file stays open while its range is read, so a replaced or deleted one-file object is read to
    its end as it was. Ranges that vanish because the object was joined meanwhile are looked up again.
    """

    def __init__(self, files: ObjectFiles, key: str, start: int, length: int | None) -> None:
        check_range(start, length)
        self._files, self._key = files, key
        self._start, self._length, self._position = start, length, start
        self._look_up()
        self._open_range: tuple[int, int] | None = None
        self._descriptor = -1
        self._descriptor_offset = 0

    def read(self, size_bytes: int) -> bytes:
        """The next bytes, up to `size_bytes`, at most to the end of a range; empty at the end."""
        if self._position >= self._end:
            return b""
        if self._open_range is None or not self._open_range[0] <= self._position < self._open_range[1]:
            self._open()
        if self._open_range is None:  # replaced by a shorter one before its first byte was read
            return b""
        range_start, range_end = self._open_range
        size_bytes = min(size_bytes, self._end - self._position, range_end - self._position)
        block = os.pread(self._descriptor, size_bytes, self._descriptor_offset + self._position - range_start)
        if not block:
            raise OSError(errno.EIO, "a stored file is shorter than its record says")
        self._position += len(block)
        return block

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self._open_range = -1, None

    def _open(self) -> None:
        self.close()
        for _ in range(5):
            if self._position >= self._end:
                return
            path, offset, range_start, range_end = self._range_at_position()
            if self._open_file(path):
                self._open_range, self._descriptor_offset = (range_start, range_end), offset
                return
            self._look_up()
        raise Conflict("The object changes too often to be read.")

    def _range_at_position(self) -> tuple[Path, int, int, int]:
        """The file and offset that hold the next byte, and what part of the object they hold."""
        range_start = 0
        for path, offset, length in self._stored.ranges:
            if self._position < range_start + length:
                return path, offset, range_start, range_start + length
            range_start += length
        raise OSError(errno.EIO, "a stored object is shorter than its record says")

    def _open_file(self, path: Path) -> bool:
        """False when the file is gone or is not the one that was looked up."""
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return False
        status = os.fstat(self._descriptor)
        if self._stored.identity in (None, (status.st_ino, status.st_mtime_ns)):
            return True
        self.close()
        return False

    def _look_up(self) -> None:
        stored = self._files.find(self._key)
        if stored is None:
            raise NotFound("No such object.")
        if self._position > self._start and stored.info.etag != self._stored.info.etag:
            raise Conflict("The object was replaced while it was read.")
        self._stored = stored
        end = stored.info.size_bytes
        self._end = end if self._length is None else min(end, self._start + self._length)
