"""A viewer's browser, for the tests of who may watch: loads pages, fills in what they ask for, and notes the reason
that each refused request leaves in the log."""

import json
import re
from html import unescape
from typing import Any

import httpx
import structlog

from framehouse.edge import create_edge
from framehouse.identity import IssuedCredential, Login
from framehouse.kernel import to_hex
from framehouse.library import Video
from framehouse.playback import Grant, NewGrant, create_grant, embed_path, embed_signature, watch_path
from tests.edge.house import BASE, House

SITE = "https://a.example/blog"
VENDOR = "videos.sproutvideo.com"
PASSWORD = "lovelace"  # of every login here


class Browser:
    """With cookies of its own. `reason` is why the last request was refused, as the log has it."""

    def __init__(self, house: House, address: str = "192.0.2.1") -> None:
        transport = httpx.ASGITransport(create_edge(house.context), client=(address, 4711))
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE)
        self.reason: str | None = None

    async def request(self, method: str, url: str, **more: Any) -> httpx.Response:
        with structlog.testing.capture_logs() as lines:
            answer = await self._client.request(method, url, **more)
        denials = [line for line in lines if line["event"] == "access.denied"]
        assert len(denials) <= 1, "one line for each refused request"
        self.reason = denials[0]["reason"] if denials else None
        return answer

    async def get(self, url: str, **more: Any) -> httpx.Response:
        return await self.request("GET", url, **more)

    async def post(self, url: str, **fields: str) -> httpx.Response:
        return await self.request("POST", url, data=fields)

    async def embed(self, video: Video, query: str = "", site: str | None = SITE) -> dict[str, Any]:
        """The configuration in the embed page as a site shows it."""
        headers = {"referer": site, "sec-fetch-site": "cross-site"} if site else {}
        return config_in(await self.get(f"{embed_path(video)}?{query}", headers=headers))

    async def start(self, config: dict[str, Any], previous: str = "") -> dict[str, Any]:
        """Presses the play button."""
        return (await self.post(config["startUrl"], previous=previous)).json()

    async def sign_in(self, video: Video, login: Login) -> httpx.Response:
        """On the video's own page."""
        return await self.post(f"{watch_path(video.id)}/login", email=login.email, password=PASSWORD)

    async def plays(self, config: dict[str, Any]) -> bool:
        """Whether a manifest and a segment come."""
        media = media_base(config)
        return [(await self.get(media + name)).status_code for name in ("master.m3u8", "v1/1.m4s")] == [200, 200]


def config_in(page: httpx.Response) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="framehouse-config">(.*?)</script>', page.text, re.DOTALL)
    assert found is not None, page.text[:500]
    return json.loads(found[1])


def frame_in(page: httpx.Response) -> str:
    """The address of the player's frame in a watch page."""
    found = re.search(r'<iframe [^>]*src="([^"]+)"', page.text)
    assert found is not None, page.text[:500]
    return unescape(found[1])


def media_base(config: dict[str, Any]) -> str:
    return config["manifests"]["hls"].partition("master.m3u8")[0]


def ticket_in(config: dict[str, Any]) -> str:
    return config["manifests"]["hls"].split("/")[2]


def signed_query(
    house: House, key: IssuedCredential, video: Video, *, expires_in_s: int = 60, **parameters: str
) -> str:
    """As an owner's program signs an embed's address."""
    expires = str(int(house.clock.now().timestamp()) + expires_in_s)
    signed = {**parameters, "expires": expires}
    path = f"/embed/{to_hex(video.id)}/{video.embed_token}"
    signature = embed_signature(key.api_key, VENDOR, path, signed.items())
    return str(httpx.QueryParams({**signed, "signature": signature}))


async def login_for(house: House, email: str = "ada@example.com") -> Login:
    return await house.identity.create_login(house.owner.tenant_id, email, PASSWORD)


async def grant_for(house: House, login: Login, video: Video, **terms: Any) -> Grant:
    return await create_grant(house.library, house.owner, NewGrant(login.id, video.id, **terms))
