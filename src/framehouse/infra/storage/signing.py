"""URLs that carry their own permission, for storage without S3: made here, read here, served by the edge.

A signature is HMAC-SHA256 (RFC 2104) over the method, the path below the base URL and every query
parameter, the expiry among them; nothing can be added, dropped or changed. Time is an argument.
"""

import hashlib
import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode

from framehouse.infra.storage.model import BadSignature, UrlExpired, check_key, check_part_number
from framehouse.kernel.errors import InvalidInput

PATH_PREFIX = "/storage/"
_SIGNATURE = "signature"
_EXPIRES = "expires"


class UrlSigner:
    """Signs and verifies with one secret of at least 16 bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise InvalidInput("The secret that signs storage URLs needs at least 16 bytes.")
        self._secret = secret

    def sign(self, method: str, path: str, expires_at: datetime, **claims: str | int) -> str:
        """The query string that makes `path` answer `method` until `expires_at`, rounded up to a second."""
        fields = {name: str(value) for name, value in claims.items()}
        fields[_EXPIRES] = str(math.ceil(expires_at.timestamp()))
        return urlencode({**fields, _SIGNATURE: self._signature(method, path, fields)}, quote_via=quote)

    def verify(self, method: str, path: str, query: str, now: datetime) -> Mapping[str, str]:
        """The claims of a query string that `sign` made; BadSignature or UrlExpired otherwise.

        HEAD may use a URL signed for GET (RFC 9110 section 9.3.2). The comparison takes constant time.
        """
        pairs = parse_qsl(query[:4096], keep_blank_values=True)
        fields = dict(pairs)
        given = fields.pop(_SIGNATURE, "")
        wanted = self._signature("GET" if method == "HEAD" else method, path, fields)
        matches = hmac.compare_digest(given.encode(), wanted.encode())
        if not matches or len(pairs) != len(fields) + 1 or not fields.get(_EXPIRES, "").isdigit():
            raise BadSignature("This URL's signature does not fit it; ask for a new URL.")
        if now.timestamp() >= int(fields.pop(_EXPIRES)):
            raise UrlExpired("This URL has expired; ask for a new one.")
        return fields

    def _signature(self, method: str, path: str, fields: Mapping[str, str]) -> str:
        text = "\n".join(("framehouse storage url 1", method, path, urlencode(sorted(fields.items()))))
        return hmac.new(self._secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class SignedPart:
    """Permission to PUT one part of an upload."""

    key: str
    multipart_id: str
    number: int
    size_limit_bytes: int | None


@dataclass(frozen=True)
class SignedObject:
    """Permission to GET an object, and how to present it."""

    key: str
    filename: str | None
    content_type: str | None


def read_signed_request(
    signer: UrlSigner, method: str, path: str, query: str, now: datetime
) -> SignedPart | SignedObject:
    """What a request for `/storage/...` may do. `path` is without the base URL's own path, undecoded.

    Raises BadSignature, UrlExpired.
    """
    if not path.startswith(PATH_PREFIX):
        raise BadSignature("This is not a storage URL.")
    claims = signer.verify(method, path, query, now)
    key = check_key(path.removeprefix(PATH_PREFIX))
    if method == "PUT" and "multipart" in claims:
        limit = claims.get("size_limit")
        number = check_part_number(int(claims["part"]))
        return SignedPart(key, claims["multipart"], number, int(limit) if limit is not None else None)
    if method in ("GET", "HEAD") and "multipart" not in claims:
        return SignedObject(key, claims.get("filename"), claims.get("content_type"))
    raise BadSignature("This URL is not signed for this method.")
