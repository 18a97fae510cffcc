"""A file in a multipart form on its way into storage: read as it arrives, with the fields before and after it.

The form is read to its end before the file's stream ends, so that a second file, a wrong field after the file or a
missing last boundary stops the storing: nothing is left behind.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any

from starlette.requests import ClientDisconnect, Request

from framehouse.dialects.gateway.bodies import read_body
from framehouse.dialects.gateway.errors import MalformedBody, Unauthenticated
from framehouse.dialects.gateway.fields import from_bytes, from_pairs
from framehouse.dialects.gateway.forms import Event, FieldValues, PartData, PartEnds, PartStarts, boundary_of, events
from framehouse.kernel import InvalidInput

# What is still read of a refused upload, so that clients which send all before they listen get the answer.
DISCARD_MAX_BYTES = 1024**3


class UploadForm:
    """A body that may have one file. Where it has, the file has begun: `fields` are those before it, and all of them
    once `data` has ended. Where it has not, `fields` is everything."""

    def __init__(self, file_field: str) -> None:
        self._file_field = file_field
        self._arriving: AsyncIterator[Event] | None = None
        self._values = FieldValues()
        self._plain: dict[str, Any] | None = None
        self.has_file = False
        self.file_name = ""

    @property
    def fields(self) -> dict[str, Any]:
        return from_pairs(self._values.pairs) if self._plain is None else self._plain

    def require_file(self) -> None:
        """InvalidInput when there is none."""
        if self.has_file:
            return
        missing = {self._file_field: "is missing"}
        if self._plain is not None:
            raise InvalidInput(f"send the file as `{self._file_field}` in multipart/form-data", fields=missing)
        raise InvalidInput(f"the form has no file `{self._file_field}`", fields=missing)

    async def open(self, request: Request) -> None:
        """Read up to the file, or to the end. MalformedBody for what cannot be read, InvalidInput for another file."""
        content_type = request.headers.get("content-type", "")
        if not content_type.lower().startswith("multipart/form-data"):
            self._plain = from_bytes(content_type, await read_body(request))
            return
        boundary = boundary_of(content_type)
        if boundary is None:
            raise MalformedBody("the Content-Type multipart/form-data has no boundary")
        self._arriving = events(request.stream(), boundary)
        async for event in self._arriving:
            if isinstance(event, PartStarts) and self._is_file(event):
                self._begin(event)
                return
            self._values.take(event)

    async def data(self, check: Callable[[dict[str, Any]], None]) -> AsyncIterator[bytes]:
        """The file's bytes. Before they end the rest of the form is read and `check` gets all fields."""
        assert self._arriving is not None  # the file has begun
        async for event in self._arriving:
            if isinstance(event, PartData):
                yield event.data
            elif isinstance(event, PartEnds):
                break
        async for event in self._arriving:
            if isinstance(event, PartStarts) and self._is_file(event):
                raise InvalidInput("the form has more than one file", fields={event.name: "is one file too many"})
            self._values.take(event)
        check(self.fields)

    def _is_file(self, part: PartStarts) -> bool:
        """Some clients send a file without a file name but with its type; an empty name is a file not chosen."""
        if part.file_name is not None:
            return part.file_name != ""
        return part.name == self._file_field and part.content_type is not None

    def _begin(self, part: PartStarts) -> None:
        if part.name != self._file_field:
            raise InvalidInput(
                f"a file named `{part.name}` was sent, and only `{self._file_field}` is taken as a file here",
                fields={part.name: "must not be a file"},
            )
        self.has_file = True
        self.file_name = _base_name(part.file_name or self._file_field)


@asynccontextmanager
async def opened_form(request: Request, file_field: str) -> AsyncGenerator[UploadForm]:
    """A form, open at its file. After a refusal the rest of the body is read away, but for a stranger's."""
    form = UploadForm(file_field)
    try:
        await form.open(request)
        yield form
    except (ClientDisconnect, Unauthenticated):
        raise
    except Exception:
        await _discard_body(request)
        raise


async def _discard_body(request: Request) -> None:
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
