"""What outgoing requests speak of: limits, answers, errors, and the form of a URL. No I/O here."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http.client import responses
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from framehouse.kernel import InvalidInput, TemporarilyUnavailable

URL_LENGTH_MAX = 4096  # signed URLs of object stores take up to about 2,000
# Besides what ends a line or a word, what no URL may hold unescaped (RFC 3986 section 2) and parsers disagree on.
_UNFIT = re.compile(r"[\x00-\x20\x7f\\\"<>^`{|}]")


class OutgoingRefused(InvalidInput):
    """The request was not made, or its answer not taken, and trying again would not change that."""


class OutgoingTimedOut(TemporarilyUnavailable):
    """The whole exchange took longer than its limit."""


@dataclass(frozen=True)
class Limits:
    """Of one exchange, redirects included. `answer_bytes` counts the body as it is sent.

    Each hop has `connect_s + idle_s` until its headers have come. No `redirects`: such an answer is given as it is.
    """

    connect_s: float = 10.0
    idle_s: float = 30.0
    total_s: float = 60.0
    answer_bytes: int = 1024 * 1024
    redirects: int = 5


class Answer(Protocol):
    """Header names are read in any case. `blocks` can be iterated once, inside the client's context."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def length_bytes(self) -> int | None:
        """What the body will have; None when the server does not say."""
        ...

    def blocks(self) -> AsyncIterator[bytes]:
        """Raises as `OutgoingClient.stream` does."""
        ...


def check_url(text: str) -> str:
    """The URL without its fragment; InvalidInput unless it is an http or https URL with a host."""
    if len(text) > URL_LENGTH_MAX:
        raise _unfit(f"is longer than {URL_LENGTH_MAX} characters")
    if _UNFIT.search(text):
        raise _unfit("has spaces or characters that a URL must escape")
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise _unfit("is no http or https URL")
    if "%" in parts.hostname:
        raise _unfit("has a host name that is none")
    return parts._replace(fragment="").geturl()


def host_of(url: str) -> str:
    """Host and port, for messages: neither credentials nor path and query, which may carry secrets."""
    parts = _split(url)
    return parts.netloc.rpartition("@")[2] if parts is not None else "?"


def shown_url(url: str) -> str:
    """For the operator's eyes: without credentials and query."""
    parts = _split(url)
    return f"{parts.scheme}://{host_of(url)}{parts.path}" if parts is not None else "?"


def told_status(status: int) -> str:
    """`404 (not found)`."""
    phrase = responses.get(status)
    return f"{status} ({phrase.lower()})" if phrase else str(status)


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port  # a wrong one raises here
    except ValueError:
        return None
    return parts


def _unfit(problem: str) -> InvalidInput:
    return InvalidInput(f"the URL {problem}", fields={"url": problem})
