"""What an owner does with videos: find, list, search, change, delete."""

from typing import Any

from framehouse.infra.transaction import Transaction
from framehouse.kernel import InvalidInput, VideoId
from framehouse.library.access_lists import checked_domains, checked_networks
from framehouse.library.context import LibraryContext, Owner, video_prefix
from framehouse.library.errors import no_such
from framehouse.library.events import VideoDeleted
from framehouse.library.model import (
    DownloadQuality,
    Output,
    OutputKind,
    Page,
    Privacy,
    Source,
    Unchanged,
    Video,
    VideoChanges,
)
from framehouse.library.posters import check_poster_number
from framehouse.library.protect import protect_if_due
from framehouse.library.receive import TITLE_MAX
from framehouse.library.store import folders, media, playlists, shelves, videos
from framehouse.library.store.videos import VideoQuery

# A change of any of these makes the tickets that are out void; who may still watch gets a new one.
ACCESS_FIELDS = frozenset(
    {
        "privacy", "password_sealed", "prefers_embed_password", "expires_at", "signed_embeds_only", "allowed_domains",
        "allowed_networks",
    }
)  # fmt: skip


async def get_video(context: LibraryContext, owner: Owner, video_id: VideoId) -> Video:
    """NotFound when the tenant has no such video."""
    async with context.database.read() as tx:
        video = await videos.get(tx, owner.tenant_id, video_id)
    if video is None:
        raise no_such("video")
    return video


async def list_videos(context: LibraryContext, owner: Owner, query: VideoQuery) -> Page[Video]:
    async with context.database.read() as tx:
        return await videos.page(tx, owner.tenant_id, query)


async def search_videos(
    context: LibraryContext, owner: Owner, text: str, *, offset: int = 0, limit: int = 25
) -> Page[Video]:
    """Videos whose title or description has every word, or words that begin so; best first."""
    async with context.database.read() as tx:
        ids, total = await shelves.search(tx, owner.tenant_id, "video", text, offset, limit)
        found = await videos.page(
            tx, owner.tenant_id, VideoQuery(ids=[VideoId(found_id) for found_id in ids], limit=limit)
        )
    by_id = {video.id: video for video in found.items}
    return Page(tuple(by_id[VideoId(found_id)] for found_id in ids if found_id in by_id), total)


async def outputs_of(
    context: LibraryContext, page: list[VideoId], kinds: list[OutputKind] | None = None
) -> dict[VideoId, list[Output]]:
    """Names, sizes and keys of the outputs of a page of videos, in one query."""
    async with context.database.read() as tx:
        return await media.outputs_of(tx, page, kinds, documents=False)


async def source_of(context: LibraryContext, owner: Owner, video: Video) -> Source | None:
    async with context.database.read() as tx:
        return await media.get_source(tx, owner.tenant_id, video.source_id) if video.source_id else None


async def change_video(context: LibraryContext, owner: Owner, video_id: VideoId, changes: VideoChanges) -> Video:
    """Change what is given. Stricter access revokes the playback tickets that are out."""
    async with context.database.write() as tx:
        shelf = await _new_shelf(tx, owner, changes)  # before the video, in the order of who deletes them
        video = await videos.get(tx, owner.tenant_id, video_id, lock=True)
        if video is None:
            raise no_such("video")
        if not isinstance(changes.poster_number, Unchanged):
            await check_poster_number(tx, video_id, changes.poster_number)
        values = _changed(context, video, changes) | shelf
        if values.get("project_id", video.project_id) != video.project_id:
            values["ticket_generation"] = video.ticket_generation + 1  # another project, other rules
        if not isinstance(changes.tag_ids, Unchanged):
            await videos.replace_tags(tx, owner.tenant_id, video_id, changes.tag_ids)
        await videos.update(tx, owner.tenant_id, video_id, values)
        changed = await videos.get(tx, owner.tenant_id, video_id)
        assert changed is not None  # locked above
        if changed.project_id != video.project_id:
            await protect_if_due(tx, owner.tenant_id, changed.project_id)
        await shelves.index_for_search(tx, owner.tenant_id, "video", video_id, changed.title, changed.description)
    return changed


async def _new_shelf(tx: Transaction, owner: Owner, changes: VideoChanges) -> dict[str, Any]:
    """Where the video goes, if it goes somewhere: what lies in a folder is in that folder's project. What is named is
    kept until the transaction ends. NotFound unless both are the tenant's and fit."""
    values: dict[str, Any] = {}
    if not isinstance(changes.project_id, Unchanged):
        project_id = changes.project_id
        if project_id is not None and await shelves.get_project(tx, owner.tenant_id, project_id, keep=True) is None:
            raise no_such("project")
        values = {"project_id": project_id, "folder_id": None}
    if isinstance(changes.folder_id, Unchanged):
        return values
    if changes.folder_id is None:
        return values | {"folder_id": None}
    folder = await folders.get(tx, owner.tenant_id, changes.folder_id, keep=True)
    if folder is None or values.get("project_id", folder.project_id) != folder.project_id:
        raise no_such("folder")
    return {"project_id": folder.project_id, "folder_id": folder.id}


def _changed(context: LibraryContext, video: Video, changes: VideoChanges) -> dict[str, Any]:
    given = {name: value for name, value in changes.__dict__.items() if not isinstance(value, Unchanged)}
    given.pop("tag_ids", None)
    values: dict[str, Any] = {"updated_at": context.clock.now()}
    if "password" in given:
        password = given.pop("password")
        values["password_sealed"] = context.secrets.encrypt(password) if password else None
    if "title" in given and not str(given["title"]).strip():
        raise InvalidInput("a title must not be empty", fields={"title": "is empty"})
    if "title" in given and len(given["title"]) > TITLE_MAX:
        raise InvalidInput(f"a title has at most {TITLE_MAX} characters", fields={"title": "is too long"})
    values |= given
    values |= _access_lists(given)
    if "settings" in given:
        merged = {**video.settings, **given["settings"]}
        values["settings"] = {name: value for name, value in merged.items() if value is not None}
    password_sealed = values.get("password_sealed", video.password_sealed)
    privacy = values.get("privacy", video.privacy)
    if privacy is Privacy.PASSWORD and not password_sealed:
        raise InvalidInput("a password-protected video needs a password", fields={"password": "is missing"})
    if ACCESS_FIELDS & values.keys():
        values["ticket_generation"] = video.ticket_generation + 1
    if "privacy" in values:
        values["privacy"] = values["privacy"].value
    return values


def _access_lists(given: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "allowed_domains" in given:
        values["allowed_domains"] = list(checked_domains(given["allowed_domains"]))
    if "allowed_networks" in given:
        values["allowed_networks"] = list(checked_networks(given["allowed_networks"]))
    if given.get("viewer_downloads") is not None:
        values["viewer_downloads"] = [
            quality.value for quality in DownloadQuality if quality in given["viewer_downloads"]
        ]
    return values


async def delete_video(context: LibraryContext, owner: Owner, video_id: VideoId) -> Video:
    """Tombstone at once: the video is gone for everybody; its bytes and row follow as durable work."""
    now = context.clock.now()
    async with context.database.write() as tx:
        video = await videos.get(tx, owner.tenant_id, video_id, lock=True)
        if video is None:
            raise no_such("video")
        await shelves.forget_in_search(tx, video_id)
        await playlists.take_out(tx, video_id)
        await videos.update(tx, owner.tenant_id, video_id, {"deleted_at": now, "updated_at": now})
        await media.add_garbage(tx, video_prefix(video_id), now)
        await tx.emit(VideoDeleted(owner.tenant_id, video_id))
    return video
