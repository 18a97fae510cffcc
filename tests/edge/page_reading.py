"""Reads the edge's pages as a browser does: elements, what scripts are told, what the player in a frame is told."""

import json
from html.parser import HTMLParser
from typing import Any

import httpx

from framehouse.library import Playlist
from framehouse.playback import playlist_embed_path
from tests.edge.house import BASE, House


def attributes_of(html: str, tag: str) -> dict[str, str]:
    (found,) = elements(html, tag)
    return found


def elements(html: str, tag: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
            if name == tag:
                found.append({key: value or "" for key, value in attrs})

    reader = Reader()
    reader.feed(html)
    reader.close()
    return found


def embed_of(playlist: Playlist) -> str:
    return playlist_embed_path(playlist.id, playlist.embed_token)


def data_of(page: httpx.Response) -> dict[str, Any]:
    """What the page tells its script."""
    assert page.status_code == 200, page.text
    text = page.text.split('id="framehouse-playlist">', 1)[1].split("</script>", 1)[0]
    return json.loads(text)


async def state_of(house: House, embed_url: str) -> str:
    return str((await config_of(house, embed_url))["state"])


async def config_of(house: House, embed_url: str) -> dict[str, Any]:
    """What the player in the frame is told, as the browser loads it, and still when it asks again."""
    headers = {"referer": f"{BASE}/", "sec-fetch-site": "same-origin"}
    page = await house.client.get(embed_url, headers=headers)
    config = json.loads(page.text.split('id="framehouse-config">', 1)[1].split("</script>", 1)[0])
    again = await house.client.get(config["statusUrl"], headers=headers)
    assert again.json()["state"] == config["state"]
    return config
