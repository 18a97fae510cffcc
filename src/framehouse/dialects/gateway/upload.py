"""A file in a multipart form on its way into storage: read as it arrives, with the fields before and after it.

The form is read to its end before the file's stream ends, so that a second file, a wrong field after the file or a
missing last boundary stops the storing: nothing is left behind.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from typing import Any

from starlette.requests import ClientDisconnect, Request

from framehouse.dialects.gateway.errors import MalformedBody
from framehouse.dialects.gateway.fields import from_pairs
from framehouse.dialects.gateway.forms import Event, FieldValues, PartData, PartEnds, PartStarts, boundary_of, events
from framehouse.kernel import InvalidInput

# What is still read of a refused upload, so that clients which send all before they listen get the answer.
DISCARD_MAX_BYTES = 1024**3


class UploadForm:
    """A form whose file has begun. `fields` are those before the file, and all of them once `data` has ended."""

    def __init__(self, arriving: AsyncIterator[Event], file_field: str) -> None:
        self._arriving = arriving
        self._file_field = file_field
        self._values = FieldValues()
        self.file_name = ""

    @property
    def fields(self) -> dict[str, Any]:
        return from_pairs(self._values.pairs)

    async def open(self) -> None:
        """Read up to the file. InvalidInput when the form has none."""
        others: list[str] = []
        async for event in self._arriving:
            if isinstance(event, PartStarts) and self._is_file(event):
                if event.name == self._file_field and event.file_name != "":
                    self.file_name = _base_name(event.file_name or self._file_field)
                    return
                others.append(event.name)
            self._values.take(event)
        hint = f"; a file named `{others[0]}` was sent" if others and others[0] != self._file_field else ""
        raise InvalidInput(f"the form has no file `{self._file_field}`{hint}", fields={self._file_field: "is missing"})

    async def data(self, check: Callable[[dict[str, Any]], None]) -> AsyncIterator[bytes]:
        """The file's bytes. Before they end the rest of the form is read and `check` gets all fields."""
        async for event in self._arriving:
            if isinstance(event, PartData):
                yield event.data
            elif isinstance(event, PartEnds):
                break
        async for event in self._arriving:
            if isinstance(event, PartStarts) and self._is_file(event) and event.file_name != "":
                raise InvalidInput(
                    "the form has more than one file: send one video at a time",
                    fields={event.name: "is one file too many"},
                )
            self._values.take(event)
        check(self.fields)

    def _is_file(self, part: PartStarts) -> bool:
        """Some clients send a file without a file name but with its type."""
        return part.file_name is not None or (part.name == self._file_field and part.content_type is not None)


async def open_upload_form(request: Request, file_field: str) -> UploadForm:
    """Raises InvalidInput when the body is no form or has no such file, MalformedBody when it cannot be read."""
    content_type = request.headers.get("content-type", "")
    if not content_type.lower().startswith("multipart/form-data"):
        raise InvalidInput(f"send the file as `{file_field}` in multipart/form-data", fields={file_field: "is missing"})
    boundary = boundary_of(content_type)
    if boundary is None:
        raise MalformedBody("the Content-Type multipart/form-data has no boundary")
    form = UploadForm(events(request.stream(), boundary), file_field)
    await form.open()
    return form


async def discard_body(request: Request) -> None:
    """Read on after a refusal, up to a limit: most clients look for the answer only when everything is sent."""
    left = DISCARD_MAX_BYTES
    # RuntimeError: the body has been read to its end already.
    with suppress(RuntimeError, ClientDisconnect):
        async with aclosing(request.stream()) as rest:
            async for chunk in rest:
                left -= len(chunk)
                if left < 0:
                    return


def _base_name(file_name: str) -> str:
    """Without the folders that some clients send (RFC 7578 section 4.2)."""
    return file_name.replace("\\", "/").rpartition("/")[2] or "video"
