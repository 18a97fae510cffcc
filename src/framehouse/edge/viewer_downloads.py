"""A download by a viewer who was let in, or not: `/embed/{video}/{token}/download/{quality}` and below `/watch`."""

from starlette.types import ASGIApp

from framehouse.edge.asset_answers import asset_answer
from framehouse.edge.context import EdgeContext
from framehouse.edge.viewers import STATE_REASONS, tell_denial
from framehouse.kernel import AccessDenied, NotFound
from framehouse.library import DownloadQuality
from framehouse.playback import (
    DOWNLOAD_NOT_ALLOWED,
    DenialReason,
    Denied,
    Viewing,
    download_asset,
    permitted_downloads,
)

# The next viewer of a shared machine is another one.
_HEADERS = {"cache-control": "private, no-cache"}


async def download_answer(context: EdgeContext, viewing: Viewing, quality_name: str) -> ASGIApp:
    """The file with ranges and HEAD. AccessDenied for who may not watch or not download; NotFound for what is not
    there, or not yet."""
    if quality_name not in set(DownloadQuality):
        raise NotFound("Not found.")
    quality = DownloadQuality(quality_name)
    if not isinstance(viewing.decision, Denied) and quality not in permitted_downloads(viewing):
        viewing = viewing.refused(DOWNLOAD_NOT_ALLOWED)
    tell_denial(viewing)
    if isinstance(viewing.decision, Denied):
        if viewing.decision.reason in STATE_REASONS | {DenialReason.OWNER_ONLY}:
            raise NotFound("Not found.")  # as the page itself is answered
        raise AccessDenied(viewing.decision.message)
    asset = await download_asset(context.playback, viewing.published, quality)
    if asset is None:
        raise NotFound("This quality was not made.")
    return await asset_answer(context.library.storage, asset, _HEADERS)
