"""Small bodies, read whole and bounded: the fields of JSON and of forms without files."""

from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request

from framehouse.dialects.gateway.fields import from_bytes, from_pairs
from framehouse.dialects.gateway.forms import FORM_FIELDS_MAX_BYTES, FieldValues, PartStarts, boundary_of, events
from framehouse.kernel import InvalidInput, PayloadTooLarge

BODY_MAX_BYTES = FORM_FIELDS_MAX_BYTES + 64 * 1024  # the fields with the boundaries and headers around them


async def read_body(request: Request) -> bytes:
    """The whole body, bounded. PayloadTooLarge beyond that, as soon as it is known."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > BODY_MAX_BYTES:
            raise PayloadTooLarge(f"the body is larger than {BODY_MAX_BYTES} bytes")
    return bytes(data)


async def fields_of(content_type: str, data: bytes) -> dict[str, Any]:
    """Raises MalformedBody, and InvalidInput for a form with a file, since the file would be lost."""
    boundary = boundary_of(content_type)
    if boundary is None or not data.strip():
        return from_bytes(content_type, data)
    values = FieldValues()
    async for event in events(once(data), boundary):
        if isinstance(event, PartStarts) and event.file_name:
            raise InvalidInput("no file is taken here", fields={event.name: "must not be a file"})
        values.take(event)
    return from_pairs(values.pairs)


async def once(data: bytes) -> AsyncIterator[bytes]:
    yield data
