"""Errors that only exist where requests are read, and how a dialect spells any error: statuses and one envelope.

What went wrong in a room arrives here as a kernel error; which status and words it gets is the vendor's choice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from framehouse.kernel import (
    AccessDenied,
    Conflict,
    FramehouseError,
    InvalidInput,
    NotFound,
    PayloadTooLarge,
    QuotaExceeded,
    RateLimited,
    StorageFull,
    TemporarilyUnavailable,
    UnsupportedMedia,
)


class Unauthenticated(FramehouseError):
    """The request carries no key, or one that is not valid."""


class MalformedBody(InvalidInput):
    """The body is not what its Content-Type says: broken JSON, a form without its boundary."""


class UnsupportedFileType(UnsupportedMedia):
    """The file's extension is not one of the `supported`."""

    def __init__(self, message: str, supported: tuple[str, ...]) -> None:
        super().__init__(message)
        self.supported = supported


GENERAL_STATUSES: Mapping[type[FramehouseError], int] = {
    MalformedBody: 400,
    Unauthenticated: 401,
    AccessDenied: 403,
    NotFound: 404,
    Conflict: 409,
    PayloadTooLarge: 413,
    QuotaExceeded: 413,
    UnsupportedMedia: 415,
    InvalidInput: 422,
    RateLimited: 429,
    TemporarilyUnavailable: 503,
    StorageFull: 507,
    FramehouseError: 500,
}


@dataclass(frozen=True)
class Refusal:
    """An error about to be answered. `fields` maps a field's name to what is wrong with it."""

    status: int
    message: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    cause: FramehouseError | None = None


@dataclass(frozen=True)
class ErrorStyle:
    """A vendor's way to refuse: `statuses` differ from the general ones, `body` writes the envelope of `model`."""

    model: type[BaseModel]
    body: Callable[[Refusal], dict[str, Any]]
    statuses: Mapping[type[FramehouseError], int] = field(default_factory=dict[type[FramehouseError], int])

    def refusal(self, error: FramehouseError) -> Refusal:
        return Refusal(self.status_of(type(error)), error.message, error.fields, error)

    def status_of(self, kind: type[FramehouseError]) -> int:
        """The nearest class wins, the vendor's table before the general one."""
        for ancestor in kind.__mro__:
            for table in (self.statuses, GENERAL_STATUSES):
                if ancestor in table:
                    return table[ancestor]
        return 500
