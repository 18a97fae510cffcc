"""Values that several objects write alike: times, privacy levels, embed codes."""

from datetime import datetime

from framehouse.dialects.gateway import Links
from framehouse.library import Privacy

PRIVACY_LEVELS = (Privacy.PRIVATE, Privacy.PASSWORD, Privacy.PUBLIC, Privacy.LOGIN)


def timestamp(time: datetime) -> str:
    """In UTC, as all times of the house are, and whole seconds."""
    return time.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def timestamp_or_none(time: datetime | None) -> str | None:
    return timestamp(time) if time is not None else None


def frame(links: Links, what: str, path: str, width: int, height: int) -> str:
    """Single quotes: clients cut the URL out between `src='` and the next one."""
    return (
        f"<iframe class='sproutvideo-{what}' type='text/html' src='{links.viewer(path)}' "
        f"width='{width}' height='{height}' frameborder='0' allowfullscreen></iframe>"
    )
