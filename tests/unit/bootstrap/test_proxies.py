"""Which address, scheme and host count behind proxies, and that nobody else's word does."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from framehouse.bootstrap.front import Front
from framehouse.bootstrap.proxies import TrustedProxies
from framehouse.infra.metrics import Metrics
from framehouse.kernel import InvalidInput

PROXY = "10.0.0.2"


def seen(setting: str, peer: str | None, *headers: tuple[str, str]) -> tuple[str, str, str]:
    """Client, scheme and host as the rooms behind see them."""
    scope: Scope = {
        "type": "http",
        "scheme": "http",
        "client": (peer, 4711) if peer else None,
        "headers": [(b"host", b"inside:8080"), *((name.encode(), value.encode("latin-1")) for name, value in headers)],
    }
    result = TrustedProxies(setting).seen_through(scope)
    client = result["client"]
    return client[0] if client else "", result["scheme"], dict(result["headers"])[b"host"].decode()


@pytest.mark.parametrize(
    ("setting", "peer", "forwarded", "client"),
    [
        ("", PROXY, "192.0.2.1", PROXY),  # nobody is trusted by default
        ("10.0.0.0/8", "192.0.2.66", "192.0.2.1", "192.0.2.66"),  # not from a proxy: a claim
        ("10.0.0.0/8", PROXY, "192.0.2.1", "192.0.2.1"),
        ("10.0.0.2", PROXY, "192.0.2.1", "192.0.2.1"),
        ("10.0.0.0/8", PROXY, "192.0.2.66, 192.0.2.1", "192.0.2.1"),  # the client wrote the first one itself
        ("10.0.0.0/8", PROXY, "192.0.2.66, 192.0.2.1, 10.0.0.9", "192.0.2.1"),  # two proxies of ours
        ("10.0.0.0/8", PROXY, "10.0.0.7, 10.0.0.9", "10.0.0.7"),  # somebody inside
        ("10.0.0.0/8", PROXY, "192.0.2.1, unknown", PROXY),  # what stands before a gap is hearsay
        ("10.0.0.0/8", PROXY, "192.0.2.1, unknown, 10.0.0.9", "10.0.0.9"),
        ("10.0.0.0/8", PROXY, "192.0.2.1:4711", "192.0.2.1"),
        ("10.0.0.0/8", PROXY, "[2001:db8::1]:4711", "2001:db8::1"),
        ("10.0.0.0/8", PROXY, "2001:db8::1", "2001:db8::1"),
        ("10.0.0.0/8", "::ffff:10.0.0.2", "::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::/32", "2001:db8::2", "192.0.2.1", "192.0.2.1"),
        (" 10.0.0.2 , 10.0.0.9,", "10.0.0.9", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.0/8", PROXY, "", PROXY),
        ("10.0.0.0/8", None, "192.0.2.1", ""),  # a socket file has no address
    ],
)
def test_the_client(setting: str, peer: str | None, forwarded: str, client: str) -> None:
    assert seen(setting, peer, ("x-forwarded-for", forwarded))[0] == client


def test_a_list_may_come_in_several_headers() -> None:
    headers = [("x-forwarded-for", "192.0.2.66"), ("x-forwarded-for", "192.0.2.1, 10.0.0.9")]
    assert seen("10.0.0.0/8", PROXY, *headers)[0] == "192.0.2.1"


@pytest.mark.parametrize(
    ("peer", "proto", "host", "expected"),
    [
        (PROXY, "https", "films.example", ("https", "films.example")),
        (PROXY, "HTTPS", "films.example:8443", ("https", "films.example:8443")),
        (PROXY, "http, https", "evil.example, films.example", ("https", "films.example")),
        (PROXY, "javascript", "", ("http", "inside:8080")),
        ("192.0.2.66", "https", "evil.example", ("http", "inside:8080")),
    ],
)
def test_scheme_and_host(peer: str, proto: str, host: str, expected: tuple[str, str]) -> None:
    headers = [("x-forwarded-proto", proto), ("x-forwarded-host", host)]
    assert seen("10.0.0.0/8", peer, *headers)[1:] == expected


@pytest.mark.parametrize("setting", ["proxy", "10.0.0.0/33", "10.0.0.1 10.0.0.2"])
def test_a_setting_that_names_no_network_is_told(setting: str) -> None:
    with pytest.raises(InvalidInput, match="trusted_proxies"):
        TrustedProxies(setting)


async def test_everything_behind_the_front_sees_the_client() -> None:
    async def tell(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        assert request.client is not None
        await PlainTextResponse(f"{request.client.host} {request.url}")(scope, receive, send)

    hosts = {"api.vendor.example": "/vendor"}
    headers = {"x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https", "x-forwarded-host": "api.vendor.example"}
    front = Front(tell, hosts, Metrics(), trusted_proxies="10.0.0.0/8")
    for peer, answer in (
        (PROXY, "192.0.2.1 https://api.vendor.example/vendor/v1"),
        ("192.0.2.66", "192.0.2.66 http://inside/v1"),
    ):
        transport = httpx.ASGITransport(front, client=(peer, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://inside") as client:
            assert (await client.get("/v1", headers=headers)).text == answer
