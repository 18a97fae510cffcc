"""Keys of protected videos for players that may watch them: W3C Clear Key, and the bare key for HLS.

The key is sealed in the presentation's document and leaves the installation only here, under a valid ticket.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, cast

from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import InvalidInput, NotFound
from framehouse.playback.publication import Publication

MAX_REQUEST_BYTES = 8192


def content_key(publication: Publication, secrets: SecretBox) -> bytes:
    """The 16 bytes that open the presentation's segments. Raises NotFound when it is not protected."""
    sealed = (publication.output.document or {}).get("sealed_key")
    if publication.presentation.protection is None or not isinstance(sealed, str):
        raise NotFound("This video is not protected.")
    return bytes.fromhex(secrets.decrypt(sealed))


def answer_license_request(request: bytes, publication: Publication, secrets: SecretBox) -> bytes:
    """A licence as JSON (W3C Encrypted Media Extensions, 9.1.4) for the key ids that the request names.

    Raises InvalidInput for a request that is none, NotFound for key ids of another video.
    """
    key = content_key(publication, secrets)
    protection = publication.presentation.protection
    assert protection is not None  # there is a key
    key_id = bytes.fromhex(protection.key_id)
    if key_id not in _asked_for(request):
        raise NotFound("This licence server has no such key.")
    entry = {"kty": "oct", "kid": _encode(key_id), "k": _encode(key)}
    return json.dumps({"keys": [entry], "type": "temporary"}).encode()


def _asked_for(request: bytes) -> list[bytes]:
    try:
        body: Any = json.loads(request)
        if not isinstance(body, dict):
            raise InvalidInput("A licence request is a JSON object with `kids`.")
        kids = cast("dict[str, Any]", body)["kids"]
        return [urlsafe_b64decode(str(kid) + "==") for kid in kids]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("A licence request is a JSON object with `kids`, key ids in base64url.") from error


def _encode(data: bytes) -> str:
    """Base64url without padding, as JSON Web Keys have it (RFC 7517)."""
    return urlsafe_b64encode(data).decode().rstrip("=")
