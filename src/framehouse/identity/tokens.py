"""Access tokens of the APIs that begin with OAuth 2 (RFC 6749): signed, for a day, void with their credential.

A token is a JWT (RFC 7519) that names the credential's client and nothing secret. What was revoked is remembered in the
database until it would have ended anyway.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt

from framehouse.identity import store
from framehouse.identity.model import Principal
from framehouse.infra.database import Database
from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import Clock

ACCESS_LIFE = timedelta(days=1)
REFRESH_LIFE = timedelta(days=30)
ALGORITHM = "HS256"
TEXT_MAX = 4000


@dataclass(frozen=True)
class TokenPair:
    access: str
    refresh: str
    expires_in_s: int


class AccessTokens:
    def __init__(self, database: Database, box: SecretBox, clock: Clock) -> None:
        self._database = database
        self._key = box.derive("access-token")
        self._clock = clock

    def issue(self, principal: Principal, client_id: str) -> TokenPair:
        """For a client whose secret was just checked."""
        access = self._sign(principal, client_id, "access", ACCESS_LIFE)
        refresh = self._sign(principal, client_id, "refresh", REFRESH_LIFE)
        return TokenPair(access, refresh, round(ACCESS_LIFE.total_seconds()))

    async def authenticate(self, token: str) -> Principal | None:
        """None for what is no access token of ours, has ended, was revoked, or whose credential was."""
        return await self._principal(token, "access")

    async def refresh(self, token: str, client_id: str) -> Principal | None:
        """Whom a refresh token of this client stands for; None as above."""
        claims = self._claims(token)
        if claims is None or claims.get("client_id") != client_id:
            return None
        return await self._principal(token, "refresh")

    async def revoke(self, token: str) -> None:
        """Takes effect at once everywhere; without effect for what is no token of ours."""
        claims = self._claims(token)
        if claims is None:
            return
        async with self._database.write() as tx:
            await store.revoke_token(tx, str(claims["jti"]), self._clock.now() + REFRESH_LIFE, self._clock.now())

    async def _principal(self, token: str, use: str) -> Principal | None:
        claims = self._claims(token)
        if claims is None or claims.get("use") != use:
            return None
        async with self._database.read() as tx:
            if await store.is_token_revoked(tx, str(claims["jti"])):
                return None
            claim = await store.claim_by_client_id(tx, str(claims["client_id"]))
        return claim.principal if claim is not None else None

    def _sign(self, principal: Principal, client_id: str, use: str, life: timedelta) -> str:
        now = int(self._clock.now().timestamp())
        claims = {
            "sub": str(principal.tenant_id),
            "client_id": client_id,
            "use": use,
            "iat": now,
            "exp": now + round(life.total_seconds()),
            "jti": secrets.token_hex(16),
        }
        return jwt.encode(claims, self._key, ALGORITHM)

    def _claims(self, token: str) -> dict[str, Any] | None:
        """The house's clock decides about the end, as about everything else."""
        if len(token) > TEXT_MAX:
            return None
        options: Any = {"require": ["exp", "jti", "client_id"], "verify_exp": False, "verify_iat": False}
        try:
            claims: dict[str, Any] = jwt.decode(token, self._key, [ALGORITHM], options=options)
        except (jwt.InvalidTokenError, UnicodeError):
            return None
        ends = claims["exp"]
        return claims if isinstance(ends, int) and ends > self._clock.now().timestamp() else None
