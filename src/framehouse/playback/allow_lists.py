"""Is a host among the domains, an address among the networks? Pure; what the lists may hold is checked in `library`."""

import ipaddress
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def is_among_domains(host: str, domains: tuple[str, ...]) -> bool:
    """Exactly, or below a `*.` entry, which does not mean the domain itself. Letter case does not count."""
    name = host.lower().rstrip(".")
    return any(name.endswith(domain[1:]) if domain.startswith("*.") else name == domain for domain in domains)


def is_in_networks(address: str, networks: tuple[str, ...]) -> bool:
    """False for what is no address. An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is the IPv4 address."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in _parsed(networks))


@lru_cache(maxsize=1000)
def _parsed(networks: tuple[str, ...]) -> tuple[Network, ...]:
    """Kept, since every media request of a video asks for the same ones."""
    return tuple(ipaddress.ip_network(network) for network in networks)
