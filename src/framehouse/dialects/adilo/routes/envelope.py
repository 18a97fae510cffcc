"""The envelope of every answer, and the window of every list."""

from collections.abc import Sequence
from typing import TypeVar

from framehouse.dialects.adilo import schemas
from framehouse.dialects.gateway import Call, Window, positioned
from framehouse.dialects.gateway import Output as Wire

Item = TypeVar("Item", bound=Wire)
SUCCESS = "success"


def window(call: Call) -> Window:
    given = call.query(schemas.Positions)
    return positioned(given.first, min(given.count, schemas.COUNT_MAX))


def said(message: str, payload: Item) -> schemas.Envelope[Item]:
    return schemas.Envelope(status=SUCCESS, message=message, payload=payload)


def listed(message: str, payload: Sequence[Item], total: int) -> schemas.ListEnvelope[Item]:
    meta = schemas.Meta(total=total)
    return schemas.ListEnvelope(status=SUCCESS, message=message, payload=list(payload), meta=meta)
