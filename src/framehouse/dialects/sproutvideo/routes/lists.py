"""The page that a list request asks for, and what stands around the items of its answer."""

from collections.abc import Sequence
from typing import Any, TypeVar

from framehouse.dialects.gateway import Call, Window, numbered, page_links
from framehouse.dialects.sproutvideo.schemas import PER_PAGE_MAX, ListQuery

Item = TypeVar("Item")


def window(given: ListQuery) -> Window:
    return numbered(given.page, min(given.per_page, PER_PAGE_MAX))


def around(call: Call, given: ListQuery, total: int) -> dict[str, Any]:
    """Links carry the caller's own filters on and are None at the ends."""
    links = page_links(call.links, given.page, min(given.per_page, PER_PAGE_MAX), total)
    return {"total": total, "next_page": links.next, "previous_page": links.previous}


def sliced(given: ListQuery, items: Sequence[Item]) -> Sequence[Item]:
    """The page of a list that is read whole, since no video has many of the kind."""
    wanted = window(given)
    return items[wanted.offset : wanted.offset + wanted.limit]
