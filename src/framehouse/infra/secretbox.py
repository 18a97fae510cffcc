"""The installation's key: encrypts what must be recoverable, signs URLs and tickets, hashes high-entropy secrets.

One 32-byte key per installation, in `installation.key` in the data folder (mode 0600) or from
`FRAMEHOUSE_INSTALLATION_KEY`. Purposes get their own keys by HKDF (RFC 5869), so that a signature made for one
purpose never verifies for another.
"""

import hashlib
import hmac
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class SecretBox:
    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the installation's key must have {KEY_BYTES} bytes")
        self._key = key
        self._aead = AESGCM(self.derive("encrypt"))

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key of its own for one purpose."""
        kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"framehouse/" + purpose.encode())
        return kdf.derive(self._key)

    def encrypt(self, text: str) -> str:
        """AES-256-GCM with a random nonce, as base64 of nonce and ciphertext."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return b64encode(nonce + self._aead.encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, sealed: str) -> str:
        """Raises ValueError when the text was not sealed with this installation's key."""
        data = b64decode(sealed)
        try:
            return self._aead.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], None).decode()
        except InvalidTag as error:
            raise ValueError("sealed with another installation's key, or damaged") from error

    def signature(self, purpose: str, message: bytes, *, length_bytes: int = 32) -> bytes:
        """HMAC-SHA256 under the purpose's key, cut to a length."""
        return hmac.digest(self.derive(purpose), message, "sha256")[:length_bytes]


def fingerprint(secret: str) -> str:
    """SHA-256 of a random 128-bit-or-more secret: what is stored to find and compare it. Not for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def load_or_create(data_dir: Path) -> SecretBox:
    """The installation's key; created atomically and readable by the owner only at the first start."""
    given = os.environ.get("FRAMEHOUSE_INSTALLATION_KEY")
    if given:
        return SecretBox(b64decode(given))
    path = data_dir / "installation.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        temporary = data_dir / f".installation.key.{os.getpid()}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(b64encode(secrets.token_bytes(KEY_BYTES)))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # fails if another process was first; its key then counts
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return SecretBox(b64decode(path.read_bytes()))
