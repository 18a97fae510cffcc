"""Upload tokens: who has one may upload one file for its tenant without a key, from a form in a browser.

Kept are fingerprints. A token is asked for when an upload begins and used up in the transaction that receives it, so
that one which fails costs nothing, and of two at the same time one is received.
"""

import secrets
from datetime import datetime, timedelta

from framehouse.infra.outgoing import check_url
from framehouse.infra.secretbox import fingerprint
from framehouse.infra.transaction import Transaction
from framehouse.kernel import InvalidInput
from framehouse.library.context import LibraryContext, Owner
from framehouse.library.store import upload_tokens
from framehouse.library.store.upload_tokens import UploadToken
from framehouse.library.texts import refused

PREFIX = "fh_up_"
SECRET_BYTES = 32
TOKEN_LENGTH = len(PREFIX) + 2 * SECRET_BYTES
LIFE_MAX_S = 7 * 86_400


async def issue_upload_token(
    context: LibraryContext, owner: Owner, *, return_url: str | None = None, life_s: int
) -> str:
    """The token, which nobody can see again. `return_url`: where a browser is sent afterwards. Raises InvalidInput."""
    if not 1 <= life_s <= LIFE_MAX_S:
        raise refused("life_s", f"must be between 1 and {LIFE_MAX_S} seconds")
    now = context.clock.now()
    token = UploadToken(owner.tenant_id, _checked_return_url(return_url), now + timedelta(seconds=life_s))
    text = PREFIX + secrets.token_hex(SECRET_BYTES)
    async with context.database.write() as tx:
        await upload_tokens.insert(tx, fingerprint(text), token, now)
    return text


async def find_upload_token(context: LibraryContext, text: str) -> UploadToken | None:
    """None for an unknown, a used and an expired one alike."""
    if not _could_be_token(text):
        return None
    async with context.database.read() as tx:
        return await upload_tokens.find(tx, fingerprint(text), context.clock.now())


async def use_upload_token(tx: Transaction, text: str, now: datetime) -> bool:
    """False when it was used meanwhile. It may have expired since the upload began."""
    return _could_be_token(text) and await upload_tokens.use(tx, fingerprint(text), now)


def _could_be_token(text: str) -> bool:
    return text.startswith(PREFIX) and text.isascii() and len(text) == TOKEN_LENGTH


def _checked_return_url(url: str | None) -> str | None:
    if url is None or not url.strip():
        return None
    try:
        return check_url(url.strip())
    except InvalidInput as error:
        raise refused("return_url", "; ".join(error.fields.values())) from error
