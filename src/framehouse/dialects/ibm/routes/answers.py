"""What every list has around it."""

from collections.abc import Sequence
from typing import Any

from framehouse.dialects.gateway import Call
from framehouse.dialects.ibm import schemas, translate


def around(call: Call, given: schemas.Paged, count: int) -> schemas.Pagination:
    path = call.links.path.removeprefix("/v1")
    return translate.pagination(path, call.links.query, given.page, given.limit, count)


def offset(given: schemas.Paged) -> int:
    return (given.page - 1) * given.limit


def sliced(call: Call, given: schemas.Paged, items: Sequence[Any]) -> dict[str, Any]:
    """A page of a series that was read whole."""
    start = offset(given)
    return {"data": list(items[start : start + given.limit]), "pagination": around(call, given, len(items))}
