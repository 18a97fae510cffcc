"""What the player has beside the film: captions, chapters, calls to action, downloads, sharing. And where what it asks
for next is found."""

from dataclasses import dataclass, replace
from html import escape

from framehouse import library
from framehouse.edge.embed_page import (
    EmbedCallToAction,
    EmbedCaption,
    EmbedChapter,
    EmbedConfig,
    EmbedDownload,
    EmbedSharing,
)
from framehouse.edge.viewers import PASS
from framehouse.kernel import to_hex
from framehouse.library import (
    CaptionOrigin,
    Chapter,
    DownloadQuality,
    LibraryContext,
    Output,
    OutputKind,
    PlayerExtras,
    Privacy,
    Video,
)
from framehouse.playback import (
    Allowed,
    AssetKind,
    AssetSigner,
    Viewing,
    asset_path,
    embed_path,
    offered_downloads,
    watch_path,
)

EMBED_CODE_PX = (640, 360)
_LABELS = {DownloadQuality.SD: "SD", DownloadQuality.HD: "HD", DownloadQuality.ORIGINAL: "Original"}


@dataclass(frozen=True)
class EmbedLinks:
    """`prefix` comes before paths that the page's own player asks for, `base` before addresses that leave the page (see
    `addresses`). `query` is the embed's own, without a pass."""

    assets: AssetSigner
    prefix: str
    base: str
    own_path: str
    query: str
    pass_text: str

    def follow_up(self, name: str) -> str:
        query = f"{self.query}&" if self.query else ""
        return f"{self.prefix}{self.own_path}/{name}?{query}{PASS}={self.pass_text}"


async def find_extras(context: LibraryContext, viewing: Viewing) -> PlayerExtras | None:
    """Nothing for who may not watch."""
    return await library.player_extras(context, viewing.video.id) if isinstance(viewing.decision, Allowed) else None


def with_extras(config: EmbedConfig, viewing: Viewing, extras: PlayerExtras, links: EmbedLinks) -> EmbedConfig:
    """The configuration of a film that may be watched, with everything around it."""
    video = viewing.video
    return replace(
        config,
        captions=tuple(_caption(viewing, output, links) for output in viewing.published.of_kind(OutputKind.CAPTION)),
        chapters=tuple(_chapter(chapter, video) for chapter in extras.chapters),
        calls_to_action=tuple(
            EmbedCallToAction(to_hex(call.id), call.text, call.url, call.start_ms, call.end_ms, call.skippable)
            for call in extras.calls_to_action
        ),
        downloads=tuple(
            EmbedDownload(quality.value, _LABELS[quality], links.follow_up(f"download/{quality.value}"))
            for quality in offered_downloads(viewing)
        ),
        sharing=_sharing(video, links),
    )


def _caption(viewing: Viewing, output: Output, links: EmbedLinks) -> EmbedCaption:
    caption = library.caption_of(output)
    path = asset_path(links.assets, viewing.video, AssetKind.CAPTION, f"{caption.name}.vtt")
    embedded = caption.origin is CaptionOrigin.EMBEDDED
    return EmbedCaption(caption.language, caption.label, links.prefix + path, embedded=embedded)


def _chapter(chapter: Chapter, video: Video) -> EmbedChapter:
    """The last one may have no end while the length of the film is unknown."""
    end_ms = chapter.end_ms if chapter.end_ms is not None else video.duration_ms or chapter.start_ms
    return EmbedChapter(chapter.start_ms, end_ms, chapter.title)


def _sharing(video: Video, links: EmbedLinks) -> EmbedSharing | None:
    """The owner's own page where there is one. A watch page that is its owner's alone is no address to share, nor an
    embed that needs a signature."""
    page_url = None
    if video.shows_sharing:
        own_page = links.base + watch_path(video.id) if video.privacy is not Privacy.PRIVATE else None
        page_url = video.page_url or own_page
    code = None
    if video.shows_embed_code and not video.signed_embeds_only:
        code = embed_code(links.base + embed_path(video), video)
    return EmbedSharing(page_url, code) if page_url or code else None


def embed_code(url: str, video: Video) -> str:
    """In single quotes, as programs that read it expect."""
    width, height = EMBED_CODE_PX
    if video.width and video.height:
        height = round(width * video.height / video.width)
    return (
        f"<iframe src='{escape(url)}' width='{width}' height='{height}' frameborder='0' "
        "allow='autoplay; fullscreen; picture-in-picture; encrypted-media' allowfullscreen></iframe>"
    )
