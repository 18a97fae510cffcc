"""An upload that would fill the disk is refused before its first byte."""

from pathlib import Path
from typing import cast

import pytest

from framehouse.infra.database import Database
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.storage import FileSystemStorage, UrlSigner
from framehouse.kernel import FakeClock, StorageFull
from framehouse.library import LibraryContext
from framehouse.library.receive import check_free_space

EXABYTE = 10**18


def context(tmp_path: Path, keep_free_bytes: int) -> LibraryContext:
    storage = FileSystemStorage(tmp_path, UrlSigner(bytes(32)), "")
    database = cast("Database", None)  # the check asks the disk only
    return LibraryContext(database, storage, SecretBox(bytes(32)), FakeClock(), EXABYTE, 60, keep_free_bytes)


def test_there_is_room(tmp_path: Path) -> None:
    check_free_space(context(tmp_path, 0), 1)


def test_the_reserve_is_kept(tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match="nearly full"):
        check_free_space(context(tmp_path, EXABYTE), 0)


def test_the_announced_size_counts(tmp_path: Path) -> None:
    with pytest.raises(StorageFull, match="nearly full"):
        check_free_space(context(tmp_path, 0), EXABYTE)
