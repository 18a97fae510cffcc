"""Writing one part: into its slot of the upload's data file, or into a file of its own. Blocking calls.

The crash procedure of a PUT, by what was done when the process was killed:
1. bytes are being written: no record names them. A slot's bytes are only ever written while the
   part has no record in `data`, so an acknowledged version is never touched;
2. bytes synced, record not renamed: the part is absent or its earlier version;
3. record renamed and its directory synced: the part is there; a replaced side file may be left and
   goes with the upload.
Locks die with the process, so a new PUT of the part may use the slot at once.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from framehouse.infra.storage import durable
from framehouse.infra.storage.model import PartInfo
from framehouse.infra.storage.multipart_files import (
    DATA,
    MultipartFiles,
    PartRecord,
    Upload,
    no_such_upload,
)
from framehouse.kernel.errors import InvalidInput


class PartWriter:
    """`open`, `write` in order, then `finish`; `abandon` after anything that went wrong, `open` included."""

    def __init__(self, uploads: MultipartFiles, upload: Upload, number: int, size_bytes: int | None = None) -> None:
        self._uploads, self._upload, self._number, self._size_bytes = uploads, upload, number, size_bytes
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._written = 0
        self._locks: list[int] = []
        self._slot: int | None = None
        self._descriptor, self._file, self._offset = -1, DATA, 0

    def open(self) -> None:
        """Finds the part its place. NotFound when the upload ended meanwhile."""
        size_bytes = self._size_bytes or 0
        try:
            self._slot = self._upload.fix_slot(size_bytes) if size_bytes else self._upload.slot_bytes()
            if not (self._slot and size_bytes <= self._slot and self._open_slot(self._slot)):
                self._open_side()
        except FileNotFoundError as error:
            raise no_such_upload() from error

    def write(self, data: bytes) -> None:
        self._md5.update(data)
        if self._file == DATA and self._slot is not None and self._written + len(data) > self._slot:
            self._move_aside()
        with durable.storage_errors():
            durable.write_at(self._descriptor, data, self._offset + self._written)
        self._written += len(data)

    def finish(self, expected_md5: str | None) -> PartInfo:
        etag = self._md5.hexdigest()
        if expected_md5 is not None and expected_md5.lower() != etag:
            raise InvalidInput("The part's MD5 is not the one given: it was damaged on its way.")
        with durable.storage_errors():
            os.fsync(self._descriptor)
            if self._file != DATA:
                durable.sync_directory(self._path.parent)
        record = PartRecord(self._number, self._written, etag, self._file, self._offset)
        if self._slot is None:
            self._upload.fix_slot(self._written)
        self._uploads.save_record(self._upload, record)
        self._close()
        return record.info

    def abandon(self) -> None:
        """Takes back what was written, without harm to any part that was acknowledged."""
        try:
            record = self._upload.record(self._number)
            recorded = record is not None and record.file == self._file  # finish failed after its rename
            if self._descriptor >= 0 and not recorded:
                if self._file == DATA:
                    durable.punch_hole(self._descriptor, self._offset, self._slot or 0)
                else:
                    self._path.unlink(missing_ok=True)
        finally:
            self._close()

    @property
    def _path(self) -> Path:
        return self._upload.folder / self._file

    def _open_slot(self, slot_bytes: int) -> bool:
        """Claims the part's place in `data`; False when it is, or may be, somebody's."""
        upload = self._upload
        for path, shared in ((upload.lock_path, True), (upload.claim_path(self._number), False)):
            lock = durable.try_lock(path, shared=shared, create=not shared)
            if lock is None:
                self._unlock()
                return False
            self._locks.append(lock)
        record = upload.record(self._number)
        if record is not None and record.file == DATA:
            self._unlock()
            return False
        self._file, self._offset = DATA, (self._number - 1) * slot_bytes
        self._descriptor = os.open(upload.folder / DATA, os.O_RDWR)
        return True

    def _open_side(self) -> None:
        self._file, self._offset = self._upload.new_side_file(self._number), 0
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)

    def _move_aside(self) -> None:
        """The part outgrows its slot: what is written so far moves to a file of its own."""
        slot, slot_offset = self._descriptor, self._offset
        self._descriptor = -1
        try:
            self._open_side()
            with durable.storage_errors():
                durable.copy_range(slot, slot_offset, self._descriptor, 0, self._written)
        except FileNotFoundError as error:
            raise no_such_upload() from error
        finally:  # also on a full disk: then the whole part is given up
            durable.punch_hole(slot, slot_offset, self._slot or 0)
            os.close(slot)
            self._unlock()

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1
        self._unlock()

    def _unlock(self) -> None:
        while self._locks:
            with suppress(OSError):
                os.close(self._locks.pop())
