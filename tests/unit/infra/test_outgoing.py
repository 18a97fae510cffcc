"""The guarded client against every kind of address, lying names, redirects, and what is no URL."""

import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import ValidationError

from framehouse.infra.outgoing import (
    OutgoingClient,
    OutgoingRefused,
    check_url,
    host_of,
    may_reach,
    parse_networks,
    shown_url,
)
from framehouse.infra.outgoing.networks import EVERYWHERE
from framehouse.infra.settings import Settings
from framehouse.kernel import InvalidInput, TemporarilyUnavailable
from tests.contracts.tenant_server import TenantServer, says, tenant_server
from tests.unit.infra.outgoing_calls import LOOPBACK, Names, fetch

REFUSED = {
    "unspecified": "0.0.0.0",
    "this network": "0.1.2.3",
    "loopback": "127.0.0.1",
    "loopback, elsewhere": "127.200.3.4",
    "private A": "10.1.2.3",
    "private B": "172.16.0.1",
    "private B, last": "172.31.255.254",
    "private C": "192.168.1.1",
    "carrier-grade NAT": "100.64.0.1",
    "a cloud's metadata in it": "100.100.100.200",
    "link-local, metadata": "169.254.169.254",
    "protocol assignments, metadata": "192.0.0.192",
    "a cloud's own services": "168.63.129.16",
    "documentation": "192.0.2.1",
    "documentation 2": "198.51.100.7",
    "documentation 3": "203.0.113.9",
    "benchmarks": "198.18.0.1",
    "6to4 relays": "192.88.99.1",
    "multicast": "224.0.0.1",
    "multicast, routed": "233.252.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 unspecified": "::",
    "v6 loopback": "::1",
    "v6 unique local": "fd12:3456::1",
    "v6 metadata": "fd00:ec2::254",
    "v6 link-local": "fe80::1",
    "v6 link-local with its interface": "fe80::1%eth0",
    "v6 public with an interface": "2606:4700::1111%lo",
    "v6 site-local": "fec0::1",
    "v6 multicast": "ff02::1",
    "v6 documentation": "2001:db8::1",
    "v6 documentation 2": "3fff::1",
    "v6 discard": "100::1",
    "v6 outside of what is routed": "4000::1",
    "v6 segment routing": "5f00::1",
    "Teredo": "2001:0:53aa:64c:0:fbfe:3ff:fffe",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped private": "::ffff:10.0.0.1",
    "mapped metadata": "::ffff:169.254.169.254",
    "compatible loopback": "::127.0.0.1",
    "translated private": "::ffff:0:10.0.0.1",
    "NAT64 of a private one": "64:ff9b::10.0.0.1",
    "NAT64 of metadata": "64:ff9b::a9fe:a9fe",
    "NAT64 of local use": "64:ff9b:1::8.8.8.8",
    "6to4 of a private one": "2002:0a00:0001::1",
    "6to4 of loopback": "2002:7f00:0001::1",
    "no address": "localhost",
    "nothing": "",
}
REACHED = ("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808")


@pytest.fixture
def server() -> Iterator[TenantServer]:
    with tenant_server(bind="0.0.0.0") as running:
        yield running


# --- addresses ---


@pytest.mark.parametrize("address", REFUSED.values(), ids=REFUSED.keys())
def test_addresses_that_are_not_everybodys_are_refused(address: str) -> None:
    assert not may_reach(address)


@pytest.mark.parametrize("address", REACHED)
def test_public_addresses_may_be_reached(address: str) -> None:
    assert may_reach(address)


def test_a_setting_allows_networks_and_nothing_besides() -> None:
    allowed = parse_networks("10.0.0.0/8, fd00::/8")
    assert may_reach("10.9.9.9", allowed)
    assert may_reach("::ffff:10.9.9.9", allowed)
    assert may_reach("fd00::1", allowed)
    assert not may_reach("127.0.0.1", allowed)
    assert not may_reach("192.168.0.1", allowed)
    assert may_reach("127.0.0.1", parse_networks("true"))
    assert may_reach("::1", parse_networks("true"))
    for nothing in ("", "false", " no "):
        assert parse_networks(nothing) == ()
    for wrong in ("10.0.0.1/8", "lan", "10.0.0.0/8,,x"):
        with pytest.raises(ValueError, match=r".+"):
            parse_networks(wrong)


