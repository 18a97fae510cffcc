"""Downloads by viewers: which file a quality means, which qualities a viewer may have, where its bytes are.

Owners have the URLs of API answers instead (`assets`).
"""

from collections.abc import Sequence

from framehouse.library import DownloadQuality, Output, OutputKind, Privacy, PublishedVideo
from framehouse.playback.assets import Asset, find_asset
from framehouse.playback.context import PlaybackContext
from framehouse.playback.model import Allowed, DenialReason, Denied
from framehouse.playback.signatures import AssetKind
from framehouse.playback.watch import Viewing

SD_LINES_MAX = 480
HD_LINES_MIN = 720
DOWNLOAD_NOT_ALLOWED = Denied(DenialReason.DOWNLOAD_NOT_ALLOWED, "This video may not be downloaded in this quality.")


def _lines(output: Output) -> int:
    """What a quality is called by: the shorter side, so that portrait video counts alike."""
    return min(output.width or 0, output.height or 0)


def sd_download(downloads: Sequence[Output]) -> Output | None:
    """The best in standard definition, else the smallest there is."""
    small = [each for each in downloads if _lines(each) <= SD_LINES_MAX]
    return max(small, key=_lines) if small else min(downloads, key=_lines, default=None)


def hd_download(downloads: Sequence[Output]) -> Output | None:
    return max((each for each in downloads if _lines(each) >= HD_LINES_MIN), key=_lines, default=None)


def download_of(published: PublishedVideo, quality: DownloadQuality) -> Output | None:
    """None where it was not made, and for the original, which is a source."""
    made = published.of_kind(OutputKind.DOWNLOAD)
    choices = {DownloadQuality.SD: sd_download, DownloadQuality.HD: hd_download}
    return choices[quality](made) if quality in choices else None


def _exists(published: PublishedVideo, quality: DownloadQuality) -> bool:
    if quality is DownloadQuality.ORIGINAL:
        return published.video.source_id is not None
    return download_of(published, quality) is not None


def permitted_downloads(viewing: Viewing) -> frozenset[DownloadQuality]:
    """What somebody who may watch may also download. With logins their grants say so; else the video, or where it says
    nothing the account, whose word is never about the original."""
    video, facts, tenant = viewing.video, viewing.facts, viewing.tenant
    if facts.is_owner:
        return frozenset(DownloadQuality)
    if video.privacy is Privacy.LOGIN:
        playing = facts.play.grant_id if facts.play is not None else None
        grants = (
            grant
            for grant in facts.grants or ()
            if grant.objection(facts.now, play_continues=grant.id == playing) is None
        )
        return frozenset(quality for grant in grants for quality in grant.downloads)
    if video.viewer_downloads is not None:
        return frozenset(video.viewer_downloads)
    if tenant is None:
        return frozenset()
    defaults = {DownloadQuality.SD: tenant.profile.download_sd, DownloadQuality.HD: tenant.profile.download_hd}
    return frozenset(quality for quality, is_allowed in defaults.items() if is_allowed)


def offered_downloads(viewing: Viewing) -> tuple[DownloadQuality, ...]:
    """What may be downloaded and is there, the smallest first."""
    if not isinstance(viewing.decision, Allowed):
        return ()
    may = permitted_downloads(viewing)
    order = (DownloadQuality.SD, DownloadQuality.HD, DownloadQuality.ORIGINAL)
    return tuple(quality for quality in order if quality in may and _exists(viewing.published, quality))


async def download_asset(context: PlaybackContext, published: PublishedVideo, quality: DownloadQuality) -> Asset | None:
    """The file itself; whether the viewer may have it was asked before. None where it was not made."""
    if quality is DownloadQuality.ORIGINAL:
        return await find_asset(context, published, AssetKind.SOURCE, "")
    output = download_of(published, quality)
    return await find_asset(context, published, AssetKind.DOWNLOAD, output.name) if output is not None else None
