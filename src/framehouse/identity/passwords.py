"""Passwords become Argon2id hashes (RFC 9106) in threads, a few at a time; random secrets are not hashed here."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from framehouse.identity.checks import PASSWORD_LENGTH_MAX

AT_THE_SAME_TIME = 2  # each takes 64 MiB and a core for a tenth of a second: a burst of sign-ins must not take more


class Passwords:
    """The parameters are RFC 9106 section 4's second recommended option; tests take cheaper ones."""

    def __init__(self, *, time_cost: int = 3, memory_kib: int = 65536, parallelism: int = 4) -> None:
        self._hasher = PasswordHasher(time_cost, memory_kib, parallelism, hash_len=32, salt_len=16)
        self._turns = asyncio.Semaphore(AT_THE_SAME_TIME)
        self._of_nobody: str | None = None

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _bytes(password))

    async def matches(self, stored_hash: str | None, password: str) -> bool:
        """Takes the same time whether there is a stored hash or not; a password that is too long never matches."""
        if self._of_nobody is None:
            self._of_nobody = await self.hash("nobody's password")
        candidate = password if len(password) <= PASSWORD_LENGTH_MAX else ""
        async with self._turns:
            matched = await asyncio.to_thread(self._verify, stored_hash or self._of_nobody, _bytes(candidate))
        return matched and stored_hash is not None

    def is_outdated(self, stored_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored_hash)

    def _verify(self, stored_hash: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(stored_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    """NFKC, so that every keyboard's way to type a letter counts as one (NIST SP 800-63B section 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
