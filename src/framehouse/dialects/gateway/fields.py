"""Bodies and query strings to plain fields: JSON, forms, JSON that says it is a form, `null`, `tags[]`, `parts[0][x]`.

Nothing is validated here; multipart bodies are taken apart in `forms`, files in `upload`.
"""

import json
from collections.abc import Iterable
from typing import Any, NoReturn, cast
from urllib.parse import parse_qsl

from framehouse.dialects.gateway.errors import MalformedBody
from framehouse.dialects.gateway.wire import Several

FIELDS_MAX = 1000
NESTING_MAX = 3  # parts[0][PartNumber] is the deepest that any documented form has

Tree = dict[str, Any]  # of texts, Several and inner trees, whose keys may be an array's indexes


def from_bytes(content_type: str, body: bytes) -> dict[str, Any]:
    """The fields of a body that is JSON or a URL-encoded form, whatever its Content-Type says of the two.

    Raises MalformedBody for broken JSON and for JSON that is not an object; nothing, `null` and `[]` are no fields.
    """
    value = _value(content_type, body.strip())
    if value in (None, []):
        return {}
    if not isinstance(value, dict):
        raise MalformedBody("the body must be a JSON object")
    return cast("dict[str, Any]", value)  # JSON's names are texts


def list_from_bytes(content_type: str, body: bytes, name: str) -> list[Any]:
    """The items of a bare JSON array, or of the array `name` in an object or form. Raises MalformedBody."""
    value = _value(content_type, body.strip())
    if value in (None, [], {}):
        return []
    items = cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise MalformedBody("the body must be a JSON array")
    return cast("list[Any]", items)


def _value(content_type: str, text: bytes) -> Any:
    """What JSON says, or the fields of a form; None for nothing."""
    if not text or text == b"null":
        return None
    says_json = "json" in content_type.lower()
    if says_json or text[:1] in b"{[":
        try:
            return json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            if says_json or "urlencoded" not in content_type.lower():
                raise MalformedBody("the body is not valid JSON") from error
    try:
        pairs = parse_qsl(text.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError as error:
        raise MalformedBody("the body is neither JSON nor a form") from error
    return from_pairs(pairs)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")  # RFC 8259 section 6


def from_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Names and values of a form or query, with the brackets that clients write for arrays and objects resolved.

    `tags[]`, `tags[0]` and repeated `tags` are lists; `parts[0][ETag]` and `parts[][ETag]` are lists of objects.
    """
    tree: dict[str, Any] = {}
    for name, value in pairs:
        first, *inner = _path(name)
        _place(tree, first, inner, value)
    return {name: _settled(inner) for name, inner in tree.items()}


def _path(name: str) -> list[str]:
    head, bracket, rest = name.partition("[")
    if not head or not bracket or not rest.endswith("]"):
        return [name]
    keys = rest[:-1].split("][")
    return [name] if len(keys) > NESTING_MAX or any("[" in key or "]" in key for key in keys) else [head, *keys]


def _place(tree: Tree, key: str, inner: list[str], value: str) -> None:
    before = tree.get(key)
    if inner:
        if not isinstance(before, dict):
            # `tags=a&tags[]=b`: what came first becomes the first items
            tree[key] = {str(index): item for index, item in enumerate(_values(before))}
        _place(tree[key], inner[0] or _next_index(tree[key], inner[1:]), inner[1:], value)
    elif isinstance(before, dict):
        _place(tree[key], _next_index(tree[key], []), [], value)
    else:
        tree[key] = value if before is None else Several([*_values(before), value])


def _values(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, Several) else [value]


def _next_index(tree: Tree, rest: list[str]) -> str:
    """`parts[][a]=1&parts[][b]=2&parts[][a]=3`: a new object begins where a name repeats."""
    newest: Any = tree.get(str(len(tree) - 1))
    goes_on = bool(rest) and isinstance(newest, dict) and rest[0] not in newest
    return str(len(tree) - 1 if goes_on else len(tree))


def _settled(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _settled(each) for key, each in cast("Tree", value).items()}
    return list(inner.values()) if all(key.isdigit() for key in inner) else inner
