"""Parts of list answers as the bytes they are sent as, kept for as long as nothing that they say has changed.

Writing an object takes far longer than finding out that it is still the same: the library gives each a fingerprint.
"""

import json
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Any

from fastapi import Response
from pydantic import BaseModel

KEPT_MAX = 12_000  # objects of two kilobytes or so


class KeptParts:
    """Bounded; what was not asked for longest goes first. One per list and process."""

    def __init__(self, kept_max: int = KEPT_MAX) -> None:
        self._kept_max = kept_max
        self._parts: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, key: Hashable) -> bytes | None:
        """Hold on to what it gives: the next request may displace it."""
        part = self._parts.get(key)
        if part is not None:
            self._parts.move_to_end(key)
        return part

    def keep(self, key: Hashable, part: BaseModel) -> bytes:
        """The object as it is sent, from now on found under the key."""
        text = part.model_dump_json(by_alias=True).encode()
        self._parts[key] = text
        self._parts.move_to_end(key)
        while len(self._parts) > self._kept_max:
            self._parts.popitem(last=False)
        return text


def list_answer(around: dict[str, Any], name: str, parts: Sequence[bytes]) -> Response:
    """A JSON object of the fields `around` and the array `name`."""
    head = json.dumps(around, separators=(",", ":")).removesuffix("}")
    comma = "," if around else ""
    body = b"".join((head.encode(), f'{comma}"{name}":['.encode(), b",".join(parts), b"]}"))
    return Response(body, media_type="application/json")
