"""oEmbed 1.0 (oembed.com): which of our pages a URL means, the size of its frame, the answer as JSON and as XML.

Pure: what may be told to whom is decided in `routes_oembed`.
"""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from framehouse.kernel import ContentId, from_base64url, from_hex

PROVIDER = "Framehouse"
CACHE_AGE_S = 300
ALLOW = "autoplay; fullscreen; picture-in-picture; encrypted-media"
BOX_PX = (640, 640)  # where the consumer names no limit: the width of the APIs' embed codes, portrait as high
UNKNOWN_VIDEO_PX = (1280, 720)
PLAYLIST_PX = (918, 360)  # the player with the list beside it
PLAYLIST_BESIDE_PX = 760  # in narrower frames the list is below the player, as playlist.css has it
PLAYLIST_BELOW_PX = 240
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


class TargetKind(StrEnum):
    VIDEO = "video"
    PLAYLIST = "playlist"


@dataclass(frozen=True)
class Target:
    """What a URL means. Without a token it is the thing's own page; `query` is what the frame is opened with."""

    kind: TargetKind
    id: ContentId
    token: str | None = None
    query: str = ""

    @property
    def signed(self) -> bool:
        """Whether the address carries a signature for its embed."""
        return any(name == "signature" for name, _ in parse_qsl(self.query.removeprefix("?")))


def read_address(url: str, hosts: Collection[str], prefixes: Iterable[str]) -> Target | None:
    """`hosts` are ours, in lower case and without ports; `prefixes` where the installation may be mounted."""
    host = host_of(url)
    if host is None or host not in hosts:
        return None
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https"):
        return None
    path = unquote(parts.path).rstrip("/")
    found = (_target(path.removeprefix(prefix), parts.query) for prefix in prefixes if path.startswith(prefix))
    return next((target for target in found if target is not None), None)


def host_of(url: str) -> str | None:
    """In lower case, without the port."""
    try:
        host = urlsplit(url.strip()).hostname
    except ValueError:  # brackets of an IPv6 address that do not match
        return None
    return host.rstrip(".") if host else None


def _target(path: str, query: str) -> Target | None:
    match path.split("/"):
        case ["", "watch", "playlist", text]:
            kind, content_id, token = TargetKind.PLAYLIST, from_base64url(text), None
        case ["", "watch", text]:
            kind, content_id, token = TargetKind.VIDEO, from_base64url(text), None
        case ["", "playlist", text, token]:
            kind, content_id = TargetKind.PLAYLIST, from_hex(text)
        case ["", "embed", text, token]:
            kind, content_id = TargetKind.VIDEO, from_hex(text)
        case _:
            return None
    if content_id is None:
        return None
    return Target(kind, content_id, token, _frame_query(query) if token is not None else "")


def _frame_query(query: str) -> str:
    """The player's options and a signature go on; a pass is its viewer's own."""
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "pass"]
    return f"?{urlencode(kept)}" if kept else ""


@dataclass(frozen=True)
class Limits:
    """The largest frame that the consumer has room for; None: as large as it is."""

    width: int | None = None
    height: int | None = None


def fit_video(width: int | None, height: int | None, limits: Limits) -> tuple[int, int]:
    """The video's own shape, as large as it is and as fits."""
    own_width, own_height = (width, height) if width and height else UNKNOWN_VIDEO_PX
    free = BOX_PX if limits.width is None and limits.height is None else (own_width, own_height)
    scale = min(1.0, (limits.width or free[0]) / own_width, (limits.height or free[1]) / own_height)
    return max(1, round(own_width * scale)), max(1, round(own_height * scale))


def fit_playlist(limits: Limits) -> tuple[int, int]:
    """The player and its list fill what there is: no shape has to be kept."""
    width, height = PLAYLIST_PX
    width = min(width, limits.width or width)
    if width < PLAYLIST_BESIDE_PX:
        height = round(width * 9 / 16) + PLAYLIST_BELOW_PX
    return width, min(height, limits.height or height)


@dataclass(frozen=True)
class Thumbnail:
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class OEmbed:
    """The answer of type `video` (oembed.com, section 2.3.4.2); what is None is left out."""

    title: str
    provider_url: str
    frame_url: str
    size: tuple[int, int]
    description: str | None = None
    duration_s: int | None = None
    thumbnail: Thumbnail | None = None
    video_id: str | None = None

    def fields(self) -> dict[str, Any]:
        width, height = self.size
        thumbnail = self.thumbnail
        found = {
            "type": "video",
            "version": "1.0",
            "provider_name": PROVIDER,
            "provider_url": self.provider_url,
            "title": self.title,
            "html": self.html,
            "width": width,
            "height": height,
            "duration": self.duration_s,
            "description": self.description,
            "thumbnail_url": thumbnail.url if thumbnail else None,
            "thumbnail_width": thumbnail.width if thumbnail else None,
            "thumbnail_height": thumbnail.height if thumbnail else None,
            "video_id": self.video_id,
            "cache_age": CACHE_AGE_S,
        }
        return {name: value for name, value in found.items() if value is not None}

    @property
    def html(self) -> str:
        """Single quotes, as in the APIs' embed codes: programs cut the URL out between them."""
        width, height = self.size
        return (
            f"<iframe src='{escape(self.frame_url)}' width='{width}' height='{height}' title='{escape(self.title)}' "
            f"frameborder='0' allow='{ALLOW}' allowfullscreen></iframe>"
        )

    def to_json(self) -> str:
        return json.dumps(self.fields())

    def to_xml(self) -> str:
        lines = (f"<{name}>{_xml_text(str(value))}</{name}>" for name, value in self.fields().items())
        return '<?xml version="1.0" encoding="utf-8"?>\n<oembed>\n' + "\n".join(lines) + "\n</oembed>\n"


def _xml_text(text: str) -> str:
    """Characters that XML cannot carry in any spelling are dropped."""
    return escape(_NOT_XML.sub("", text), quote=False)
