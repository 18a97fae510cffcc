"""Files that survive a power cut: write, fsync, rename, fsync the directory; copies inside the kernel.

Blocking calls; who has an event loop runs them through `in_thread`. Nothing here knows objects.
"""

import asyncio
import ctypes
import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from framehouse.kernel.errors import PayloadTooLarge, StorageFull

Result = TypeVar("Result")

COPY_BYTES = 64 * 1024 * 1024  # per call into the kernel, so that a copy can be interrupted
_KEEP_SIZE, _PUNCH_HOLE = 1, 2  # linux/falloc.h
_NO_COPY_RANGE = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM}


async def in_thread(work: Callable[[], Result]) -> Result:
    """Runs `work` in a thread and, when cancelled, still waits for its end.

    A thread cannot be stopped; leaving it behind would let it write into a file whose lock we have
    already given back.
    """
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # seen: the cancellation is what the caller hears of
        raise


@contextmanager
def storage_errors() -> Generator[None, None, None]:
    """A full disk, quota or file-size limit as our own errors; everything else as it is."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull("The storage is full; nothing that was stored is harmed.") from error
        if error.errno == errno.EFBIG:
            raise PayloadTooLarge("The file system cannot hold a file of this size.") from error
        raise


def temporary_name() -> str:
    return secrets.token_hex(12)


def sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_directories(directory: Path) -> None:
    """`mkdir -p` whose new entries are durable."""
    if directory.is_dir():
        return
    make_directories(directory.parent)
    with suppress(FileExistsError):
        directory.mkdir()
    sync_directory(directory.parent)


def write_whole(path: Path, data: bytes) -> None:
    """A new file with its content durable; its directory entry is not yet."""
    with storage_errors():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            write_at(descriptor, data, 0)
            os.fsync(descriptor)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)


def write_at(descriptor: int, data: bytes, offset: int) -> None:
    """All of `data` at `offset`: `pwrite` alone may write less."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        offset += written
        view = view[written:]


def copy_range(source: int, source_offset: int, target: int, target_offset: int, length: int) -> None:
    """Copies between files without passing the bytes through this process where the kernel can."""
    while length > 0:
        try:
            copied = os.copy_file_range(source, target, min(length, COPY_BYTES), source_offset, target_offset)
        except OSError as error:
            if error.errno not in _NO_COPY_RANGE:
                raise
            block = os.pread(source, min(length, 1024 * 1024), source_offset)
            write_at(target, block, target_offset)
            copied = len(block)
        if not copied:
            raise OSError(errno.EIO, "a stored file is shorter than its record says")
        length -= copied
        source_offset += copied
        target_offset += copied


def remove_tree(directory: Path, trash: Path) -> None:
    """Makes a directory vanish at once by renaming it, then removes it; missing is fine."""
    with suppress(FileNotFoundError):
        grave = trash / temporary_name()
        directory.rename(grave)
        shutil.rmtree(grave, ignore_errors=True)


@contextmanager
def locked(path: Path) -> Generator[None, None, None]:
    """Waits for the exclusive lock of a lock file, made if need be; a dead process's lock is gone."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def try_lock(path: Path, *, shared: bool = False, create: bool = False) -> int | None:
    """The descriptor that holds the lock until it is closed, or None while another holds it."""
    descriptor = os.open(path, os.O_RDWR | (os.O_CREAT if create else 0), 0o644)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def punch_hole(descriptor: int, offset: int, length: int) -> None:
    """Gives a range's disk blocks back where the file system can (fallocate(2)); reads as zeros after."""
    libc = ctypes.CDLL(None, use_errno=True)
    fallocate = getattr(libc, "fallocate64", None) or getattr(libc, "fallocate", None)
    if fallocate is not None and length > 0:
        mode = _PUNCH_HOLE | _KEEP_SIZE
        fallocate(ctypes.c_int(descriptor), ctypes.c_int(mode), ctypes.c_int64(offset), ctypes.c_int64(length))
