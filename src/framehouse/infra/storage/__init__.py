"""Object storage: media bytes under keys, on a directory or on any S3, with the same promises.

Rooms above take an `ObjectStorage`; only `bootstrap` opens one. Database rows, tenants and what a
key means are not known here.
"""

from framehouse.infra.storage.filesystem import FileSystemStorage
from framehouse.infra.storage.model import (
    BadSignature,
    InvalidPart,
    ObjectInfo,
    PartInfo,
    UrlExpired,
    attachment,
)
from framehouse.infra.storage.opening import open_storage
from framehouse.infra.storage.ports import ObjectStorage
from framehouse.infra.storage.signing import SignedObject, SignedPart, UrlSigner, read_signed_request

__all__ = [
    "BadSignature",
    "FileSystemStorage",
    "InvalidPart",
    "ObjectInfo",
    "ObjectStorage",
    "PartInfo",
    "SignedObject",
    "SignedPart",
    "UrlExpired",
    "UrlSigner",
    "attachment",
    "open_storage",
    "read_signed_request",
]
