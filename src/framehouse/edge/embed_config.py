"""From the answer to a viewer to the player's configuration: states, messages and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from framehouse.edge.embed_page import EmbedCaption, EmbedConfig, EmbedState
from framehouse.kernel import to_hex
from framehouse.library import Output, OutputKind, Privacy, Video
from framehouse.playback import (
    DASH_NAME,
    HLS_NAME,
    AssetKind,
    AssetSigner,
    DenialReason,
    Denied,
    Viewing,
    asset_path,
    embed_path,
    media_path,
)

_STATES = {
    DenialReason.PASSWORD_REQUIRED: EmbedState.PASSWORD,
    DenialReason.NOT_PLAYABLE_YET: EmbedState.PROCESSING,
    DenialReason.FAILED: EmbedState.FAILED,
}
_TRUE = {"1", "true", "yes", "on", ""}


@dataclass(frozen=True)
class EmbedOptions:
    """What the embed URL's query asks for. Names count without regard to case; unknown ones are ignored."""

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
            query=f"?{query}" if query else "",
        )


def embed_config(viewing: Viewing, assets: AssetSigner, prefix: str, options: EmbedOptions) -> EmbedConfig:
    """`prefix` comes before every path (see `addresses.path_prefix`)."""
    video = viewing.video
    own_path = prefix + embed_path(video)
    config = EmbedConfig(
        video_id=to_hex(video.id),
        title=video.title,
        state=EmbedState.PLAYABLE,
        theme_color=options.theme_color or video.settings.get("theme_color"),
        autoplay=options.autoplay,
        muted=options.muted,
        loop=options.loop,
        start_ms=options.start_ms,
        status_url=f"{own_path}/config{options.query}",
        password_url=f"{own_path}/password{options.query}" if video.privacy is Privacy.PASSWORD else None,
    )
    if isinstance(viewing.decision, Denied):
        return _denied(config, viewing.decision, video)
    return _playable(config, viewing, assets, prefix, options)


def _denied(config: EmbedConfig, denied: Denied, video: Video) -> EmbedConfig:
    """Who may not watch learns the title of the video only where the embed shows it by itself."""
    state = _STATES.get(denied.reason, EmbedState.DENIED)
    progress = video.progress_percent if state is EmbedState.PROCESSING else None
    title = config.title if state is not EmbedState.DENIED else ""
    return replace(config, state=state, message=denied.message, progress_percent=progress, title=title)


def _playable(
    config: EmbedConfig, viewing: Viewing, assets: AssetSigner, prefix: str, options: EmbedOptions
) -> EmbedConfig:
    video, output = viewing.video, viewing.output
    assert output is not None  # what Allowed comes with
    assert viewing.ticket is not None  # as above
    media = prefix + media_path(viewing.ticket, video.id, output.id, "")
    quality = "?type=sd" if options.sd_only else ""
    storyboard = next(iter(viewing.published.of_kind(OutputKind.STORYBOARD)), None)
    return replace(
        config,
        hls_url=f"{media}{HLS_NAME}{quality}",
        dash_url=f"{media}{DASH_NAME}{quality}",
        clear_key_url=f"{media}license" if video.protected else None,
        poster_url=prefix + asset_path(assets, video, AssetKind.POSTER, f"{video.poster_number}.jpg"),
        storyboard_url=prefix + asset_path(assets, video, AssetKind.STORYBOARD, "storyboard.vtt")
        if storyboard
        else None,
        duration_ms=video.duration_ms,
        captions=tuple(
            _caption(caption, prefix + asset_path(assets, video, AssetKind.CAPTION, f"{caption.name}.vtt"))
            for caption in viewing.published.of_kind(OutputKind.CAPTION)
        ),
    )


def _caption(output: Output, url: str) -> EmbedCaption:
    language = output.language or "und"
    return EmbedCaption(language=language, label=language, url=url)


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
