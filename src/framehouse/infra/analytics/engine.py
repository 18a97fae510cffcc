"""The port of the analytics engine, and how values are spelled for it: query parameters and rows of text.

Parameters are ClickHouse's own (`{name:Type}` in the text, the value apart from it), so that no value becomes SQL.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from framehouse.kernel import FramehouseError, TemporarilyUnavailable

Scalar = str | int | float | UUID
Parameter = Scalar | Sequence[Scalar]
Row = list[Any]

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0", "'": "\\'", "\b": "\\b"})


class EngineUnavailable(TemporarilyUnavailable):
    """The engine does not answer now."""


class EngineRefusal(FramehouseError):
    """The engine understood the request and refuses it; `code` is ClickHouse's number of the reason, 0 if unknown."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class AnalyticsEngine(Protocol):
    """Every call is one statement. Raises EngineUnavailable when nothing answers, EngineRefusal for a statement that
    the engine does not take. 64-bit integers come as integers, UUIDs as text, NULL and NaN as None."""

    async def query(self, sql: str, parameters: Mapping[str, Parameter] | None = None) -> list[Row]:
        """Rows of a SELECT without a FORMAT clause."""
        ...

    async def execute(self, sql: str, parameters: Mapping[str, Parameter] | None = None) -> None:
        """A statement without an answer."""
        ...

    async def insert(self, table: str, columns: Sequence[str], rows: bytes) -> None:
        """Rows as tab-separated lines (values by `escape_tsv`), durable when this returns."""
        ...

    async def close(self) -> None: ...


def escape_tsv(text: str) -> str:
    """One value of a tab-separated line, as ClickHouse's TabSeparated format reads it; NUL and quotes as well, so that
    the same spelling serves in arrays of parameters."""
    return text.translate(_ESCAPES)


def parameter_text(value: Parameter) -> str:
    """A parameter's value as the `param_…` of a request carries it."""
    if isinstance(value, str):
        return escape_tsv(value)
    if isinstance(value, int | float | UUID):
        return str(value)
    return "[" + ",".join(_element(item) for item in value) + "]"


def _element(value: Scalar) -> str:
    return f"'{escape_tsv(str(value))}'" if isinstance(value, str | UUID) else str(value)
