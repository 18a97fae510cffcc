"""The guarded client and servers that misbehave: too much, too slow, cut off, not HTTP, with wrong certificates."""

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from framehouse.infra.outgoing import Limits, OutgoingClient, OutgoingRefused, OutgoingTimedOut
from framehouse.kernel import TemporarilyUnavailable
from tests.contracts.tenant_server import Asked, Script, TenantServer, says, sends, tenant_server
from tests.unit.infra.outgoing_calls import LOOPBACK, Names, fetch


@pytest.fixture
def server() -> Iterator[TenantServer]:
    with tenant_server(bind="0.0.0.0") as running:
        yield running


# --- limits ---


async def test_an_answer_too_large_is_refused_when_it_is_announced_and_when_it_comes(server: TenantServer) -> None:
    client = OutgoingClient(LOOPBACK)
    server.on("/fits", says(body=b"x" * 1000))
    assert (await fetch(client, server.url("/fits")))[1] == b"x" * 1000
    server.on("/announced", says(body=b"x" * 1001))
    with pytest.raises(OutgoingRefused, match="more than the 1000 bytes"):
        await fetch(client, server.url("/announced"))
    unannounced = sends(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 1001)
    with pytest.raises(OutgoingRefused, match="more than the 1000 bytes"):
        await fetch(client, server.on("/unannounced", unannounced))


def stalls(head: bytes, drip: bytes = b"", seconds: float = 3) -> Script:
    def script(handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        handler.wfile.write(head)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.05)
            handler.wfile.write(drip)

    return script


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
async def test_a_server_that_stops_talking_is_left(server: TenantServer, head: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(TemporarilyUnavailable, match="did not answer in time"):
        await fetch(OutgoingClient(LOOPBACK), server.on("/", stalls(head)))
    assert time.monotonic() - began < 2.5


async def test_headers_that_drip_and_bodies_that_drip_come_to_an_end(server: TenantServer) -> None:
    began = time.monotonic()
    slow = Limits(connect_s=0.3, idle_s=0.3, total_s=30)
    with pytest.raises(TemporarilyUnavailable, match="did not answer in time"):
        await fetch(OutgoingClient(LOOPBACK), server.on("/", stalls(b"HTTP/1.1 200 OK\r\nX: ", b"x")), limits=slow)
    whole = Limits(idle_s=2, total_s=0.5)
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    with pytest.raises(OutgoingTimedOut, match=r"took longer than the 0\.5 s allowed"):
        await fetch(OutgoingClient(LOOPBACK), server.on("/", stalls(head, b"x")), limits=whole)
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 9000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
    ids=["long header", "many headers", "wrong length", "no HTTP"],
)
async def test_what_is_no_decent_http_is_told(server: TenantServer, sent: bytes) -> None:
    with pytest.raises(TemporarilyUnavailable, match="sent no valid HTTP answer"):
        await fetch(OutgoingClient(LOOPBACK), server.on("/", sends(sent)))


async def test_a_cut_answer_is_not_taken_for_a_whole_one(server: TenantServer) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"
    with pytest.raises(TemporarilyUnavailable, match="broke off in the middle of its answer"):
        await fetch(OutgoingClient(LOOPBACK), server.on("/", sends(cut)))
    with pytest.raises(TemporarilyUnavailable, match="closed the connection without an answer"):
        await fetch(OutgoingClient(LOOPBACK), server.on("/", sends(b"")))


async def test_nobody_listening_is_told() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{holder.getsockname()[1]}/"
        with pytest.raises(TemporarilyUnavailable, match="could not be reached: connection refused"):
            await fetch(OutgoingClient(LOOPBACK), url)


async def test_the_environments_proxies_and_netrc_play_no_part(
    server: TenantServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login operator password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.on("/", says(body=b"direct"))
    assert await fetch(OutgoingClient(LOOPBACK), server.url("/")) == (200, b"direct")
    assert "authorization" not in server.asked[0].headers
    assert server.asked[0].headers["accept-encoding"] == "identity"


async def test_an_error_of_the_caller_passes_through(server: TenantServer) -> None:
    server.on("/", says(body=b"x"))
    for error in (KeyError("own"), TimeoutError("own")):
        with pytest.raises(type(error), match="own"):
            async with OutgoingClient(LOOPBACK).stream("GET", server.url("/")):
                raise error


# --- TLS ---


def certificate(folder: Path, *, days: int = 1) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate of its own for `files.example`, and the file to trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "files.example")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("files.example"), x509.IPAddress(ip_address("127.0.0.7"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=10))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, key_file = folder / "files.pem", folder / "files.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key_file)
    return context, pem


async def test_certificates_are_verified_by_the_name_of_the_url(tmp_path: Path) -> None:
    context, pem = certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(pem))
    names = Names(["127.0.0.1"])
    with tenant_server(tls=context) as server:
        server.on("/", says(body=b"safe"))
        own = OutgoingClient(LOOPBACK, resolve=names, tls=trusting)
        assert await fetch(own, server.url("/", host="files.example")) == (200, b"safe")
        with pytest.raises(TemporarilyUnavailable, match="its certificate is not accepted"):
            await fetch(own, server.url("/", host="other.example"))
        with pytest.raises(TemporarilyUnavailable, match="its certificate is not accepted"):
            await fetch(OutgoingClient(LOOPBACK, resolve=names), server.url("/", host="files.example"))
        assert len(server.asked) == 1


async def test_an_expired_certificate_and_a_server_without_tls_are_told(tmp_path: Path, server: TenantServer) -> None:
    context, pem = certificate(tmp_path, days=-1)
    own = OutgoingClient(LOOPBACK, resolve=Names(["127.0.0.1"]), tls=ssl.create_default_context(cafile=str(pem)))
    with tenant_server(tls=context) as expired, pytest.raises(TemporarilyUnavailable, match="has expired"):
        await fetch(own, expired.url("/", host="files.example"))
    with pytest.raises(TemporarilyUnavailable, match="does not speak TLS as it should"):
        await fetch(own, server.url("/", host="files.example").replace("http:", "https:"))
