"""What proxies in front say of the client, believed only from those that a setting names.

`X-Forwarded-For` grows at its end with each hop, so it is read from there: the first address that is no proxy of ours
is the client, whatever it wrote before it. Of `-Proto` and `-Host` the last value counts, which the nearest proxy set.
"""

import ipaddress
import re

from starlette.types import Scope

from framehouse.kernel import InvalidInput

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_PORT = re.compile(r"\A(?:\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[\d.]+):\d+)\Z")  # as some proxies add it


class TrustedProxies:
    def __init__(self, setting: str) -> None:
        """Raises InvalidInput that names the entry which is no address and no network."""
        self._networks = tuple(_network(entry.strip()) for entry in setting.split(",") if entry.strip())

    def seen_through(self, scope: Scope) -> Scope:
        """The request as the proxy received it; as it is when it comes from anybody else."""
        client = scope.get("client")
        if not self._networks or client is None or not self._is_trusted(_address(client[0])):
            return scope
        rewritten = {**scope}
        address = self._client(_values(scope, b"x-forwarded-for"))
        if address is not None:
            rewritten["client"] = (str(address), 0)
        scheme = _last(scope, b"x-forwarded-proto").lower()
        if scheme in ("http", "https"):
            rewritten["scheme"] = scheme
        host = _last(scope, b"x-forwarded-host")
        if host:  # what may be one is looked at where it is used, as with any Host header
            kept = [(name, value) for name, value in scope["headers"] if name != b"host"]
            rewritten["headers"] = [(b"host", host.encode("latin-1")), *kept]
        return rewritten

    def _client(self, hops: list[str]) -> Address | None:
        """None when nothing usable is said. What is no address ends the reading: what stands before it is hearsay."""
        found: Address | None = None
        for hop in reversed(hops):
            address = _address(hop)
            if address is None:
                break
            found = address
            if not self._is_trusted(address):
                break
        return found

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._networks)


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        problem = f"{text!r} is no address such as 10.0.0.1 and no network such as 10.0.0.0/8"
        raise InvalidInput(f"trusted_proxies: {problem}", fields={"trusted_proxies": problem}) from None


def _address(text: str) -> Address | None:
    found = _PORT.match(text)
    bare = (found["v6"] or found["v4"] or "") if found else text
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _values(scope: Scope, wanted: bytes) -> list[str]:
    """All members of a list header, also where it comes several times (RFC 9110 section 5.3)."""
    joined = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == wanted)
    return [member.strip() for member in joined.split(",") if member.strip()]


def _last(scope: Scope, wanted: bytes) -> str:
    values = _values(scope, wanted)
    return values[-1] if values else ""
