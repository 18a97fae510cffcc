"""Ending uploads on the file system: completing without a copy, joining later, sweeping what was left.

Completing, when every part lies where the finished file has it (equal parts, none replaced): `data`
is renamed to the object. Killed after
1. the truncation of what lies beyond the last part: only parts that were not named are gone;
2. the rename: the object is there; repeating the completion knows `data` by its inode and goes on;
3. the meta: done; the upload's directory is left for a repetition or for `sweep`.
Otherwise one rename of the meta makes the upload's own files the object, read as extents.

Joining copies extents into one file, then replaces the meta; until that rename the extents are the
object, and no byte that they name is written. Killed at any point it is simply done again.
"""

import errno
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from framehouse.infra.storage import durable
from framehouse.infra.storage.model import InvalidPart, ObjectInfo
from framehouse.infra.storage.multipart_files import (
    DATA,
    MultipartFiles,
    Upload,
    choose_parts,
    no_such_upload,
    whole_etag,
)
from framehouse.infra.storage.object_files import Extent, Meta, ObjectFiles
from framehouse.kernel.errors import NotFound


class Completion:
    def __init__(self, files: ObjectFiles, uploads: MultipartFiles) -> None:
        self._files, self._uploads = files, uploads

    def complete(self, key: str, multipart_id: str, named: Sequence[tuple[int, str]]) -> ObjectInfo:
        """Publishes the named parts as the object; InvalidPart, NotFound as the port says."""
        with self._files.lock(key):
            meta = self._files.meta(key)
            upload = self._uploads.peek(key, multipart_id)
            if meta is None or meta.multipart_id != multipart_id:
                if upload is None:
                    raise no_such_upload()
                self._publish(upload, named)
            elif meta.etag != _named_etag(named):
                raise InvalidPart("This upload was completed already, from other parts.")
            stored = self._files.find(key)
            if stored is None:
                raise NotFound("The completed object was deleted.")
            if stored.is_one_file and upload is not None:
                durable.remove_tree(upload.folder, self._files.trash)
            return stored.info

    def join(self, key: str) -> None:
        """Makes the object one file; nothing to do when it is one already or is not there."""
        meta = self._files.meta(key)
        if meta is None or meta.extents is None:
            return
        folder = self._files.uploads / meta.multipart_id
        joined = self._files.new_temporary()
        lock: int | None = None
        try:
            with durable.storage_errors():
                lock = durable.try_lock(folder / "lock")
                in_place = lock is not None and _fits_in_place(meta.extents)
                if not (in_place and _fill_data(folder, meta, joined)):
                    _copy_extents(folder, meta, joined)
            with self._files.lock(key):
                if self._files.meta(key) == meta:
                    self._files.replace(key, joined, replace(meta, extents=None))
                    durable.remove_tree(folder, self._files.trash)
        except FileNotFoundError:
            if self._files.meta(key) == meta:
                raise
        finally:
            joined.unlink(missing_ok=True)
            if lock is not None:
                os.close(lock)

    def sweep(self, before_s: float, temporary_before_s: float | None = None) -> int:
        """Removes what was last touched before `before_s` (Unix time) and no object needs.

        Temporary files have a time of their own: who writes one touches it all the time.
        """
        count = 0
        temporary_before_s = before_s if temporary_before_s is None else temporary_before_s
        for path in self._files.trash.iterdir():
            durable.remove_tree(path, self._files.trash)
        for path in self._files.tmp.iterdir():
            if _last_touched(path) < temporary_before_s:
                if path.is_dir():
                    durable.remove_tree(path, self._files.trash)
                path.unlink(missing_ok=True)
                count += 1
        for folder in self._files.uploads.iterdir():
            count += _last_touched(folder) < before_s and self._sweep_upload(folder)
        return count

    def _sweep_upload(self, folder: Path) -> bool:
        key = self._uploads.key_of(folder.name)
        if key is None:
            durable.remove_tree(folder, self._files.trash)
            return True
        with self._files.lock(key):
            meta = self._files.meta(key)
            if meta is not None and meta.multipart_id == folder.name and meta.extents is not None:
                return False
            durable.remove_tree(folder, self._files.trash)
            return True

    def _publish(self, upload: Upload, named: Sequence[tuple[int, str]]) -> None:
        chosen = choose_parts(upload.records(), named)
        extents = tuple(record.extent for record in chosen if record.size_bytes)
        size_bytes = sum(extent.length for extent in extents)
        etag = whole_etag([record.etag for record in chosen])
        meta = Meta(etag, size_bytes, time.time_ns(), upload.multipart_id, extents)
        lock = durable.try_lock(upload.lock_path)  # none while somebody still writes into `data`
        try:
            if lock is not None and _is_contiguous(extents):
                self._publish_data(upload, meta)
            else:
                self._files.publish_extents(upload.key, meta)
        finally:
            if lock is not None:
                os.close(lock)

    def _publish_data(self, upload: Upload, meta: Meta) -> None:
        data = upload.folder / DATA
        target = self._files.path(upload.key)
        if not data.exists():
            if not target.is_file() or target.stat().st_ino != upload.data_inode:
                raise no_such_upload()
            data = target
        elif data.stat().st_size != meta.size_bytes:
            _truncate(data, meta.size_bytes)
        modified_ns = data.stat().st_mtime_ns
        self._files.replace(upload.key, data, replace(meta, modified_ns=modified_ns, extents=None))


def _named_etag(named: Sequence[tuple[int, str]]) -> str:
    with suppress(ValueError):
        return whole_etag([etag.strip('"').lower() for _, etag in named])
    return ""


def _is_contiguous(extents: Sequence[Extent]) -> bool:
    return _fits_in_place(extents) and all(extent.file == DATA for extent in extents)


def _fits_in_place(extents: Sequence[Extent]) -> bool:
    """Whether every extent in `data` has its final offset already: then the others have room there."""
    position = 0
    for extent in extents:
        if extent.file == DATA and extent.offset != position:
            return False
        position += extent.length
    return True


def _fill_data(folder: Path, meta: Meta, joined: Path) -> bool:
    """Copies the side files to their places in `data` and links it as `joined`; False if it cannot be linked.

    The caller holds the upload's exclusive lock, and these places are named by no extent.
    """
    try:
        joined.hardlink_to(folder / DATA)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS):
            return False
        raise
    _write_joined(folder, meta, joined, only_side_files=True)
    return True


def _copy_extents(folder: Path, meta: Meta, joined: Path) -> None:
    joined.touch()
    _write_joined(folder, meta, joined, only_side_files=False)


def _write_joined(folder: Path, meta: Meta, joined: Path, *, only_side_files: bool) -> None:
    target = os.open(joined, os.O_RDWR)
    try:
        position = 0
        for extent in meta.extents or ():
            if not (only_side_files and extent.file == DATA):
                source = os.open(folder / extent.file, os.O_RDONLY)
                try:
                    durable.copy_range(source, extent.offset, target, position, extent.length)
                finally:
                    os.close(source)
            position += extent.length
        os.ftruncate(target, meta.size_bytes)
        os.utime(target, ns=(meta.modified_ns, meta.modified_ns))
        os.fsync(target)
    finally:
        os.close(target)


def _truncate(path: Path, size_bytes: int) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.ftruncate(descriptor, size_bytes)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_touched(path: Path) -> float:
    """The latest change below a path, as Unix time; 0 when it is gone."""
    latest = 0.0
    with suppress(FileNotFoundError, NotADirectoryError):
        latest = path.stat().st_ctime
        for child in path.rglob("*"):
            latest = max(latest, child.stat().st_ctime)
    return latest
