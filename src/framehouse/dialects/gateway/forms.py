"""multipart/form-data (RFC 7578) taken apart while it arrives: a stream of events, never more than a chunk in memory.

Pulling the next event reads the next chunk of the body, so that whoever stores a file sets the pace.
"""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import TYPE_CHECKING

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError, MultipartParseError

from framehouse.dialects.gateway.errors import MalformedBody
from framehouse.kernel import PayloadTooLarge

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

PARTS_MAX = 1000
FORM_FIELDS_MAX_BYTES = 1024 * 1024


@dataclass(frozen=True)
class PartStarts:
    """`file_name` is None for an ordinary field; a browser sends an empty one for a file that was not chosen."""

    name: str
    file_name: str | None
    content_type: str | None


@dataclass(frozen=True)
class PartData:
    data: bytes


@dataclass(frozen=True)
class PartEnds:
    pass


Event = PartStarts | PartData | PartEnds


def boundary_of(content_type: str) -> str | None:
    """The boundary of a multipart/form-data Content-Type; None when it is another type or has none."""
    message = Message()
    message["content-type"] = content_type
    if message.get_content_type() != "multipart/form-data":
        return None
    boundary = message.get_param("boundary")
    return boundary if isinstance(boundary, str) and boundary and boundary.isascii() else None


async def events(body: AsyncIterator[bytes], boundary: str) -> AsyncIterator[Event]:
    """The parts in their order. Raises MalformedBody for a broken form and for one that ends too early."""
    pending: deque[Event] = deque()
    collector = _Collector(pending)
    try:
        parser = MultipartParser(boundary, collector.callbacks())
        async for chunk in body:
            parser.write(chunk)
            while pending:
                yield pending.popleft()
    except (MultipartParseError, FormParserError) as error:
        raise MalformedBody(f"the form cannot be read: is its boundary the Content-Type's? ({error})") from error
    if not collector.ended:
        raise MalformedBody("the form ends before its last boundary")


class _Collector:
    """The push parser's callbacks, turned into events."""

    def __init__(self, pending: deque[Event]) -> None:
        self.ended = False
        self._pending = pending
        self._parts = 0
        self._field = b""
        self._value = b""
        self._headers: dict[str, str] = {}

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._part_data,
            "on_part_end": lambda: self._pending.append(PartEnds()),
            "on_end": self._end,
        }

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > PARTS_MAX:
            raise PayloadTooLarge(f"a form has at most {PARTS_MAX} parts")
        self._headers = {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        self._headers[self._field.decode("latin-1").lower()] = self._value.decode("utf-8", "replace")
        self._field = self._value = b""

    def _headers_end(self) -> None:
        message = Message()
        message["content-disposition"] = _one_line(self._headers.get("content-disposition", ""))
        name = _parameter(message, "name")
        if not name:
            raise MalformedBody("a part of the form has no name")
        self._pending.append(PartStarts(name, _parameter(message, "filename"), self._headers.get("content-type")))

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._pending.append(PartData(data[start:end]))

    def _end(self) -> None:
        self.ended = True


def _parameter(message: Message, name: str) -> str | None:
    """A parameter of Content-Disposition; `filename*` (RFC 8187) too, which older clients write here."""
    value = message.get_param(name, header="content-disposition")
    return collapse_rfc2231_value(value, errors="replace") if value is not None else None


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


class FieldValues:
    """Collects the ordinary fields of a form, bounded together."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []
        self._name: str | None = None
        self._data = bytearray()
        self._size_bytes = 0

    def take(self, event: Event) -> None:
        if isinstance(event, PartStarts):
            self._name, self._data = event.name, bytearray()
        elif isinstance(event, PartData):
            self._size_bytes += len(event.data)
            if self._size_bytes > FORM_FIELDS_MAX_BYTES:
                raise PayloadTooLarge(f"the fields of a form have at most {FORM_FIELDS_MAX_BYTES} bytes together")
            self._data += event.data
        elif self._name is not None:
            self.pairs.append((self._name, self._data.decode("utf-8", "replace")))
            self._name = None
