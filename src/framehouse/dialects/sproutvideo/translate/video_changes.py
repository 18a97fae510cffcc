"""From what an upload or an edit says of a video to the library's words. What may be changed, the library says."""

from collections.abc import Sequence
from typing import Any

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Window
from framehouse.dialects.sproutvideo import schemas
from framehouse.dialects.sproutvideo.translate import ids
from framehouse.dialects.sproutvideo.translate.values import PRIVACY_LEVELS
from framehouse.dialects.sproutvideo.translate.videos import STATES
from framehouse.identity import Profile, Tenant
from framehouse.kernel import FolderId
from framehouse.library import (
    PAGE_URL,
    SHOWS_EMBED_CODE,
    SHOWS_SHARING,
    UNCHANGED,
    UNLISTED,
    DownloadQuality,
    NewVideo,
    Privacy,
    TagId,
    Unchanged,
    Video,
    VideoChanges,
    VideoQuery,
)

DOWNLOADS = {
    "download_sd": DownloadQuality.SD, "download_hd": DownloadQuality.HD, "download_source": DownloadQuality.ORIGINAL,
}  # fmt: skip
SETTINGS = {
    "embedded_url": PAGE_URL, "player_social_sharing": SHOWS_SHARING, "player_embed_sharing": SHOWS_EMBED_CODE,
    "hide_on_site": UNLISTED,
}  # fmt: skip


def query(given: schemas.VideoListQuery, window: Window) -> VideoQuery:
    return VideoQuery(
        tag_id=ids.tag_id(given.tag_id) if given.tag_id else None,
        tag_name=given.tag_name or None,
        privacy=PRIVACY_LEVELS[given.privacy] if given.privacy is not None else None,
        states=[state for state, name in STATES.items() if name == given.state] if given.state else None,
        folder_id=ids.folder_id(given.folder_id) if given.folder_id else None,
        playlist_id=ids.playlist_id(given.playlist_id) if given.playlist_id else None,
        order_by=given.order_by,
        descending=given.order_dir == "desc",
        offset=window.offset,
        limit=window.limit,
    )


def new_video(context: DialectContext, tenant: Tenant, given: schemas.VideoUpload, file_name: str) -> NewVideo:
    downloads = _downloads(given, None, tenant.profile)
    return NewVideo(
        title=(given.title or "").strip() or file_name,
        file_name=file_name,
        description=given.description or None,
        privacy=PRIVACY_LEVELS[given.privacy] if given.privacy is not None else Privacy(tenant.default_privacy),
        password=given.password or None,
        prefers_embed_password=bool(given.prefers_embed_password),
        folder_id=ids.folder_id(given.folder_id) if given.folder_id else None,
        preset=context.settings.default_preset,
        wants_download=context.settings.default_downloads,
        notification_url=given.notification_url or None,
        signed_embeds_only=bool(given.requires_signed_embeds),
        allowed_domains=tuple(given.allowed_domains or ()),
        allowed_networks=tuple(given.allowed_ips or ()),
        viewer_downloads=None if isinstance(downloads, Unchanged) else downloads,
        asks_email=bool(given.require_email),
        asks_name=bool(given.require_name),
        tag_ids=_tag_ids(given.tags or []),
        settings={name: value for name, value in _settings(given).items() if value},
    )


def changes(given: schemas.VideoEdit, video: Video, profile: Profile) -> VideoChanges:
    """Only what was sent. null and blank clear texts and lists; for everything else they say nothing."""
    sent = given.model_fields_set
    settings = _settings(given)

    def text(name: str) -> str | Unchanged | None:
        return (getattr(given, name) or None) if name in sent else UNCHANGED

    def lines(name: str) -> tuple[str, ...] | Unchanged:
        return tuple(getattr(given, name) or ()) if name in sent else UNCHANGED

    def said(name: str) -> Any:
        value = getattr(given, name)
        return value if value is not None else UNCHANGED

    return VideoChanges(
        title=said("title"),
        description=text("description"),
        privacy=PRIVACY_LEVELS[given.privacy] if given.privacy is not None else UNCHANGED,
        password=text("password"),
        prefers_embed_password=said("prefers_embed_password"),
        poster_number=said("posterframe_number"),
        notification_url=text("notification_url"),
        signed_embeds_only=said("requires_signed_embeds"),
        allowed_domains=lines("allowed_domains"),
        allowed_networks=lines("allowed_ips"),
        viewer_downloads=_downloads(given, video, profile),
        asks_email=said("require_email"),
        asks_name=said("require_name"),
        folder_id=_folder(given) if "folder_id" in sent else UNCHANGED,
        tag_ids=_tag_ids(given.tags) if given.tags is not None else UNCHANGED,
        settings=settings or UNCHANGED,
    )


def _downloads(
    given: schemas.VideoFields, video: Video | None, profile: Profile
) -> tuple[DownloadQuality, ...] | Unchanged | None:
    """Each field changes its own quality of those that viewers may download now; null for all three gives the video
    back to the account's setting."""
    sent = DOWNLOADS.keys() & given.model_fields_set
    wanted = {name: getattr(given, name) for name in sent if getattr(given, name) is not None}
    if not wanted:
        return None if len(sent) == len(DOWNLOADS) else UNCHANGED
    now = set(video.viewer_downloads) if video and video.viewer_downloads is not None else _account_downloads(profile)
    for name, allowed in wanted.items():
        now = now | {DOWNLOADS[name]} if allowed else now - {DOWNLOADS[name]}
    return tuple(quality for quality in DownloadQuality if quality in now)


def _account_downloads(profile: Profile) -> set[DownloadQuality]:
    defaults = {DownloadQuality.SD: profile.download_sd, DownloadQuality.HD: profile.download_hd}
    return {quality for quality, allowed in defaults.items() if allowed}


def _settings(given: schemas.VideoFields) -> dict[str, Any]:
    """Those that were sent; None for what is off or cleared, since only what is on is kept."""
    return {key: getattr(given, name) or None for name, key in SETTINGS.items() if name in given.model_fields_set}


def _folder(given: schemas.VideoFields) -> FolderId | None:
    return ids.folder_id(given.folder_id) if given.folder_id else None


def _tag_ids(texts: Sequence[str]) -> tuple[TagId, ...]:
    return tuple(ids.tag_id(text) for text in texts)
