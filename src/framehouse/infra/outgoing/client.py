"""The guarded client: names are resolved here, every address is checked, and exactly a checked one is connected to.

A name that gives the check a public address and the connection a private one (DNS rebinding) gains nothing, since it
is asked once for each hop. Redirects are followed here, so that each hop passes the same check.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

import structlog
from yarl import URL

from framehouse.infra.outgoing.model import Answer, Limits, OutgoingRefused, OutgoingTimedOut, check_url, host_of
from framehouse.infra.outgoing.networks import Network, may_reach
from framehouse.kernel import InvalidInput, TemporarilyUnavailable

REDIRECTS = frozenset({301, 302, 303, 307, 308})
NAMES_AT_ONCE = 8
Resolve = Callable[[str], Awaitable[Sequence[str]]]
log = structlog.get_logger(__name__)

# Of their own: a slow name server must not take the threads that files are read and written with.
_name_threads = ThreadPoolExecutor(NAMES_AT_ONCE, thread_name_prefix="names")


async def ask_system(host: str) -> Sequence[str]:
    """Numeric addresses of a name, as this machine resolves it. Raises socket.gaierror, UnicodeError."""

    def ask() -> Sequence[str]:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]

    return await asyncio.get_running_loop().run_in_executor(_name_threads, ask)


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None

    def redirected(self, status: int, location: str) -> "Request":
        """The next hop (RFC 9110 section 15.4). What was given for one origin is not told to another."""
        try:
            url = check_url(urljoin(self.url, location))
        except ValueError as error:  # of `urljoin`
            raise InvalidInput("the URL is none") from error
        same = _origin(url) == _origin(self.url)
        headers = dict(self.headers) if same else dict[str, str]()
        becomes_get = (status == 303 and self.method != "HEAD") or (status in (301, 302) and self.method == "POST")
        if not becomes_get:
            return Request(self.method, url, headers, self.body)
        plain = {name: value for name, value in headers.items() if not name.lower().startswith("content-")}
        return Request("GET", url, plain, None)


class OutgoingClient:
    """Keeps nothing from one request to the next."""

    def __init__(
        self,
        private_networks: Sequence[Network] = (),
        *,
        resolve: Resolve = ask_system,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._private_networks = private_networks
        self._resolve = resolve
        self._tls = tls

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limits: Limits = Limits(),
    ) -> AsyncGenerator[Answer, None]:
        """The answer, whatever its status, with its body still to come.

        Raises OutgoingRefused for what will never work (no public address, too large an answer, too many redirects),
        OutgoingTimedOut when all of it together takes too long, TemporarilyUnavailable for the rest.
        """
        request = Request(method, url, headers or {}, body)
        clock = asyncio.timeout(limits.total_s)
        try:
            async with clock:
                for _ in range(limits.redirects + 1):
                    async with self._hop(request, limits) as answer:
                        location = answer.headers.get("Location")
                        if not limits.redirects or answer.status not in REDIRECTS or not location:
                            yield answer
                            return
                        request = _redirected(request, answer.status, location)
        except TimeoutError as error:
            if not clock.expired():
                raise
            raise OutgoingTimedOut(f"{host_of(url)} took longer than the {limits.total_s:g} s allowed") from error
        raise OutgoingRefused(f"{host_of(url)} redirects more than {limits.redirects} times")

    @asynccontextmanager
    async def _hop(self, request: Request, limits: Limits) -> AsyncGenerator[Answer, None]:
        from framehouse.infra.outgoing.exchange import exchange  # only a process that sends needs the HTTP client

        host = host_of(request.url)
        async with AsyncExitStack() as opened:
            try:
                async with asyncio.timeout(limits.connect_s + limits.idle_s):  # headers may come a byte at a time
                    url = _parsed(request.url)
                    addresses = await self._checked_addresses(url.raw_host or "")
                    answer = await opened.enter_async_context(
                        exchange(
                            request.method,
                            url,
                            addresses,
                            host=host,
                            headers=request.headers,
                            body=request.body,
                            limits=limits,
                            tls=self._tls,
                        )
                    )
            except TimeoutError as error:
                raise TemporarilyUnavailable(f"{host} did not answer in time") from error
            yield answer

    async def _checked_addresses(self, host: str) -> list[str]:
        """Those that may be reached; OutgoingRefused when there is none."""
        found = [host] if _is_address(host) else await self._addresses_of(host)
        reachable = [address for address in found if may_reach(address, self._private_networks)]
        if not reachable:
            log.warning("an outgoing request was refused", host=host, addresses=found)
            # the owner learns neither the address nor the setting's value: what a name means inside is not theirs
            raise OutgoingRefused(f"{host} is not at a public address, and others are not connected to")
        return reachable

    async def _addresses_of(self, name: str) -> Sequence[str]:
        try:
            return await self._resolve(name)
        except socket.gaierror as error:
            raise TemporarilyUnavailable(f"the name {name} could not be resolved") from error
        except UnicodeError as error:
            raise OutgoingRefused(f"{name} cannot be the name of a server") from error


def _parsed(url: str) -> URL:
    """Escapes are left as they are, since signatures are made over them."""
    try:
        return URL(check_url(url), encoded=url.isascii())
    except InvalidInput as error:
        raise OutgoingRefused(error.message, fields=error.fields) from error
    except ValueError as error:
        raise OutgoingRefused("the URL is not a valid one") from error


def _redirected(request: Request, status: int, location: str) -> Request:
    try:
        return request.redirected(status, location)
    except InvalidInput as error:
        raise OutgoingRefused(f"{host_of(request.url)} redirects to what is no http or https URL") from error


def _origin(url: str) -> tuple[str, str | None, int]:
    parsed = _parsed(url)
    return parsed.scheme, parsed.raw_host, parsed.port or 0


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
