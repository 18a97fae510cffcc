"""Base errors every room raises; the edge of the house turns each into its API's own envelope.

A message is written for the person who calls the API: it says what is wrong and what would be right,
and never carries a secret, a path of the machine or another tenant's data.
"""

from collections.abc import Mapping


class FramehouseError(Exception):
    """Root of all errors that a client may see."""

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})


class InvalidInput(FramehouseError):
    """The request is understood and wrong; `fields` maps a field's name to what is wrong with it."""


class NotFound(FramehouseError):
    """No such thing for this tenant: the same answer for another tenant's id and for one that does not exist."""


class AccessDenied(FramehouseError):
    """The caller is known and may not do this."""


class Conflict(FramehouseError):
    """The thing is not in a state that allows this."""


class UnsupportedMedia(FramehouseError):
    """The file's kind is not supported."""


class PayloadTooLarge(FramehouseError):
    """More bytes than were declared or than the limit allows."""


class QuotaExceeded(FramehouseError):
    """The tenant's storage quota would be exceeded."""


class StorageFull(FramehouseError):
    """The disk or bucket takes no more bytes; nothing that was stored is harmed."""


class RateLimited(FramehouseError):
    """Too many requests; try again after `retry_after_s` seconds."""

    def __init__(self, message: str, *, retry_after_s: int, limit: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.limit = limit


class TemporarilyUnavailable(FramehouseError):
    """A dependency does not answer; the same request may work later."""
