"""The base of every URL in an answer. Paths below it are in `playback.addresses`.

Links that leave the page (sharing, other sites) carry `public_base`; what a page fetches from its own origin carries
`path_prefix` only, so that it works under whatever name, scheme and proxy the page itself was reached.
"""

import re

from starlette.requests import Request

from framehouse.infra.settings import Settings

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?\Z")


def path_prefix(request: Request) -> str:
    """The path under which the installation is mounted, without a final slash."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def public_base(request: Request, settings: Settings) -> str:
    """Scheme, host and prefix without a final slash: the setting's, else the request's own."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = request.headers.get("host", "")
    if not _HOST.match(host):  # absent in HTTP/1.0, or made to break out of a page
        return settings.local_url + path_prefix(request)
    return f"{request.scope['scheme']}://{host}{path_prefix(request)}"


def is_https(request: Request, settings: Settings) -> bool:
    """Whether the viewer's browser sees a secure origin: decides which cookies it accepts in a frame."""
    return public_base(request, settings).startswith("https:")
