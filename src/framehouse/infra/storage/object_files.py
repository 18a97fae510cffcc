"""Objects as files below one root: where they lie, what is known of them, how they are replaced.

    objects/<key>        the bytes, one file, its name kept so that tools see the right suffix
    objects/<key>~meta   JSON, only for objects completed from parts: their ETag, and while they are
                         not joined yet the extents they are read from (`~` is in no key)
    multipart/<id>/      an upload; also the extents of an object not joined yet
    tmp/ trash/ locks/   files being written, being removed, one lock per 1/256 of the keys

A `~meta` with extents outranks a file of that name. One without extents counts only while the
file's size and time are those it names, so a replaced file cannot wear an old ETag. Blocking calls.
"""

import json
import zlib
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from framehouse.infra.storage import durable
from framehouse.infra.storage.model import ObjectInfo
from framehouse.kernel.errors import Conflict

META = "~meta"


@dataclass(frozen=True)
class Extent:
    """`length` bytes at `offset` of a file, whose name is relative to the upload's directory."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True)
class Meta:
    """What a `~meta` file says; `extents` is None once the object is one file."""

    etag: str
    size_bytes: int
    modified_ns: int
    multipart_id: str
    extents: tuple[Extent, ...] | None = None

    def to_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @staticmethod
    def from_json(text: bytes) -> "Meta":
        fields = json.loads(text)
        extents = fields.pop("extents")
        return Meta(**fields, extents=None if extents is None else tuple(Extent(**e) for e in extents))


@dataclass(frozen=True)
class Stored:
    """An object found: its facts and where its bytes are, in order, as (file, offset, length)."""

    info: ObjectInfo
    ranges: tuple[tuple[Path, int, int], ...]
    identity: tuple[int, int] | None = None
    """Inode and time (ns) of an object that is one file; None while it is extents."""

    @property
    def is_one_file(self) -> bool:
        return self.identity is not None


class ObjectFiles:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.objects, self.uploads = root / "objects", root / "multipart"
        self.tmp, self.trash, self.locks = root / "tmp", root / "trash", root / "locks"

    def prepare(self) -> None:
        for directory in (self.objects, self.uploads, self.tmp, self.trash, self.locks):
            durable.make_directories(directory)

    def path(self, key: str) -> Path:
        return self.objects / key

    def lock(self, key: str) -> AbstractContextManager[None]:
        """Held while what a key stands for changes; short, and never while bytes are copied."""
        return durable.locked(self.locks / f"{zlib.crc32(key.encode()) & 0xFF:02x}")

    def new_temporary(self) -> Path:
        return self.tmp / durable.temporary_name()

    def meta(self, key: str) -> Meta | None:
        try:
            return Meta.from_json(meta_path(self.path(key)).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None

    def find(self, key: str) -> Stored | None:
        meta = self.meta(key)
        if meta is not None and meta.extents is not None:
            folder = self.uploads / meta.multipart_id
            ranges = tuple((folder / e.file, e.offset, e.length) for e in meta.extents)
            info = ObjectInfo(key, meta.size_bytes, meta.etag, _time(meta.modified_ns))
            return Stored(info, ranges)
        path = self.path(key)
        try:
            status = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not S_ISREG(status.st_mode):
            return None
        etag = f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"
        if meta is not None and (meta.size_bytes, meta.modified_ns) == (status.st_size, status.st_mtime_ns):
            etag = meta.etag
        info = ObjectInfo(key, status.st_size, etag, _time(status.st_mtime_ns))
        return Stored(info, ((path, 0, status.st_size),), (status.st_ino, status.st_mtime_ns))

    def replace(self, key: str, source: Path, meta: Meta | None = None, *, sync: bool = True) -> None:
        """Makes the durable file `source` the object; call it under the key's lock.

        Without `sync` the caller syncs the directory, once for many files.

        Killed after
        1. the rename: an object with extents stays what it was, any other is the new one (its ETag,
           if it came from parts, is the plain one until completion is repeated);
        2. the meta: done, but an upload that held the old extents may be left for `sweep`.
        """
        old = self.meta(key)
        target = self.path(key)
        self._move(source, target)
        if meta is not None:
            self.write_meta(key, meta)
        elif old is not None:
            meta_path(target).unlink(missing_ok=True)
        if sync:
            durable.sync_directory(target.parent)
        self._drop_extents(old, unless=meta)

    def publish_extents(self, key: str, meta: Meta) -> None:
        """Makes an upload's own files the object; call it under the key's lock. One rename decides."""
        old = self.meta(key)
        target = self.path(key)
        self._make_parent(target)
        if target.is_dir():
            raise _lies_below()
        self.write_meta(key, meta)
        durable.sync_directory(target.parent)
        self._drop_extents(old, unless=meta)

    def write_meta(self, key: str, meta: Meta) -> None:
        temporary = self.new_temporary()
        durable.write_whole(temporary, meta.to_json())
        self._move(temporary, meta_path(self.path(key)))

    def delete(self, key: str) -> bool:
        """Whether there was such an object. Meta last: without its file a meta means nothing.

        The caller makes it durable with `prune`, once for many.
        """
        target = self.path(key)
        with self.lock(key):
            found = self.find(key) is not None
            old = self.meta(key)
            for path in (target, meta_path(target)):
                with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                    path.unlink()
            self._drop_extents(old, unless=None)
        return found

    def prune(self, directory: Path) -> None:
        """Removes a directory of objects and those above it while they are empty; makes that durable."""
        while directory != self.objects:
            try:
                directory.rmdir()
            except OSError:
                break
            directory = directory.parent
        with suppress(FileNotFoundError):
            durable.sync_directory(directory)

    def _move(self, source: Path, target: Path) -> None:
        for attempt in range(5):  # a concurrent delete may remove the empty directory under us
            self._make_parent(target)
            try:
                source.rename(target)
                return
            except FileNotFoundError:
                if attempt == 4 or not source.exists():
                    raise
            except (IsADirectoryError, NotADirectoryError) as error:
                raise _lies_below() from error

    def _make_parent(self, target: Path) -> None:
        parent = target.parent
        if parent.is_dir():
            return
        for above in parent.relative_to(self.objects).parents:
            if above != Path() and meta_path(self.objects / above).exists():
                raise _lies_below()
        if meta_path(parent).exists():
            raise _lies_below()
        try:
            durable.make_directories(parent)
        except (FileExistsError, NotADirectoryError) as error:
            raise _lies_below() from error

    def _drop_extents(self, old: Meta | None, *, unless: Meta | None) -> None:
        kept = unless.multipart_id if unless is not None else None
        if old is not None and old.extents is not None and old.multipart_id != kept:
            durable.remove_tree(self.uploads / old.multipart_id, self.trash)


def meta_path(path: Path) -> Path:
    return path.with_name(path.name + META)


def _time(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC)


def _lies_below() -> Conflict:
    return Conflict("A stored object's key cannot lie below another object's key.")
