"""What other sites may show of a public page: Open Graph, the player card of X/Twitter, where oEmbed is found.

Pure; whether a page is public is decided by who calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from framehouse.edge.oembed import PROVIDER
from framehouse.library import Privacy, Video

DESCRIPTION_MAX = 300
OEMBED_JSON = "/oembed.json"
OEMBED_XML = "/oembed.xml"


@dataclass(frozen=True)
class Shared:
    """URLs are absolute. `frame_url` only where any site may frame the player."""

    title: str
    page_url: str
    size: tuple[int, int]
    description: str | None = None
    image_url: str | None = None
    frame_url: str | None = None


def asks_password(video: Video) -> bool:
    """Whether its page may ask for a password: its own, or that of its project."""
    return video.privacy is Privacy.PASSWORD or video.project_locked


def asks_first(video: Video) -> bool:
    """Whether its player asks for a login or a password before it shows anything."""
    return (
        video.project_locked
        or video.privacy is Privacy.LOGIN
        or (video.privacy is Privacy.PASSWORD and video.prefers_embed_password)
    )


def shows_picture(video: Video) -> bool:
    """Whether its player shows the poster to whoever has its embed address."""
    return not asks_first(video) and not video.allowed_networks and not video.project_private


def shows_freely(video: Video) -> bool:
    """Whether its poster and description may be told to any site."""
    bound = (
        asks_first(video)
        or video.project_private
        or video.allowed_networks
        or video.allowed_domains
        or video.signed_embeds_only
    )
    return not bound and video.privacy in (Privacy.PUBLIC, Privacy.PRIVATE)


def cover_of(videos: Sequence[Video]) -> Video | None:
    """Whose poster stands for a playlist."""
    return next((video for video in videos if video.playable and shows_freely(video)), None)


def meta_tags(shared: Shared) -> tuple[tuple[str, str], ...]:
    """Names and contents of meta elements (ogp.me; X's documentation of cards); what is empty is left out."""
    width, height = (str(side) for side in shared.size)
    description = (shared.description or "")[:DESCRIPTION_MAX]
    framed = shared.frame_url is not None
    found = [
        ("og:type", "video.other"),
        ("og:site_name", PROVIDER),
        ("og:title", shared.title),
        ("og:description", description),
        ("og:url", shared.page_url),
        ("og:image", shared.image_url),
        ("og:video", shared.frame_url),
        ("og:video:type", "text/html" if framed else None),
        ("og:video:width", width if framed else None),
        ("og:video:height", height if framed else None),
        ("twitter:card", "player" if framed else "summary_large_image"),
        ("twitter:title", shared.title),
        ("twitter:description", description),
        ("twitter:image", shared.image_url),
        ("twitter:player", shared.frame_url),
        ("twitter:player:width", width if framed else None),
        ("twitter:player:height", height if framed else None),
    ]
    return tuple((name, content) for name, content in found if content)


def oembed_links(base: str, page_url: str) -> tuple[tuple[str, str], ...]:
    """Types and URLs of the links that lead from a page to its oEmbed answers (oembed.com, section 4)."""
    asked = f"?url={quote(page_url, safe='')}"
    return (
        ("application/json+oembed", f"{base}{OEMBED_JSON}{asked}"),
        ("text/xml+oembed", f"{base}{OEMBED_XML}{asked}"),
    )
