"""The embed page: what a player needs to know about one video, as HTML, as JSON and as a security policy.

Pure but for reading the built assets' manifest: who may watch is decided before, routes and headers are
the caller's. The field names of the JSON are the contract with the player in frontend/player.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from framehouse.edge.rendering import built_assets, script_safe_json, templates
from framehouse.kernel.errors import InvalidInput

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
    LOGIN = "login"
    CONTACT = "contact"
    DENIED = "denied"


@dataclass(frozen=True)
class EmbedCaption:
    """One WebVTT file; `kind` is HTML's (`captions` or `subtitles`), `language` a BCP 47 tag. An `embedded` one came
    with the film, so that the manifest may have it too."""

    language: str
    label: str
    url: str
    kind: str = "captions"
    embedded: bool = False

    def to_json(self) -> dict[str, Any]:
        said = {"language": self.language, "label": self.label, "url": self.url, "kind": self.kind}
        return {**said, "embedded": self.embedded}


@dataclass(frozen=True)
class EmbedChapter:
    """A named part of the film; `end_ms` is the next chapter's start or the film's end."""

    start_ms: int
    end_ms: int
    title: str

    def to_json(self) -> dict[str, Any]:
        return {"startMs": self.start_ms, "endMs": self.end_ms, "title": self.title}


@dataclass(frozen=True)
class EmbedCallToAction:
    """A link over the picture from `start_ms` on; without `end_ms` until the film is over."""

    id: str
    text: str
    url: str
    start_ms: int
    end_ms: int | None
    skippable: bool

    def to_json(self) -> dict[str, Any]:
        times = {"startMs": self.start_ms, "endMs": self.end_ms}
        return {"id": self.id, "text": self.text, "url": self.url, **times, "skippable": self.skippable}


@dataclass(frozen=True)
class EmbedDownload:
    quality: str
    label: str
    url: str

    def to_json(self) -> dict[str, Any]:
        return {"quality": self.quality, "label": self.label, "url": self.url}


@dataclass(frozen=True)
class EmbedSharing:
    page_url: str | None
    embed_code: str | None

    def to_json(self) -> dict[str, Any]:
        return {"pageUrl": self.page_url, "embedCode": self.embed_code}


@dataclass(frozen=True)
class EmbedContact:
    """The form that asks who the viewer is."""

    url: str
    asks_name: bool
    asks_email: bool

    def to_json(self) -> dict[str, Any]:
        return {"url": self.url, "asksName": self.asks_name, "asksEmail": self.asks_email}


@dataclass(frozen=True)
class EmbedReport:
    """Where and how the player reports what is watched. Not `persistent`: it must recognise nobody the next time."""

    url: str
    ticket: str
    now_ms: int
    every_ms: int
    persistent: bool

    def to_json(self) -> dict[str, Any]:
        times = {"nowMs": self.now_ms, "everyMs": self.every_ms}
        return {"url": self.url, "ticket": self.ticket, **times, "persistent": self.persistent}


@dataclass(frozen=True)
class EmbedConfig:
    """All the player is told. URLs are relative to the page or absolute; what is absent is None or empty.

    Only a `playable` config should carry manifests and a licence URL. It has a `start_url` instead where each play is
    counted: the first press of the play button asks there and gets a config with manifests.

    `frame_ancestors` is who may frame the page (`*`, hosts, origins, `'self'`; empty: nobody). It goes into
    the policy, not into the JSON. `parent_hosts` are hosts whose pages may talk with the player, `*` for all.
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
    login_url: str | None = None
    contact: EmbedContact | None = None
    start_url: str | None = None
    calls_to_action: Sequence[EmbedCallToAction] = ()
    downloads: Sequence[EmbedDownload] = ()
    sharing: EmbedSharing | None = None
    parent_hosts: Sequence[str] = field(default=("*",))
    clear_key_url: str | None = None
    report: EmbedReport | None = None
    resume: bool = True
    frame_ancestors: Sequence[str] = field(default=("*",))

    def to_json(self) -> dict[str, Any]:
        """The JSON the page carries, and the answer of every follow-up URL."""
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
            "loginUrl": self.login_url,
            "contact": self.contact.to_json() if self.contact else None,
            "startUrl": self.start_url,
            "callsToAction": [call.to_json() for call in self.calls_to_action],
            "downloads": [download.to_json() for download in self.downloads],
            "sharing": self.sharing.to_json() if self.sharing else None,
            "parentOrigins": list(self.parent_hosts),
            "license": {"clearKeyUrl": self.clear_key_url} if self.clear_key_url else None,
            "report": self.report.to_json() if self.report else None,
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
    """Where the files of the build in `web_dir` are under `base_url`. Raises TemporarilyUnavailable without a build."""
    urls = built_assets(web_dir, base_url)
    return PlayerAssets(
        script_url=urls["player.js"],
        style_url=urls["player.css"],
        shaka_dash_url=urls["shaka-dash.js"],
        shaka_hls_url=urls["shaka-hls.js"],
    )


def render_embed(config: EmbedConfig, assets: PlayerAssets) -> str:
    """The whole page. It carries no inline script or style, so that the strict policy holds."""
    page = templates().get_template("embed.html")
    return page.render(
        title=config.title,
        assets=assets,
        preload_url=_preload_url(config, assets),
        config_json=script_safe_json(config.to_json()),
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
