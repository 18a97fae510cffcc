"""How a receiver knows that a call is ours: HMAC-SHA256 (RFC 2104) of time and body under the tenant's own secret."""

import hmac
from datetime import datetime, timedelta

from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import TenantId

VERSION = "v1"
TOLERANCE = timedelta(minutes=5)


def signing_secret(secrets: SecretBox, tenant_id: TenantId) -> str:
    """64 hexadecimal digits, the same as long as the installation's key is; the text itself is the HMAC's key."""
    return secrets.signature("webhooks", tenant_id.bytes).hex()


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The value of the signature's header; `timestamp` is in seconds since 1970."""
    return f"{VERSION}={hmac.new(secret.encode(), b'%d.' % timestamp + body, 'sha256').hexdigest()}"


def verify(
    secret: str, *, timestamp: str, body: bytes, signature: str, now: datetime, tolerance: timedelta = TOLERANCE
) -> bool:
    """Whether the headers' values fit the body and are not older, or newer, than the tolerance; in constant time."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
        return False
    expected = sign(secret, int(timestamp), body)
    is_fresh = abs(now.timestamp() - int(timestamp)) <= tolerance.total_seconds()
    return hmac.compare_digest(expected.encode(), signature.encode()) and is_fresh