def test_the_setting_is_read_from_the_environment_and_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "framehouse.toml"
    monkeypatch.setenv("FRAMEHOUSE_CONFIG", str(file))
    for written, meant in (("true", EVERYWHERE), ("false", ()), ('["10.0.0.0/8"]', parse_networks("10.0.0.0/8"))):
        file.write_text(f"outgoing_private_networks = {written}\n")
        assert parse_networks(Settings().outgoing_private_networks) == meant  # type: ignore[call-arg]  # defaults
    monkeypatch.setenv("FRAMEHOUSE_OUTGOING_PRIVATE_NETWORKS", "10.0.0.1/8")
    with pytest.raises(ValidationError, match="has host bits set"):
        Settings()  # type: ignore[call-arg]  # as above


@pytest.mark.parametrize("address", [each for each in REFUSED.values() if ":" in each or each[:1].isdigit()])
async def test_a_name_at_such_an_address_is_refused_before_a_connection(address: str) -> None:
    client = OutgoingClient(resolve=Names([address]))
    with pytest.raises(OutgoingRefused, match=r"^files\.example is not at a public address") as caught:
        await fetch(client, "http://files.example/film.mp4")
    assert address not in caught.value.message, "what a name means inside is not the owner's to know"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0"],
)
async def test_no_spelling_of_this_machine_is_connected_to(server: TenantServer, host: str) -> None:
    with pytest.raises(OutgoingRefused):
        await fetch(OutgoingClient(), server.url("/", host=host))
    assert server.asked == []


# --- names ---


async def test_only_the_reachable_addresses_of_a_name_are_connected_to(server: TenantServer) -> None:
    server.on("/", says(body=b"hello"))
    client = OutgoingClient(parse_networks("127.0.0.2/32"), resolve=Names(["127.0.0.3", "10.0.0.1", "127.0.0.2"]))
    assert await fetch(client, server.url("/", host="files.example")) == (200, b"hello")
    assert [asked.address for asked in server.asked] == ["127.0.0.2"]
    assert server.asked[0].headers["host"] == f"files.example:{server.port}"


async def test_a_name_that_changes_after_the_check_gains_nothing(server: TenantServer) -> None:
    server.on("/", says(body=b"public"))
    names = Names(["127.0.0.2"], ["127.0.0.3"])
    client = OutgoingClient(parse_networks("127.0.0.2/32"), resolve=names)
    assert await fetch(client, server.url("/", host="rebinding.example")) == (200, b"public")
    assert [asked.address for asked in server.asked] == ["127.0.0.2"]
    assert names.questions == ["rebinding.example"]
    with pytest.raises(OutgoingRefused):
        await fetch(client, server.url("/", host="rebinding.example"))
    assert len(server.asked) == 1


async def test_an_unknown_name_may_be_known_later() -> None:
    async def nobody(host: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(TemporarilyUnavailable, match=r"the name files\.example could not be resolved"):
        await fetch(OutgoingClient(resolve=nobody), "http://files.example/")
    with pytest.raises(OutgoingRefused, match="cannot be the name of a server"):
        await fetch(OutgoingClient(), f"http://{'x' * 64}.example/")


# --- URLs ---


@pytest.mark.parametrize(
    "url",
    [
        "", "film.mp4", "/film.mp4", "ftp://files.example/", "file:///etc/passwd", "http://", "http:///path", "https://:1/",
        "http://files.example:99999/", "http://files.example:x/", "http://[::1/", "http://a b/", "http://a/\r\nX: y",
        "http://a/\x00", "http://a\\@b/", "javascript:alert(1)", "http://[fe80::1%25eth0]/", "http://a/" + "x" * 5000,
    ],
)  # fmt: skip
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_url(url)
    assert caught.value.fields.keys() == {"url"}
    with pytest.raises(OutgoingRefused):
        await fetch(OutgoingClient(LOOPBACK, resolve=Names(["127.0.0.1"])), url)


async def test_escapes_reach_the_server_as_they_were_given(server: TenantServer) -> None:
    signed = "/f%69lm%2Fone.mp4?sig=a%2Fb%2B+c%3D&x=%E2%82%AC"
    server.on(signed.partition("?")[0], says(body=b"signed"))
    assert check_url(server.url(signed) + "#part") == server.url(signed)
    assert await fetch(OutgoingClient(LOOPBACK), server.url(signed) + "#part") == (200, b"signed")
    assert server.asked[0].path == signed
    server.on("/%C3%BCber", says(body=b"unicode"))
    assert await fetch(OutgoingClient(LOOPBACK), server.url("/über")) == (200, b"unicode")


def test_what_is_shown_of_a_url_keeps_its_secrets() -> None:
    url = "https://user:secret@files.example:8443/a/film.mp4?token=secret"
    assert host_of(url) == "files.example:8443"
    assert shown_url(url) == "https://files.example:8443/a/film.mp4"
    assert (host_of("http://["), shown_url("http://[")) == ("?", "?")
