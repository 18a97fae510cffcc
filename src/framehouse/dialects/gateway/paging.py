"""Paging, once: numbered pages with links, and positions with counts. Each dialect names its parameters."""

from dataclasses import dataclass

from framehouse.dialects.gateway.links import Links

PAGE_MAX = 1_000_000_000  # far past any library, near enough that offsets fit every database's integers


@dataclass(frozen=True)
class Window:
    """Which items of a list: `offset` of the first, `limit` many."""

    offset: int
    limit: int


@dataclass(frozen=True)
class PageLinks:
    next: str | None
    previous: str | None


def numbered(page: int, per_page: int) -> Window:
    """Pages count from 1."""
    return Window((page - 1) * per_page, per_page)


def positioned(first: int, count: int) -> Window:
    """Positions count from 1; 0 means the same."""
    return Window(max(first, 1) - 1, count)


def page_links(links: Links, page: int, per_page: int, total: int) -> PageLinks:
    """Links to the neighbours with the caller's own filters, None at the ends; past the end the last page precedes."""
    last = max(1, -(-total // per_page))

    def link(number: int) -> str:
        return links.page({"page": number, "per_page": per_page})

    return PageLinks(link(page + 1) if page < last else None, link(min(page - 1, last)) if page > 1 else None)
