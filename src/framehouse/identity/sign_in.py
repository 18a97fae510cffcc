"""Console sessions: sign in with a password, stay signed in while active, sign out.

A token is random (256 bits) and only its fingerprint is stored. Every session has a CSRF token of its own.
"""

import secrets
from datetime import timedelta

from framehouse.identity import store
from framehouse.identity.checks import canonical_email
from framehouse.identity.model import Session
from framehouse.identity.passwords import Passwords
from framehouse.identity.throttle import SignInThrottle
from framehouse.infra.database import Database
from framehouse.infra.secretbox import fingerprint
from framehouse.infra.transaction import Transaction
from framehouse.kernel import AccessDenied, Clock

SESSION_LIFE = timedelta(days=14)
EXTEND_AFTER = timedelta(hours=1)  # not at each request: reading a session must stay a read
WRONG = "The e-mail address or the password is wrong."
DEACTIVATED = "This account is deactivated."


class SignIn:
    def __init__(self, database: Database, passwords: Passwords, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock
        self._throttle = SignInThrottle(clock)

    async def sign_in(self, email: str, password: str, address: str) -> tuple[str, Session]:
        """The session's token and the session; `address` is the caller's network address.

        Raises AccessDenied, the same and after the same time for an unknown address and a wrong password, and
        RateLimited while the e-mail or network address is locked out.
        """
        canonical = canonical_email(email) or ""
        self._throttle.begin(canonical, address)
        async with self._database.read() as tx:
            stored = await store.password_of(tx, canonical)
        if not await self._passwords.matches(stored.password_hash if stored else None, password) or stored is None:
            raise AccessDenied(WRONG)
        renewed = await self._passwords.hash(password) if self._passwords.is_outdated(stored.password_hash) else None
        async with self._database.write() as tx:
            signed_in = await self._open_session(tx, canonical, stored, renewed)
        self._throttle.succeeded(canonical, address)
        return signed_in

    async def _open_session(
        self, tx: Transaction, email: str, verified: store.StoredPassword, renewed_hash: str | None
    ) -> tuple[str, Session]:
        # The password may have been set anew while the old one was being verified.
        current = await store.password_of(tx, email, for_update=True)
        if current is None or current.password_hash != verified.password_hash:
            raise AccessDenied(WRONG)
        if not current.tenant_active:
            raise AccessDenied(DEACTIVATED)
        now = self._clock.now()
        token = f"fh_session_{secrets.token_hex(32)}"
        token_hash = fingerprint(token)
        csrf_token = secrets.token_hex(20)
        await store.insert_session(tx, token_hash, current.user_id, csrf_token, now, now + SESSION_LIFE)
        session = await store.find_session(tx, token_hash, now)
        if session is None:
            raise AccessDenied(WRONG)
        if renewed_hash is not None:
            await store.update_password(tx, session.user.tenant_id, current.user_id, renewed_hash)
        return token, session

    async def session(self, token: str) -> Session | None:
        """None when it ended. Each use, at most once an hour, moves the end to 14 days from now."""
        token_hash = _token_hash(token)
        now = self._clock.now()
        async with self._database.read() as tx:
            session = await store.find_session(tx, token_hash, now)
        if session is None or session.expires_at - now > SESSION_LIFE - EXTEND_AFTER:
            return session
        async with self._database.write() as tx:
            await store.extend_session(tx, token_hash, now + SESSION_LIFE)
            return await store.find_session(tx, token_hash, now)

    async def sign_out(self, token: str) -> None:
        """End the session; without effect when it ended before."""
        async with self._database.write() as tx:
            await store.delete_session(tx, _token_hash(token))


def _token_hash(token: str) -> str:
    return fingerprint(token.encode("ascii", "replace").decode())  # a cookie may hold anything
