"""Absolute URLs as this caller can open them: their scheme, host and prefix, or the installation's public URL.

Only one spelling of a page is made here; which paths exist is said by `playback` and the dialects' routes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request

from framehouse.infra.settings import Settings

HOST = re.compile(r"[A-Za-z0-9._~-]+(?::\d{1,5})?\Z|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?\Z")


@dataclass(frozen=True)
class Links:
    """`viewers` is the base of embeds, assets and storage; `api` the base that stands before `/v1`."""

    viewers: str
    api: str
    path: str
    query: tuple[tuple[str, str], ...]
    local: str

    def viewer(self, path: str) -> str:
        return f"{self.viewers}{path}"

    def storage(self, url: str) -> str:
        """A signed URL of the installation's own storage, for this caller's way in; a bucket's URL as it is."""
        own = f"{self.local}/storage/"
        return f"{self.viewers}/storage/{url.removeprefix(own)}" if url.startswith(own) else url

    def page(self, changes: Mapping[str, int]) -> str:
        """This request's URL with other paging; every other parameter as the caller gave it."""
        kept = [(name, value) for name, value in self.query if name not in changes]
        paging = [(name, str(value)) for name, value in changes.items()]
        return f"{self.api}{self.path}?{urlencode(kept + paging)}"


def links_of(request: Request, settings: Settings) -> Links:
    """For the request as it arrived. A Host header that is no host name is not repeated."""
    local = settings.local_url
    given = request.headers.get("host", "")
    arrived = f"{request.url.scheme}://{given}" if HOST.match(given) else local
    viewers = settings.public_url.rstrip("/") if settings.public_url else arrived
    prefix = str(request.scope.get("root_path", ""))
    path = str(request.scope["path"]).removeprefix(prefix)
    api = viewers + prefix
    if request.scope.get("state", {}).get("vendor_host_prefix"):
        # The vendor's own host name leads here: its clients know no prefix, and only the proxy knows the scheme.
        scheme = urlsplit(settings.public_url).scheme if settings.public_url else request.url.scheme
        api = f"{scheme}://{given}" if HOST.match(given) else viewers
    return Links(viewers, api, path, tuple(request.query_params.multi_items()), local)


def links_of_installation(settings: Settings) -> Links:
    """Where nobody asks: what is told to webhooks. Pages have no links there."""
    return Links(settings.local_url, settings.local_url, "", (), settings.local_url)
