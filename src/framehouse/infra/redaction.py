"""Takes secrets out of what is about to be logged: by the field's name, and by what a secret looks like in a text.

A net under the rule that nobody logs a secret in the first place; it cannot know one that looks like a word.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

HIDDEN = "***"
DEPTH_MAX = 8

_NAMES = "password|passwd|passphrase|secret|token|authorization|api[_-]?key|access[_-]?key|stream[_-]?key|signature"
_FIELD = re.compile(rf"(?:{_NAMES}|cookie|secret[_-]?key|private[_-]?key|sealed)s?$", re.IGNORECASE)

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # scheme://user:password@host: database, storage and restream URLs
    (re.compile(r"(\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]*):[^\s/@]+@", re.IGNORECASE), rf"\1:{HIDDEN}@"),
    # ?X-Amz-Signature=…&token=…, password=… in a connection string; also what else a signature goes with
    (
        re.compile(rf"((?<![\w-])(?:[\w-]*(?:{_NAMES}|credential)[\w-]*|sig|ticket)=)[^&\s\"'#,;)]+", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
    # "password": "…" in JSON or in a dictionary's repr
    (
        re.compile(rf"((['\"])[\w-]*(?:{_NAMES}|cookie)[\w-]*\2\s*:\s*)(['\"])(?:\\.|(?!\3).)*\3", re.IGNORECASE),
        rf"\1\3{HIDDEN}\3",
    ),
    # an Authorization header's value (RFC 9110 section 11.6.2); words are shorter
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/-]{16,}=*", re.IGNORECASE), rf"\1 {HIDDEN}"),
    # our own secrets, by their prefixes
    (re.compile(r"\b(fh_(?:api|sk|cs|session)_)[0-9A-Za-z]+"), rf"\1{HIDDEN}"),
    # a JSON Web Token (RFC 7519) stands on its own in many places
    (re.compile(r"\beyJ[\w-]{4,}\.eyJ[\w-]{4,}\.[\w-]*"), HIDDEN),
)


def redact_text(text: str) -> str:
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact(value: Any, *, depth: int = 0) -> Any:
    """A copy without secrets; numbers, times and the like stay as they are."""
    if isinstance(value, str):
        return redact_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth >= DEPTH_MAX:
        return redact_text(repr(value))
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return {key: _redact_field(key, item, depth + 1) for key, item in items}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item, depth=depth + 1) for item in cast("list[Any]", value)]
    return redact_text(repr(value))


def redact_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The same as a structlog processor; to be placed after exceptions were formatted."""
    return {key: _redact_field(key, value, 0) for key, value in event.items()}


def _redact_field(name: Any, value: Any, depth: int) -> Any:
    if isinstance(name, str) and _FIELD.search(name):
        return value if value is None or isinstance(value, bool) else HIDDEN
    return redact(value, depth=depth)
