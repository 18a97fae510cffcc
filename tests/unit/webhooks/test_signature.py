"""Signatures of webhooks: a vector to hold on to, what is refused, and the receiver's code of the documentation."""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from framehouse import webhooks
from framehouse.infra.secretbox import SecretBox
from framehouse.kernel import TenantId

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
TENANT = TenantId(UUID(int=1))
SECRET = webhooks.signing_secret(SecretBox(b"k" * 32), TENANT)
BODY = b'{"id":"1","state":"deployed"}'
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "webhooks.md"


def good(**changes: Any) -> dict[str, Any]:
    signature = webhooks.sign(SECRET, int(STAMP), BODY)
    return {"timestamp": STAMP, "body": BODY, "signature": signature, "now": NOW} | changes


def test_the_signature_is_hmac_of_time_and_body() -> None:
    expected = hmac.new(SECRET.encode(), STAMP.encode() + b"." + BODY, hashlib.sha256).hexdigest()
    assert webhooks.sign(SECRET, int(STAMP), BODY) == f"v1={expected}"
    vector = "v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163"
    assert webhooks.sign("secret", 1700000000, b"{}") == vector


def test_each_tenant_and_each_installation_has_its_own_secret() -> None:
    secrets = {
        webhooks.signing_secret(SecretBox(key * 32), TenantId(UUID(int=tenant)))
        for key in (b"a", b"b")
        for tenant in (1, 2)
    }
    assert len(secrets) == 4
    assert all(re.fullmatch(r"[0-9a-f]{64}", secret) for secret in secrets)
    assert webhooks.signing_secret(SecretBox(b"k" * 32), TENANT) == SECRET


def test_what_was_signed_is_accepted_within_five_minutes() -> None:
    assert webhooks.verify(SECRET, **good())
    for minutes in (-5, 5):
        assert webhooks.verify(SECRET, **good(now=NOW + timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    "changes",
    [
        {"body": BODY + b" "},
        {"body": b""},
        {"timestamp": str(int(STAMP) + 1)},
        {"timestamp": ""},
        {"timestamp": "-1"},
        {"timestamp": "1e9"},
        {"timestamp": "٣"},
        {"timestamp": "9" * 40},
        {"signature": ""},
        {"signature": "v1="},
        {"signature": webhooks.sign("another", int(STAMP), BODY)},
        {"signature": webhooks.sign(SECRET, int(STAMP), BODY).replace("v1", "v2")},
        {"signature": "ü"},
        {"now": NOW + timedelta(minutes=5, seconds=1)},
        {"now": NOW - timedelta(minutes=5, seconds=1)},
    ],
    ids=str,
)
def test_anything_else_is_refused(changes: dict[str, Any]) -> None:
    assert not webhooks.verify(SECRET, **good(**changes))


def test_the_receivers_code_of_the_documentation_works() -> None:
    code = re.search(r"```python\n(.*?)```", REFERENCE.read_text(), re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code[1], names)  # the code is our own page's
    headers = {"X-Framehouse-Timestamp": STAMP, "X-Framehouse-Signature": good()["signature"]}
    assert names["is_ours"](SECRET, headers, BODY, now=NOW.timestamp())
    assert not names["is_ours"](SECRET, headers, BODY + b" ", now=NOW.timestamp())
    assert not names["is_ours"](SECRET, headers, BODY, now=NOW.timestamp() + 301)
    assert not names["is_ours"]("another", headers, BODY, now=NOW.timestamp())
