"""Who calls an API: from a presented key to a principal, by one indexed query.

Accepted keys are remembered for at most a second, by fingerprint: at 300 requests a second nearly all are answered
from memory. A revocation or a change of a tenant empties this process's memory at once; other processes notice it
within that second. Refusals are never remembered.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from framehouse.identity import store
from framehouse.identity.checks import could_be_secret
from framehouse.identity.model import Principal
from framehouse.infra.database import Database
from framehouse.infra.secretbox import fingerprint
from framehouse.infra.transaction import Transaction
from framehouse.kernel import Clock

REMEMBERED_FOR = timedelta(seconds=1)
REMEMBERED_MAX = 4096

FindClaim = Callable[[Transaction, str], Awaitable[store.Claim | None]]


@dataclass(frozen=True)
class _Accepted:
    principal: Principal
    at: datetime


class Authenticator:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._accepted: dict[str, _Accepted] = {}
        self._generation = 0

    async def by_api_key(self, key: str) -> Principal | None:
        if not could_be_secret(key):
            return None
        secret_hash = fingerprint(key)
        return await self._principal(f"api {secret_hash}", store.claim_by_api_key, secret_hash, secret_hash)

    async def by_key_pair(self, public_key: str, secret_key: str) -> Principal | None:
        return await self._by_pair("pair", store.claim_by_public_key, public_key, secret_key)

    async def by_client(self, client_id: str, client_secret: str) -> Principal | None:
        return await self._by_pair("client", store.claim_by_client_id, client_id, client_secret)

    def forget(self) -> None:
        """Call once a revocation or a change of a tenant is committed."""
        self._generation += 1
        self._accepted.clear()

    async def _by_pair(self, kind: str, find: FindClaim, public: str, secret: str) -> Principal | None:
        if not could_be_secret(public) or not could_be_secret(secret):
            return None
        secret_hash = fingerprint(secret)
        return await self._principal(f"{kind} {secret_hash} {public}", find, public, secret_hash)

    async def _principal(self, cache_key: str, find: FindClaim, value: str, secret_hash: str) -> Principal | None:
        now = self._clock.now()
        known = self._accepted.get(cache_key)
        # A clock that stepped back must not lengthen a memory, hence both ends.
        if known is not None and known.at <= now < known.at + REMEMBERED_FOR:
            return known.principal
        generation = self._generation
        async with self._database.read() as tx:
            claim = await find(tx, value)
        # The unknown are compared as well, so that the time tells nothing.
        matches = hmac.compare_digest(claim.secret_hash if claim else fingerprint(""), secret_hash)
        if claim is None or not matches:
            return None
        # What was read before a revocation of this process must not be remembered after it.
        if generation == self._generation:
            self._remember(cache_key, _Accepted(claim.principal, now))
        return claim.principal

    def _remember(self, cache_key: str, accepted: _Accepted) -> None:
        if len(self._accepted) >= REMEMBERED_MAX:
            self._accepted.clear()
        self._accepted[cache_key] = accepted
