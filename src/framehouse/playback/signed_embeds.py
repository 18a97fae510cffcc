"""Signed embeds: an embed address that its owner signed with an API key, as clients of the SproutVideo API make it.

The signed text is `GET`, the host and the path, each with a line feed, then `&name=value` for each parameter by name,
not encoded, without the signature itself. HMAC-SHA1 (RFC 2104) in base64. Pure.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime

from framehouse.playback.model import EmbedAddress, SignatureState

SIGNATURE = "signature"
EXPIRES = "expires"
EXPIRES_DIGITS_MAX = 15
PASS = "pass"  # noqa: S105  (a parameter's name) ours, added after the owner has signed


def embed_signature(key: str, host: str, path: str, parameters: Iterable[tuple[str, str]]) -> str:
    signed = sorted((name, value) for name, value in parameters if name not in (SIGNATURE, PASS))
    text = f"GET\n{host}\n{path}\n" + "".join(f"&{name}={value}" for name, value in signed)
    return b64encode(hmac.digest(key.encode(), text.encode("utf-8", "surrogatepass"), "sha1")).decode("ascii")


def check_signature(address: EmbedAddress, keys: Sequence[str], now: datetime) -> SignatureState:
    """Any of the keys and any of the hosts will do. `expires`, in seconds since 1970, is required and must not be over.

    All comparisons are made, each in constant time, so that the time tells nothing of which key was nearly right.
    """
    parameters = dict(address.parameters)
    # A `+` of base64 that was not escaped arrives as a space.
    given = parameters.get(SIGNATURE, "").replace(" ", "+").encode("utf-8", "surrogatepass")
    if not given:
        return SignatureState.MISSING
    matches = False
    for key in keys:
        for host in address.hosts:
            right = embed_signature(key, host, address.path, address.parameters).encode()
            matches |= hmac.compare_digest(right, given)
    expires = parameters.get(EXPIRES, "")
    if not matches or not (expires.isascii() and expires.isdigit() and len(expires) <= EXPIRES_DIGITS_MAX):
        return SignatureState.WRONG
    return SignatureState.VALID if now.timestamp() < int(expires) else SignatureState.EXPIRED
