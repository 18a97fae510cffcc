"""The embed page: what a player needs to know about one video, as HTML, as JSON and as a security policy.

Pure but for reading the built assets' manifest: who may watch is decided before, routes and headers are
the caller's. The field names of the JSON are the contract with the player in frontend/player.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from framehouse.kernel.errors import InvalidInput, TemporarilyUnavailable

_TEMPLATES = Path(__file__).parent / "templates"
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
# A host source of Content Security Policy Level 3, section 2.3.1: scheme, `*.` and port are optional.
_HOST_SOURCE = re.compile(r"(?:https?://)?(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::(?:\d{1,5}|\*))?")
_HOST_SOURCE_V6 = re.compile(r"https?://\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


class EmbedState(StrEnum):
    """What the viewer meets: the film, a wait, a reason, or a prompt."""

    PLAYABLE = "playable"
    PROCESSING = "processing"
    FAILED = "failed"
    PASSWORD = "password"  # noqa: S105  the name of a state, not a secret
    DENIED = "denied"


@dataclass(frozen=True)
class EmbedCaption:
    """One WebVTT file; `kind` is HTML's (`captions` or `subtitles`), `language` a BCP 47 tag."""

    language: str
    label: str
    url: str
    kind: str = "captions"

    def to_json(self) -> dict[str, Any]:
        return {"language": self.language, "label": self.label, "url": self.url, "kind": self.kind}


@dataclass(frozen=True)
class EmbedChapter:
    """A named part of the film; `end_ms` is the next chapter's start or the film's end."""

    start_ms: int
    end_ms: int
    title: str

    def to_json(self) -> dict[str, Any]:
        return {"startMs": self.start_ms, "endMs": self.end_ms, "title": self.title}


@dataclass(frozen=True)
class EmbedConfig:
    """All the player is told. URLs are relative to the page or absolute; what is absent is None or empty.

    `frame_ancestors` is who may frame the page (`*`, hosts, origins, `'self'`; empty: nobody). It goes into
    the policy, not into the JSON. Only a `playable` config should carry manifests and a licence URL.
    """

    video_id: str
    title: str
    state: EmbedState
    message: str | None = None
    progress_percent: int | None = None
    hls_url: str | None = None
    dash_url: str | None = None
    poster_url: str | None = None
    storyboard_url: str | None = None
    duration_ms: int | None = None
    captions: Sequence[EmbedCaption] = ()
    chapters: Sequence[EmbedChapter] = ()
    theme_color: str | None = None
    autoplay: bool = False
    muted: bool = False
    loop: bool = False
    start_ms: int = 0
    status_url: str | None = None
    password_url: str | None = None
    clear_key_url: str | None = None
    resume: bool = True
    frame_ancestors: Sequence[str] = field(default=("*",))

    def to_json(self) -> dict[str, Any]:
        """The JSON the page carries, and the answer of `status_url` and `password_url`."""
        color = self.theme_color
        return {
            "videoId": self.video_id,
            "title": self.title,
            "state": self.state.value,
            "message": self.message,
            "progressPercent": self.progress_percent,
            "manifests": {"hls": self.hls_url, "dash": self.dash_url},
            "poster": self.poster_url,
            "storyboard": self.storyboard_url,
            "durationMs": self.duration_ms,
            "captions": [caption.to_json() for caption in self.captions],
            "chapters": [chapter.to_json() for chapter in self.chapters],
            "themeColor": color if color and _COLOR.fullmatch(color) else None,
            "autoplay": self.autoplay,
            "muted": self.muted,
            "loop": self.loop,
            "startMs": self.start_ms,
            "statusUrl": self.status_url,
            "passwordUrl": self.password_url,
            "license": {"clearKeyUrl": self.clear_key_url} if self.clear_key_url else None,
            "resume": self.resume,
        }

    def urls(self) -> Iterator[str]:
        """Every URL the player may fetch."""
        single = (
            self.hls_url,
            self.dash_url,
            self.poster_url,
            self.storyboard_url,
            self.status_url,
            self.password_url,
            self.clear_key_url,
        )
        yield from (url for url in single if url)
        yield from (caption.url for caption in self.captions)


@dataclass(frozen=True)
class PlayerAssets:
    """Where the built player is served: content-hashed URLs that may be cached for ever."""

    script_url: str
    style_url: str
    shaka_dash_url: str
    shaka_hls_url: str


def load_player_assets(web_dir: Path, base_url: str) -> PlayerAssets:
    """Reads the build's manifest in `web_dir`; files are served under `base_url` (no slash at its end).

    Raises TemporarilyUnavailable while the player is not built.
    """
    try:
        names = json.loads((web_dir / "manifest.json").read_text())
    except FileNotFoundError as missing:
        raise TemporarilyUnavailable("The player is not built yet: run scripts/build-web.py.") from missing

    def url(name: str) -> str:
        return f"{base_url}/{names[name]}"

    return PlayerAssets(
        script_url=url("player.js"),
        style_url=url("player.css"),
        shaka_dash_url=url("shaka-dash.js"),
        shaka_hls_url=url("shaka-hls.js"),
    )


def render_embed(config: EmbedConfig, assets: PlayerAssets) -> str:
    """The whole page. It carries no inline script or style, so that the strict policy holds."""
    page = _environment().get_template("embed.html")
    return page.render(
        title=config.title,
        assets=assets,
        preload_url=_preload_url(config, assets),
        config_json=_script_safe_json(config.to_json()),
    )


def content_security_policy(config: EmbedConfig) -> str:
    """The value of the Content-Security-Policy header for `config`'s page (CSP Level 3).

    Own origin only, plus the origins of absolute URLs in the config (media on another host). Raises
    InvalidInput when `frame_ancestors` names something that is not a host or origin.
    """
    remote = sorted({origin for origin in map(_origin, config.urls()) if origin})
    sources = " ".join(["'self'", *remote])
    directives = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        f"img-src {sources} data:",  # data: for placeholder posters
        f"media-src {sources} blob:",  # blob: is how Media Source Extensions attach
        f"connect-src {sources}",
        "worker-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",  # the password goes by fetch
        f"frame-ancestors {_frame_ancestors(config.frame_ancestors)}",
    )
    return "; ".join(directives)


def _frame_ancestors(sources: Sequence[str]) -> str:
    for source in sources:
        known = source in ("*", "'self'")
        if not known and not _HOST_SOURCE.fullmatch(source) and not _HOST_SOURCE_V6.fullmatch(source):
            raise InvalidInput(f"{source!r} is not a host or origin that may frame the player, such as example.com.")
    return " ".join(sources) or "'none'"


def _origin(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return origin if _HOST_SOURCE.fullmatch(origin) or _HOST_SOURCE_V6.fullmatch(origin) else None


def _preload_url(config: EmbedConfig, assets: PlayerAssets) -> str | None:
    """The engine the player will choose (frontend/player/src/tech.ts: DASH before HLS), fetched in parallel."""
    if config.dash_url:
        return assets.shaka_dash_url
    return assets.shaka_hls_url if config.hls_url else None


def _script_safe_json(value: dict[str, Any]) -> Markup:
    """JSON that cannot end its <script> element or start a comment in it (HTML, script data states)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  escaped for a script element just above; HTML escapes would not be undone there


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
