"""Uploads in parts on the file system: their directories, slots and records. Blocking calls.

multipart/<id>/upload.json   key, declared part size
multipart/<id>/slot          the part size that decides offsets, fixed once (by link, so only once)
multipart/<id>/data          part n of that size at (n - 1) * slot: the finished file, when all fit
multipart/<id>/side/         parts that do not fit their slot, or replace one that was acknowledged
multipart/<id>/parts/<n>     the record of part n: JSON with its size, MD5 and place
multipart/<id>/claims/<n>    locked by who writes part n into `data`
multipart/<id>/lock          shared by who writes into `data`, exclusive for who ends the upload
"""

import hashlib
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from framehouse.infra.storage import durable
from framehouse.infra.storage.model import InvalidPart, PartInfo, normal_etag
from framehouse.infra.storage.object_files import Extent, ObjectFiles
from framehouse.kernel.errors import NotFound

DATA = "data"
_ID = re.compile(r"[0-9a-f]{24}\Z")


@dataclass(frozen=True)
class PartRecord:
    """A stored part: `file` is `data` or one below `side/`, relative to the upload's directory."""

    number: int
    size_bytes: int
    etag: str
    file: str
    offset: int

    @property
    def info(self) -> PartInfo:
        return PartInfo(self.number, self.size_bytes, self.etag)

    @property
    def extent(self) -> Extent:
        return Extent(self.file, self.offset, self.size_bytes)


@dataclass(frozen=True)
class Upload:
    """An open upload's directory; it may end at any time, then files in it are not found."""

    key: str
    multipart_id: str
    folder: Path
    data_inode: int

    @property
    def lock_path(self) -> Path:
        return self.folder / "lock"

    def claim_path(self, number: int) -> Path:
        return self.folder / "claims" / str(number)

    def new_side_file(self, number: int) -> str:
        return f"side/{number}-{durable.temporary_name()}"

    def slot_bytes(self) -> int | None:
        try:
            return int((self.folder / "slot").read_text())
        except FileNotFoundError:
            return None

    def fix_slot(self, size_bytes: int) -> int:
        """The part size that decides offsets: `size_bytes` unless another came first."""
        if (fixed := self.slot_bytes()) is not None or size_bytes < 1:
            return fixed or 0
        draft = self.folder / f"slot.{durable.temporary_name()}"
        durable.write_whole(draft, str(size_bytes).encode())
        with suppress(FileExistsError):
            (self.folder / "slot").hardlink_to(draft)
        draft.unlink()
        durable.sync_directory(self.folder)
        return int((self.folder / "slot").read_text())

    def record(self, number: int) -> PartRecord | None:
        try:
            return PartRecord(**json.loads((self.folder / "parts" / str(number)).read_bytes()))
        except FileNotFoundError:
            return None

    def records(self) -> list[PartRecord]:
        names = [path.name for path in (self.folder / "parts").iterdir() if path.name.isdigit()]
        found = (self.record(number) for number in sorted(map(int, names)))
        return [record for record in found if record is not None]


class MultipartFiles:
    def __init__(self, files: ObjectFiles) -> None:
        self._files = files

    def start(self, key: str, part_size_bytes: int | None) -> str:
        """Builds the whole directory aside, then gives it its name: an upload is there or is not."""
        multipart_id = durable.temporary_name()
        draft = self._files.new_temporary()
        for folder in (draft, draft / "side", draft / "parts", draft / "claims"):
            folder.mkdir()
        (draft / "lock").touch()
        durable.write_whole(draft / DATA, b"")
        facts = {"key": key, "data_inode": (draft / DATA).stat().st_ino}
        durable.write_whole(draft / "upload.json", json.dumps(facts).encode())
        if part_size_bytes is not None:
            durable.write_whole(draft / "slot", str(part_size_bytes).encode())
        durable.sync_directory(draft)
        draft.rename(self._files.uploads / multipart_id)
        durable.sync_directory(self._files.uploads)
        return multipart_id

    def open(self, key: str, multipart_id: str) -> Upload:
        """NotFound for an unknown upload, another key's, or one that was completed."""
        upload = self.peek(key, multipart_id)
        if upload is None or self.is_completed(upload):
            raise no_such_upload()
        return upload

    def key_of(self, multipart_id: str) -> str | None:
        """The key an upload is for; None when it is gone or broken."""
        try:
            return json.loads((self._files.uploads / multipart_id / "upload.json").read_bytes())["key"]
        except (OSError, ValueError, KeyError):
            return None

    def peek(self, key: str, multipart_id: str) -> Upload | None:
        """The upload even when completed (its directory lives on until the object is joined)."""
        if not _ID.match(multipart_id):
            return None
        folder = self._files.uploads / multipart_id
        try:
            facts = json.loads((folder / "upload.json").read_bytes())
        except FileNotFoundError:
            return None
        return Upload(key, multipart_id, folder, facts["data_inode"]) if facts["key"] == key else None

    def is_completed(self, upload: Upload) -> bool:
        meta = self._files.meta(upload.key)
        return meta is not None and meta.multipart_id == upload.multipart_id

    def save_record(self, upload: Upload, record: PartRecord) -> None:
        """The part's bytes are durable already. Killed before the rename: the part is what it was."""
        target = upload.folder / "parts" / str(record.number)
        draft = target.with_name(f"{record.number}.{durable.temporary_name()}")
        try:
            durable.write_whole(draft, json.dumps(asdict(record)).encode())
            with self._files.lock(upload.key):
                if self.is_completed(upload):
                    raise no_such_upload()
                old = upload.record(record.number)
                draft.rename(target)
                durable.sync_directory(target.parent)
                if old is not None and old.file not in (DATA, record.file):
                    (upload.folder / old.file).unlink(missing_ok=True)
        except FileNotFoundError as error:
            raise no_such_upload() from error
        finally:
            draft.unlink(missing_ok=True)

    def abort(self, key: str, multipart_id: str) -> None:
        with self._files.lock(key):
            upload = self.peek(key, multipart_id)
            if upload is not None and not self.is_completed(upload):
                durable.remove_tree(upload.folder, self._files.trash)
                durable.sync_directory(self._files.uploads)


def choose_parts(records: Sequence[PartRecord], named: Sequence[tuple[int, str]]) -> list[PartRecord]:
    """The records of the named parts, in order; InvalidPart for an unknown one or another ETag."""
    stored = {record.number: record for record in records}
    chosen: list[PartRecord] = []
    for number, etag in named:
        record = stored.get(number)
        if record is None:
            raise InvalidPart(f"Part {number} was never uploaded.")
        if record.etag != normal_etag(etag):
            raise InvalidPart(f"Part {number} has the ETag {record.etag}, not the one given.")
        chosen.append(record)
    return chosen


def whole_etag(etags: Sequence[str]) -> str:
    """S3's ETag of an object made of parts: the MD5 of their binary MD5s, a dash, how many."""
    digests = b"".join(map(bytes.fromhex, etags))
    return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(etags)}"


def no_such_upload() -> NotFound:
    return NotFound("No such upload; it may have been completed, aborted or expired.")
