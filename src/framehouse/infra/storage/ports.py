"""`ObjectStorage`: what the rooms above may ask of any storage. Two adapters keep it (files, S3)."""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from framehouse.infra.storage.model import ObjectInfo, PartInfo


class ObjectStorage(Protocol):
    """Objects under keys, as S3 has them; the same contract tests run on every adapter.

    Writing is atomic (old or new, never a mix) and durable when the call returns. Reading while a
    key is replaced gives one version or fails, never a mix. Errors: InvalidInput (key, range),
    NotFound, Conflict, PayloadTooLarge, StorageFull, TemporarilyUnavailable. No key may lie below
    another (`a` and `a/b`): file systems cannot hold both, and they answer Conflict. Sizes are bytes.
    """

    async def put(
        self, key: str, data: bytes | AsyncIterable[bytes], *, size_limit_bytes: int | None = None
    ) -> ObjectInfo: ...

    async def put_file(self, key: str, path: Path) -> ObjectInfo:
        """Takes the file away from `path`: renamed when it is on the same file system, else copied."""
        ...

    async def put_tree(self, prefix: str, directory: Path) -> list[ObjectInfo]:
        """Every file below `directory` to `prefix/relative/path`, ordered by key; takes the files away.

        Each object is atomic, the tree is not: write first what the others point to, or point last.
        """
        ...

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """Blocks of at most 256 KiB; a range past the end is cut short. NotFound at the first block."""
        ...

    async def stat(self, key: str) -> ObjectInfo | None: ...

    async def delete(self, key: str) -> None:
        """Deleting what is not there is fine."""
        ...

    async def delete_prefix(self, prefix: str) -> int:
        """Deletes every key that starts with `prefix` (not empty) and says how many those were."""
        ...

    def local_path(self, key: str) -> Path | None:
        """The object as one file of this machine, read only; None when it is not one (S3, not yet joined)."""
        ...

    def localize(self, key: str, scratch: Path) -> AbstractAsyncContextManager[Path]:
        """The object as a file while the context lasts: itself, or a copy in the directory `scratch`."""
        ...

    async def start_multipart(self, key: str, *, part_size_bytes: int | None = None) -> str:
        """Begins an upload in parts and returns its id.

        Every part but the last has `part_size_bytes` if it is given: completing is then free of
        work. Parts may still differ; S3 demands at least 5 MiB of each but the last.
        """
        ...

    async def sign_part_url(
        self,
        key: str,
        multipart_id: str,
        number: int,
        *,
        expires_s: int,
        size_limit_bytes: int | None = None,
    ) -> str:
        """A URL to PUT one part to without credentials.

        S3 cannot bound a size in a URL: there the caller compares `list_parts` with what was
        declared before it completes.
        """
        ...

    async def put_part(
        self,
        key: str,
        multipart_id: str,
        number: int,
        data: AsyncIterable[bytes],
        *,
        size_limit_bytes: int | None = None,
        expected_md5: str | None = None,
        size_bytes: int | None = None,
    ) -> PartInfo:
        """Stores a part durably; a second one of the same number replaces it.

        `size_bytes` is what the sender declared (Content-Length): give it when it is known, it saves
        a copy. When `data` fails, ends early, is too large or has another MD5 (hexadecimal), the
        part stays what it was before. NotFound when the upload is not open.
        """
        ...

    async def list_parts(self, key: str, multipart_id: str) -> list[PartInfo]:
        """What was stored so far, by number. NotFound when the upload is not open."""
        ...

    async def complete_multipart(self, key: str, multipart_id: str, parts: Sequence[tuple[int, str]]) -> ObjectInfo:
        """Makes the named parts (number, ETag) the object, without copying; other parts are dropped.

        InvalidPart for an unknown part, another ETag, or numbers not ascending. The object's ETag is
        S3's: the MD5 of the parts' MD5s, a dash, how many. Repeating it after a crash is fine.
        """
        ...

    async def abort_multipart(self, key: str, multipart_id: str) -> None:
        """Forgets the upload and its parts; fine when it is not open, no effect once completed."""
        ...

    async def join(self, key: str) -> None:
        """Background step after completing: makes an object of unequal parts one contiguous file.

        Idempotent, may be killed at any time; nothing to do for any other object or a missing one.
        """
        ...

    async def sign_get_url(
        self, key: str, *, expires_s: int, filename: str | None = None, content_type: str | None = None
    ) -> str:
        """A URL to GET the object without credentials; `filename` makes it a download of that name."""
        ...

    async def check(self) -> None:
        """TemporarilyUnavailable, with the reason, unless bytes can be stored now."""
        ...

    def free_bytes(self) -> int | None:
        """Room that is left; None where the storage does not know of an end (S3)."""
        ...

    async def sweep(self, older_than: timedelta, now: datetime) -> int:
        """Removes uploads and temporary files nobody touched for `older_than`; says how many."""
        ...

    async def close(self) -> None: ...

    # Last: after it, `list` in this class's annotations would be the method.
    def list(self, prefix: str) -> AsyncIterator[ObjectInfo]:
        """Every key that starts with `prefix`, in the order of their bytes."""
        ...
