"""What can go wrong in the library beyond the base errors."""

from framehouse.kernel import NotFound


def no_such(what: str) -> NotFound:
    """The one answer for another tenant's thing and for one that does not exist."""
    return NotFound(f"there is no such {what}")
