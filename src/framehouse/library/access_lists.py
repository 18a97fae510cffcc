"""The lists that say where a video may be embedded and from which networks it may be watched, checked and tidied.

Who is on them is asked in `playback`.
"""

import ipaddress
import re
from collections.abc import Iterable

from framehouse.kernel import InvalidInput

ENTRIES_MAX = 200
# A host name, or `*.` before one for all names below it; ports do not count.
_DOMAIN = re.compile(r"(?:\*\.)?(?=[^.]{1,63}(?:\.|$))[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


def checked_domains(domains: Iterable[str]) -> tuple[str, ...]:
    """Lower case, without scheme, port and path, each once. Raises InvalidInput that names the first wrong one."""
    found: list[str] = []
    for given in domains:
        bare = re.sub(r"^[a-z][a-z0-9+.-]*://", "", given.strip().lower()).split("/", 1)[0]
        name = _ascii(re.sub(r":\d{1,5}$", "", bare).rstrip("."))
        if not _DOMAIN.fullmatch(name) or ".." in name:
            raise _refusal("allowed_domains", f"{given[:100]!r} is no domain such as example.com or *.example.com")
        found.append(name)
    return _bounded("allowed_domains", found)


def checked_networks(networks: Iterable[str]) -> tuple[str, ...]:
    """Addresses and CIDR blocks (RFC 4632) as networks. Raises InvalidInput that names the first wrong one."""
    found: list[str] = []
    for given in networks:
        try:
            found.append(str(ipaddress.ip_network(given.strip(), strict=False)))
        except ValueError:
            problem = f"{given[:100]!r} is no address such as 192.0.2.7 and no network such as 192.0.2.0/24"
            raise _refusal("allowed_networks", problem) from None
    return _bounded("allowed_networks", found)


def _ascii(name: str) -> str:
    """Names with other letters as browsers write them (RFC 3490)."""
    wildcard = "*." if name.startswith("*.") else ""
    try:
        return wildcard + name.removeprefix("*.").encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _bounded(field: str, found: list[str]) -> tuple[str, ...]:
    if len(found) > ENTRIES_MAX:
        raise _refusal(field, f"has more than {ENTRIES_MAX} entries")
    return tuple(dict.fromkeys(found))


def _refusal(field: str, problem: str) -> InvalidInput:
    return InvalidInput(f"{field}: {problem}", fields={field: problem})
