"""The playlist page: the player's frame, the list, what its script needs to know. It works without the script too,
since the list's links open in the frame.

Pure but for reading the build's manifest; who may see the page is decided before. The names of the JSON, and the
elements `player` and `list`, are the contract with the script in frontend/player.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from framehouse.edge.rendering import script_safe_json, templates

SCRIPT, STYLE = "playlist.js", "playlist.css"


@dataclass(frozen=True)
class PlaylistItem:
    """`embed_url` is opened in the frame."""

    video_id: str
    title: str
    duration_ms: int | None
    poster_url: str | None
    embed_url: str

    def to_json(self) -> dict[str, Any]:
        return {
            "videoId": self.video_id,
            "title": self.title,
            "durationMs": self.duration_ms,
            "posterUrl": self.poster_url,
            "embedUrl": self.embed_url,
        }

    @property
    def length(self) -> str | None:
        """As people write it: `4:05`, `1:02:03`."""
        if self.duration_ms is None:
            return None
        minutes, seconds = divmod(round(self.duration_ms / 1000), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@dataclass(frozen=True)
class PlaylistPage:
    """`is_embed`: made to be framed by any site, without a heading of its own. `meta` and `links` are what other sites
    and search engines are told; without any they are asked to stay away."""

    playlist_id: str
    title: str
    items: Sequence[PlaylistItem]
    is_embed: bool
    first_url: str | None
    meta: Sequence[tuple[str, str]] = ()
    links: Sequence[tuple[str, str]] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "playlistId": self.playlist_id,
            "title": self.title,
            "items": [item.to_json() for item in self.items],
            "autoplayNext": True,
        }


def render_playlist(page: PlaylistPage, assets: Mapping[str, str]) -> str:
    """No inline script or style, so that the strict policy holds. `assets`: see `rendering.built_assets`."""
    return (
        templates()
        .get_template("playlist.html")
        .render(page=page, script=assets[SCRIPT], style=assets[STYLE], config_json=script_safe_json(page.to_json()))
    )


def content_security_policy(page: PlaylistPage) -> str:
    """CSP Level 3: everything from our own origin; any site may frame the embed, only we the playlist's own page."""
    ancestors = "*" if page.is_embed else "'self'"
    directives = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        f"frame-ancestors {ancestors}",
    )
    return "; ".join(directives)
