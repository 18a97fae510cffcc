"""From the answer to a viewer to the player's configuration: states, messages, addresses, who may frame the player."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace

from framehouse.edge.embed_extras import EmbedLinks, with_extras
from framehouse.edge.embed_page import EmbedConfig, EmbedContact, EmbedState
from framehouse.edge.viewers import PASS
from framehouse.kernel import to_hex
from framehouse.library import THEME_COLOR, OutputKind, PlayerExtras, Privacy, Video
from framehouse.playback import (
    DASH_NAME,
    HLS_NAME,
    LOGIN_REASONS,
    AssetKind,
    DenialReason,
    Denied,
    Viewing,
    asset_path,
    media_path,
)

_STATES = {
    DenialReason.PROJECT_LOCKED: EmbedState.PASSWORD,
    DenialReason.PASSWORD_REQUIRED: EmbedState.PASSWORD,
    DenialReason.PASSWORD_WRONG: EmbedState.PASSWORD,
    DenialReason.CONTACT_REQUIRED: EmbedState.CONTACT,
    DenialReason.CONTACT_INVALID: EmbedState.CONTACT,
    DenialReason.NOT_PLAYABLE_YET: EmbedState.PROCESSING,
    DenialReason.FAILED: EmbedState.FAILED,
    **dict.fromkeys(LOGIN_REASONS, EmbedState.LOGIN),
}
# Who is asked to sign in learns no more of the video than who is refused.
_WITHOUT_TITLE = frozenset({EmbedState.DENIED, EmbedState.LOGIN})
_ELSEWHERE = frozenset({DenialReason.DOMAIN_UNKNOWN, DenialReason.DOMAIN_NOT_ALLOWED})
_TRUE = {"1", "true", "yes", "on", ""}


@dataclass(frozen=True)
class EmbedOptions:
    """What the embed URL's query asks for. Names count without regard to case; unknown ones are ignored.

    `query` goes on to follow-up requests as it came, so that options and signature stay; each has a pass of its own.
    """

    autoplay: bool = False
    muted: bool = False
    loop: bool = False
    start_ms: int = 0
    theme_color: str | None = None
    sd_only: bool = False
    query: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str], query: str) -> "EmbedOptions":
        given = {name.lower(): value for name, value in parameters.items()}
        color = given.get("color")
        return cls(
            autoplay=_is_true(given.get("autoplay")),
            muted=_is_true(given.get("muted")),
            loop=_is_true(given.get("loop")),
            start_ms=_milliseconds(given.get("t", "")),
            theme_color=f"#{color.removeprefix('#')}" if color else None,
            sd_only=given.get("type", "").lower() == "sd",
            query="&".join(pair for pair in query.split("&") if pair and pair.partition("=")[0] != PASS),
        )


def embed_config(
    viewing: Viewing, extras: PlayerExtras | None, links: EmbedLinks, options: EmbedOptions
) -> EmbedConfig:
    """`extras` are there for who may watch."""
    video = viewing.video
    config = EmbedConfig(
        video_id=to_hex(video.id),
        title=video.title,
        state=EmbedState.PLAYABLE,
        theme_color=options.theme_color or video.settings.get(THEME_COLOR),
        autoplay=options.autoplay,
        muted=options.muted,
        loop=options.loop,
        start_ms=options.start_ms,
        status_url=links.follow_up("config"),
        password_url=links.follow_up("password") if video.privacy is Privacy.PASSWORD or video.project_locked else None,
        login_url=links.follow_up("login") if viewing.is_counted else None,
        parent_hosts=parent_hosts(viewing),
        frame_ancestors=frame_ancestors(viewing),
    )
    if isinstance(viewing.decision, Denied):
        return _denied(config, viewing.decision, video, links)
    assert extras is not None  # as said above
    return with_extras(_playable(config, viewing, links, options), viewing, extras, links)


def frame_ancestors(viewing: Viewing) -> tuple[str, ...]:
    """Which pages may have the player in them (CSP Level 3, section 6.4.2), and all those around them.

    A pass that was given to a page of ours opens the player there and not wherever somebody carries it. A refusal for
    the site's sake is shown where it happens.
    """
    video = viewing.video
    if _is_elsewhere(viewing):
        return ("*",)
    if video.allowed_domains:
        if any(_is_address(domain) for domain in video.allowed_domains):
            return ("*",)  # the policy knows no addresses; the domain was looked at when the page was asked for
        return ("'self'", *(f"http://{domain}:*" for domain in video.allowed_domains))  # http means https as well
    return ("'self'",) if video.signed_embeds_only and viewing.viewer.proofs.from_page else ("*",)


def parent_hosts(viewing: Viewing) -> tuple[str, ...]:
    """A site that is not on the list does not learn who is."""
    return () if _is_elsewhere(viewing) else viewing.video.allowed_domains or ("*",)


def _is_elsewhere(viewing: Viewing) -> bool:
    return isinstance(viewing.decision, Denied) and viewing.decision.reason in _ELSEWHERE


def _denied(config: EmbedConfig, denied: Denied, video: Video, links: EmbedLinks) -> EmbedConfig:
    """Who may not watch learns the title of the video only where the embed shows it by itself."""
    state = _STATES.get(denied.reason, EmbedState.DENIED)
    if denied.reason is DenialReason.TOO_MANY_TRIES:
        state = EmbedState.LOGIN if video.privacy is Privacy.LOGIN else EmbedState.PASSWORD
    contact = None
    if state is EmbedState.CONTACT:  # nobody can be written to by name alone
        contact = EmbedContact(links.follow_up("contact"), asks_name=video.asks_name, asks_email=True)
    return replace(
        config,
        state=state,
        message=denied.message,
        progress_percent=video.progress_percent if state is EmbedState.PROCESSING else None,
        contact=contact,
        title="" if state in _WITHOUT_TITLE else config.title,
    )


def _playable(config: EmbedConfig, viewing: Viewing, links: EmbedLinks, options: EmbedOptions) -> EmbedConfig:
    """With manifests under the ticket; without one the first press of the play button gets it."""
    video, output = viewing.video, viewing.output
    assert output is not None  # what Allowed comes with
    storyboard = next(iter(viewing.published.of_kind(OutputKind.STORYBOARD)), None)
    config = replace(
        config,
        poster_url=links.prefix + asset_path(links.assets, video, AssetKind.POSTER, f"{video.poster_number}.jpg"),
        storyboard_url=links.prefix + asset_path(links.assets, video, AssetKind.STORYBOARD, "storyboard.vtt")
        if storyboard
        else None,
        duration_ms=video.duration_ms,
    )
    if viewing.ticket is None:
        return replace(config, start_url=links.follow_up("start"))
    media = links.prefix + media_path(viewing.ticket, video.id, output.id, "")
    quality = "?type=sd" if options.sd_only else ""
    return replace(
        config,
        hls_url=f"{media}{HLS_NAME}{quality}",
        dash_url=f"{media}{DASH_NAME}{quality}",
        clear_key_url=f"{media}license" if video.protected else None,
    )


def _is_address(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return False
    return True


def _is_true(value: str | None) -> bool:
    return value is not None and value.lower() in _TRUE


def _milliseconds(seconds: str) -> int:
    """Whole or decimal seconds, with or without `s`; 0 for anything else."""
    text = seconds.removesuffix("s")
    whole, _, part = text.partition(".")
    if not (
        whole.isascii() and whole.isdigit() and len(whole) <= 6 and (not part or (part.isascii() and part.isdigit()))
    ):
        return 0
    return int(whole) * 1000 + int((part + "000")[:3])
