"""One HTTP request to addresses that were chosen before, over aiohttp, and its errors as sentences.

Cookies, proxies of the environment, compressed answers and redirects play no part here.
"""

import os
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from framehouse.infra.outgoing.model import Limits, OutgoingRefused
from framehouse.kernel import FramehouseError, TemporarilyUnavailable

HEADER_LINE_MAX_BYTES = 8190
HEADERS_MAX = 100
READ_BUFFER_BYTES = 256 * 1024
# Compressed answers are not asked for: their size says nothing of what they unpack to.
HEADERS = {"User-Agent": "Framehouse", "Accept": "*/*", "Accept-Encoding": "identity"}
ERRORS = (aiohttp.ClientError, OSError, ValueError)


@dataclass(frozen=True)
class Received:
    """An `Answer`; `host` is for messages."""

    response: aiohttp.ClientResponse
    host: str
    limits: Limits

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def headers(self) -> Mapping[str, str]:
        return self.response.headers

    @property
    def length_bytes(self) -> int | None:
        return self.response.content_length

    async def blocks(self) -> AsyncIterator[bytes]:
        received = self.length_bytes or 0
        self._check_size(received)
        received = 0
        while True:
            try:
                block = await self.response.content.readany()
            except ERRORS as error:
                raise as_told(error, self.host) from error
            if not block:
                return
            received += len(block)
            self._check_size(received)
            yield block

    def _check_size(self, size_bytes: int) -> None:
        if size_bytes > self.limits.answer_bytes:
            raise OutgoingRefused(f"{self.host} sends more than the {self.limits.answer_bytes} bytes allowed")


@asynccontextmanager
async def exchange(
    method: str,
    url: URL,
    addresses: Sequence[str],
    *,
    host: str,
    headers: Mapping[str, str],
    body: bytes | None,
    limits: Limits,
    tls: ssl.SSLContext | None,
) -> AsyncGenerator[Received, None]:
    """The answer with its body still to come. The URL's name counts for TLS and `Host`, never for connecting."""
    async with AsyncExitStack() as opened:
        try:
            session = await opened.enter_async_context(_session(addresses, limits, tls))
            request = session.request(method, url, headers={**HEADERS, **headers}, data=body, allow_redirects=False)
            response = await opened.enter_async_context(request)
        except ERRORS as error:
            raise as_told(error, host) from error
        yield Received(response, host, limits)


def _session(addresses: Sequence[str], limits: Limits, tls: ssl.SSLContext | None) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            resolver=_Chosen(addresses), use_dns_cache=False, force_close=True, ssl=True if tls is None else tls
        ),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_s, sock_read=limits.idle_s),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        read_bufsize=READ_BUFFER_BYTES,
        max_line_size=HEADER_LINE_MAX_BYTES,
        max_field_size=HEADER_LINE_MAX_BYTES,
        max_headers=HEADERS_MAX,
    )


@dataclass
class _Chosen(AbstractResolver):
    """Whatever is asked, the answer is what was resolved and checked before the request."""

    addresses: Sequence[str]

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del family  # the check did not ask for one
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self.addresses
        ]

    async def close(self) -> None:
        return None


def as_told(error: Exception, host: str) -> FramehouseError:
    """What went wrong, for the owner of the URL: which server, and what it did. The order counts: kinds overlap."""
    match error:
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return TemporarilyUnavailable(f"{host} could not be reached safely: {_tls_problem(error)}")
        case aiohttp.InvalidURL() | ValueError():
            return OutgoingRefused(f"the URL at {host} is not a valid one")
        case TimeoutError():  # aiohttp's own are of this kind as well
            return TemporarilyUnavailable(f"{host} did not answer in time")
        case aiohttp.ClientConnectorError():
            return TemporarilyUnavailable(f"{host} could not be reached: {_system_problem(error.os_error)}")
        case aiohttp.ClientPayloadError():
            return TemporarilyUnavailable(f"{host} broke off in the middle of its answer")
        case aiohttp.ServerDisconnectedError() | OSError():
            return TemporarilyUnavailable(f"{host} closed the connection without an answer")
        case _:
            return TemporarilyUnavailable(f"{host} sent no valid HTTP answer")


def _tls_problem(error: Exception) -> str:
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted ({cause.verify_message})"
    return "it does not speak TLS as it should"


def _system_problem(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "no connection"
