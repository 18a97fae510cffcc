"""Redirects of the guarded client: each hop is checked again, methods change as they should, and secrets stay home."""

from collections.abc import Iterator

import pytest

from framehouse.infra.outgoing import Limits, OutgoingClient, OutgoingRefused, parse_networks
from tests.contracts.tenant_server import TenantServer, says, tenant_server
from tests.unit.infra.outgoing_calls import LOOPBACK, Names, fetch


@pytest.fixture
def server() -> Iterator[TenantServer]:
    with tenant_server(bind="0.0.0.0") as running:
        yield running


async def test_each_redirect_is_checked_again(server: TenantServer) -> None:
    server.on("/start", says(302, Location=f"http://127.0.0.9:{server.port}/secret"))
    server.on("/secret", says(body=b"secret"))
    with pytest.raises(OutgoingRefused, match=r"127\.0\.0\.9"):
        await fetch(OutgoingClient(parse_networks("127.0.0.1/32")), server.url("/start"))
    assert [asked.path for asked in server.asked] == ["/start"]
    by_name = OutgoingClient(parse_networks("127.0.0.1/32"), resolve=Names(["127.0.0.1"], ["169.254.169.254"]))
    server.on("/start", says(302, Location=f"http://other.example:{server.port}/secret"))
    with pytest.raises(OutgoingRefused, match=r"other\.example"):
        await fetch(by_name, server.url("/start", host="files.example"))


@pytest.mark.parametrize(
    ("status", "method", "then", "keeps_body"),
    [
        (301, "POST", "GET", False),
        (302, "POST", "GET", False),
        (303, "POST", "GET", False),
        (303, "PUT", "GET", False),
        (303, "HEAD", "HEAD", False),
        (302, "PUT", "PUT", True),
        (307, "POST", "POST", True),
        (308, "POST", "POST", True),
    ],
)
async def test_the_method_after_a_redirect(
    server: TenantServer, status: int, method: str, then: str, keeps_body: bool
) -> None:
    server.on("/a", says(status, Location="b?q=1"))
    server.on("/b", says())
    body = None if method == "HEAD" else b"body"
    headers = {"X-Own": "1", "Content-Type": "text/plain"}
    async with OutgoingClient(LOOPBACK).stream(method, server.url("/a"), headers=headers, body=body) as answer:
        assert answer.status == 200
    last = server.asked[-1]
    assert (last.method, last.path, last.body) == (then, "/b?q=1", b"body" if keeps_body else b"")
    assert last.headers["x-own"] == "1"
    if body and not keeps_body:
        assert "content-type" not in last.headers


async def test_another_origin_learns_nothing_of_the_first(server: TenantServer) -> None:
    server.on("/a", says(302, Location=server.url("/b", host="127.0.0.2"), Set_Cookie="sid=1; Path=/"))
    server.on("/b", says(302, Location=server.url("/c", host="127.0.0.2")))
    server.on("/c", says())
    url = server.url("/a", host="someone:secret@127.0.0.1")
    async with OutgoingClient(LOOPBACK).stream("GET", url, headers={"Authorization-Of": "1"}):
        pass
    first, second, third = server.asked
    assert first.headers["authorization"].startswith("Basic ")
    assert first.headers["authorization-of"] == "1"
    for other in (second, third):
        assert not {"authorization", "authorization-of", "cookie", "referer"} & other.headers.keys()


async def test_redirects_end(server: TenantServer) -> None:
    server.on("/round", says(302, Location="/round"))
    with pytest.raises(OutgoingRefused, match="redirects more than 5 times"):
        await fetch(OutgoingClient(LOOPBACK), server.url("/round"))
    assert len(server.asked) == 6
    not_followed = Limits(redirects=0)
    assert await fetch(OutgoingClient(LOOPBACK), server.url("/round"), limits=not_followed) == (302, b"")
    for location in ("file:///etc/passwd", "gopher://127.0.0.1/", "http://[", "http://a b/"):
        server.on("/odd", says(302, Location=location))
        with pytest.raises(OutgoingRefused, match="redirects to what is no http or https URL"):
            await fetch(OutgoingClient(LOOPBACK), server.url("/odd"))
