"""What looks like a secret does not reach the logs, and what only resembles one does."""

import json

import pytest

from framehouse.infra.redaction import HIDDEN, redact, redact_event, redact_text


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://frame:s3cr3t@db/frame",
        "GET /parts/1?X-Amz-Signature=s3cr3t&partNumber=1",
        "https://cdn.example/v.mp4?expires=1&signature=s3cr3t",
        "https://cdn.example/v.mp4?sig=s3cr3t#t=1",
        "cannot connect: host=db password=s3cr3t dbname=x",
        "validation: {'secret_key': 's3cr3t', 'name': 'x'}",
        '{"api_key": "s3cr3t \\" s3cr3t", "n": 1}',
        "Authorization: Bearer s3cr3ts3cr3ts3cr3t==",
        "authorization: basic czNjcjN0OnMzY3IzdA==",
        "key fh_api_s3cr3t0123456789abcdef was refused",
        "cookie fh_session_s3cr3t0123456789",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.s3cr3t-signature",
    ],
)
def test_a_secret_in_a_text_is_hidden(text: str) -> None:
    hidden = redact_text(text)
    assert HIDDEN in hidden
    assert "s3cr3t" not in hidden
    assert "czNjcjN0" not in hidden


@pytest.mark.parametrize(
    "text",
    [
        "GET /videos?page=2&per_page=25&tag=design",
        "http://127.0.0.1:8080/healthz",
        "the key uploads/0a1b/part-1 is gone",
        "Basic authentication is not offered",
        "public key fh_pk_0123456789 of client fh_ci_0123456789",
        "mailto:ann@example.com",
        "invalid token: expected a number",
    ],
)
def test_what_only_resembles_one_stays(text: str) -> None:
    assert redact_text(text) == text


def test_fields_are_hidden_by_their_names_at_any_depth() -> None:
    event = {
        "event": "delivered",
        "password": "s3cr3t",
        "Authorization": "s3cr3t",
        "client_secret": b"s3cr3t",
        "X-Api-Key": 12345,
        "headers": [{"Set-Cookie": "s3cr3t", "etag": "abc"}],
        "csrf_token": None,
        "has_password": True,
        "bytes": b"fh_sk_s3cr3t",
        "count": 3,
    }
    hidden = redact_event(None, "info", event)
    assert "s3cr3t" not in json.dumps(hidden)
    assert "12345" not in json.dumps(hidden)
    assert hidden["headers"] == [{"Set-Cookie": HIDDEN, "etag": "abc"}]
    assert (hidden["csrf_token"], hidden["has_password"], hidden["count"]) == (None, True, 3)
    assert event["password"] == "s3cr3t", "the caller's own data is left alone"


def test_what_contains_itself_ends() -> None:
    endless: dict[str, object] = {"password": "s3cr3t"}
    endless["again"] = endless
    assert "s3cr3t" not in repr(redact(endless))
