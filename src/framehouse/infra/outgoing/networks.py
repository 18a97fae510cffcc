"""Which network addresses a request to a tenant's URL may reach: globally routable ones, and those a setting allows.

Pure: names are resolved by the client. Sources: IANA's special-purpose address registries (RFC 6890), RFC 6052
(NAT64), RFC 3056 (6to4), RFC 4291 (IPv6, mapped addresses).
"""

import ipaddress
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

EVERYWHERE: tuple[Network, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
GLOBAL_UNICAST = IPv6Network("2000::/3")  # the only part of IPv6 that is routed between networks
NAT64 = IPv6Network("64:ff9b::/96")  # what IPv6-only machines see of IPv4
# Not for everybody, although Python's registry of the versions we run on calls them global, or not yet special.
ALSO_REFUSED: tuple[Network, ...] = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments; a cloud's metadata is at 192.0.0.192
    IPv4Network("192.88.99.0/24"),  # the retired anycast of 6to4 relays
    IPv4Network("168.63.129.16/32"),  # a cloud's own services, in public form
    IPv6Network("2001::/23"),  # protocol assignments, Teredo among them
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)


def parse_networks(text: str) -> tuple[Network, ...]:
    """The value of a setting: nothing or `false` (none), `true` (all), or networks like `10.0.0.0/8, fd00::/8`.

    Raises ValueError.
    """
    if text.strip().lower() in ("", "false", "0", "no"):
        return ()
    if text.strip().lower() in ("true", "1", "yes"):
        return EVERYWHERE
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def may_reach(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether a numeric address may be connected to; what is no address may not."""
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return False
    if given.version == 6 and given.scope_id is not None:
        return False  # it names one of this machine's own interfaces
    inner = _unwrapped(given)
    if any(inner.version == network.version and inner in network for network in allowed):
        return True
    return _is_global(inner)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if address.version == 4:
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_global(address: Address) -> bool:
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return False
    if any(address.version == network.version and address in network for network in ALSO_REFUSED):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)
