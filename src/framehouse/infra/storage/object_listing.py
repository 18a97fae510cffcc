"""Walking the objects of `ObjectFiles`: listing in S3's order (bytes of the whole key), deleting by prefix."""

import os
from collections.abc import Iterator
from pathlib import Path

from framehouse.infra.storage.model import ObjectInfo
from framehouse.infra.storage.object_files import META, ObjectFiles


def list_objects(files: ObjectFiles, prefix: str) -> Iterator[ObjectInfo]:
    """Every object whose key starts with `prefix`; one directory's names are held at a time."""
    folder = prefix.rpartition("/")[0]
    yield from _walk(files, folder, prefix)


def delete_objects(files: ObjectFiles, prefix: str) -> int:
    """Deletes every object whose key starts with `prefix`, durably; says how many those were."""
    count, folders = 0, set[Path]()
    for info in list_objects(files, prefix):
        count += files.delete(info.key)
        folders.add(files.path(info.key).parent)
    for folder in sorted(folders, reverse=True):
        files.prune(folder)
    return count


def _walk(files: ObjectFiles, folder: str, prefix: str) -> Iterator[ObjectInfo]:
    directory = files.path(folder) if folder else files.objects
    # A directory's keys all continue with "/", which decides its place among its siblings: "-" and
    # "." come before it, letters and digits after.
    for name in sorted(_names(directory)):
        key = f"{folder}/{name}" if folder else name
        if name.endswith("/"):
            if key.startswith(prefix) or prefix.startswith(key):
                yield from _walk(files, key[:-1], prefix)
        elif key.startswith(prefix) and (stored := files.find(key)) is not None:
            yield stored.info


def _names(directory: Path) -> set[str]:
    names: set[str] = set()
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                names.add(entry.name + "/" if entry.is_dir() else entry.name.removesuffix(META))
    except (FileNotFoundError, NotADirectoryError):
        return set()
    return names
