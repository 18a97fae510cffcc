"""New media for a video of a running platform, put in behind its HTTP, and what a viewer of the old ones still gets."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urljoin
from uuid import UUID

import httpx

from framehouse import library
from framehouse.bootstrap.services import Services
from framehouse.kernel import TenantId, VideoId
from tests.e2e.platform import Platform


def owner_of(platform: Platform) -> library.Owner:
    return library.Owner(TenantId(UUID(platform.key["tenant_id"])))


async def read(path: Path) -> AsyncIterator[bytes]:
    yield path.read_bytes()


def replace(platform: Platform, video_id: str, path: Path) -> None:
    async def send(services: Services) -> None:
        await library.replace_media(
            services.library, owner_of(platform), VideoId(int(video_id, 16)), read(path), path.name
        )

    platform.inside(send)


def segments_of(manifest_url: str) -> list[str]:
    """Addresses of every file that an HLS manifest leads to, in the order of the film."""
    media = [urljoin(manifest_url, line) for line in _lines(manifest_url)]
    return [urljoin(url, line) for url in media for line in _lines(url)]


def _lines(url: str) -> list[str]:
    answer = httpx.get(url, timeout=30)
    assert answer.status_code == 200, url
    text = answer.text
    named = [line.split('URI="')[1].split('"')[0] for line in text.splitlines() if 'URI="' in line]
    return [*named, *(line for line in text.splitlines() if line and not line.startswith("#"))]


def fetch(url: str) -> None:
    answer = httpx.get(url, timeout=30)
    assert (answer.status_code, bool(answer.content)) == (200, True), url
