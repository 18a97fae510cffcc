"""The library: what is watched, what it was made from, how it is kept in order, and what stands around it.

Every use case takes a `LibraryContext` and an `Owner`; another tenant's id is answered as if it did not exist.
Who may watch is decided in `playback`, how media is made in `transcoding`.
"""

from framehouse.library.calls_to_action import (
    add_call_to_action,
    change_call_to_action,
    delete_call_to_action,
    get_call_to_action,
    list_calls_to_action,
    replace_calls_to_action,
)
from framehouse.library.caption_outputs import CONTENT_MAX_BYTES as CAPTION_MAX_BYTES
from framehouse.library.caption_outputs import caption_of
from framehouse.library.captions import (
    add_caption,
    caption_text,
    change_caption,
    delete_caption,
    get_caption,
    list_captions,
)
from framehouse.library.census import Census, take_census
from framehouse.library.chapters import chapters_of, player_extras, set_chapters
from framehouse.library.contact_export import export_contacts, open_export
from framehouse.library.contacts import delete_contact, get_contact, list_contacts, record_contact
from framehouse.library.context import ABANDONED_AFTER, LibraryContext, Owner, output_prefix, video_prefix
from framehouse.library.digest import digest_source
from framehouse.library.events import (
    FetchScheduled,
    MediaReplaced,
    PosterReceived,
    ProtectionDue,
    ReplacementFailed,
    ReplacementReceived,
    SourceReceived,
    SourceWithdrawn,
    StatisticsBegunAnew,
    VideoBecamePlayable,
    VideoCompleted,
    VideoDeleted,
    VideoFailed,
)
from framehouse.library.fetch import fetch_of, fetch_source, file_name_in, give_up_fetch, receive_from_url
from framehouse.library.folders import (
    FolderChanges,
    change_folder,
    create_folder,
    delete_folder,
    get_folder,
    list_folders,
)
from framehouse.library.housekeeping import collect_garbage, expire_uploads
from framehouse.library.manage import (
    change_video,
    delete_video,
    get_video,
    list_videos,
    outputs_of,
    search_videos,
    source_of,
)
from framehouse.library.model import (
    PAGE_URL,
    SHOWS_EMBED_CODE,
    SHOWS_SHARING,
    THEME_COLOR,
    UNCHANGED,
    UNLISTED,
    DownloadQuality,
    Folder,
    NewVideo,
    Output,
    OutputId,
    OutputKind,
    Page,
    Privacy,
    Project,
    Source,
    Tag,
    TagId,
    Unchanged,
    Video,
    VideoChanges,
    VideoKind,
    VideoState,
)
from framehouse.library.outputs import (
    CUT,
    FIRST,
    LADDER,
    KnownKeys,
    PublishedVideo,
    TicketTerms,
    discard,
    known_keys,
    new_output_id,
    output_document,
    promise_output,
    published_video,
    record_media_info,
    record_output,
    retire_presentations,
    revoke_tickets,
    source_for_work,
    ticket_terms,
    video_for_work,
)
from framehouse.library.player_model import (
    CallToAction,
    CallToActionChanges,
    CallToActionId,
    Caption,
    CaptionId,
    CaptionOrigin,
    Chapter,
    Contact,
    ContactId,
    NewCallToAction,
    PlayerExtras,
)
from framehouse.library.playlist_model import NewPlaylist, Playlist, PlaylistChanges, PublishedPlaylist
from framehouse.library.playlists import (
    change_playlist,
    create_playlist,
    delete_playlist,
    get_playlist,
    list_playlists,
    published_playlist,
)
from framehouse.library.posters import (
    CUSTOM_POSTER,
    add_poster,
    picture_for_work,
    poster_failed,
    poster_made,
    record_frames,
)
from framehouse.library.progress import (
    mark_complete,
    mark_failed,
    mark_inspected,
    mark_playable,
    mark_progress,
    mark_received,
    record_duration,
)
from framehouse.library.projects import (
    ProjectChanges,
    change_project,
    create_project,
    delete_project,
    get_project,
    list_projects,
    search_projects,
)
from framehouse.library.protect import protect_completed, protect_project
from framehouse.library.receive import receive_video, title_from
from framehouse.library.replace import replace_media
from framehouse.library.store.fetches import Fetch
from framehouse.library.store.upload_tokens import UploadToken
from framehouse.library.store.videos import VideoQuery
from framehouse.library.switch import MediaFacts, SourceRole, role_of, source_failed, switch_media
from framehouse.library.tags import create_tag, delete_tag, ensure_tag, get_tag, list_tags, rename_tag
from framehouse.library.update import complete_update, start_update
from framehouse.library.upload import (
    abort_upload,
    complete_upload,
    get_upload,
    list_upload_parts,
    sign_upload_part,
    start_replacement,
    start_upload,
)
from framehouse.library.upload_model import Upload, UploadState
from framehouse.library.upload_tokens import find_upload_token, issue_upload_token, use_upload_token
from framehouse.library.versions import VideoVersion, list_versions

__all__ = [
    "ABANDONED_AFTER", "CAPTION_MAX_BYTES", "CUSTOM_POSTER", "CUT", "FIRST", "LADDER", "PAGE_URL",
    "SHOWS_EMBED_CODE", "SHOWS_SHARING", "THEME_COLOR", "UNCHANGED", "UNLISTED", "CallToAction",
    "CallToActionChanges", "CallToActionId", "Caption", "CaptionId", "CaptionOrigin", "Census", "Chapter", "Contact",
    "ContactId", "DownloadQuality", "Fetch", "FetchScheduled", "Folder", "FolderChanges", "KnownKeys",
    "LibraryContext", "MediaFacts", "MediaReplaced", "NewCallToAction", "NewPlaylist", "NewVideo", "Output",
    "OutputId", "OutputKind", "Owner", "Page", "PlayerExtras", "Playlist", "PlaylistChanges", "PosterReceived",
    "Privacy", "Project", "ProjectChanges", "ProtectionDue", "PublishedPlaylist", "PublishedVideo",
    "ReplacementFailed", "ReplacementReceived", "Source", "SourceReceived", "SourceRole", "SourceWithdrawn",
    "StatisticsBegunAnew", "Tag", "TagId", "TicketTerms", "Unchanged", "Upload", "UploadState", "UploadToken",
    "Video", "VideoBecamePlayable", "VideoChanges", "VideoCompleted", "VideoDeleted", "VideoFailed", "VideoKind",
    "VideoQuery", "VideoState", "VideoVersion", "abort_upload", "add_call_to_action", "add_caption", "add_poster",
    "caption_of", "caption_text", "change_call_to_action", "change_caption", "change_folder", "change_playlist",
    "change_project", "change_video", "chapters_of", "collect_garbage", "complete_update", "complete_upload",
    "create_folder", "create_playlist", "create_project", "create_tag", "delete_call_to_action", "delete_caption",
    "delete_contact", "delete_folder", "delete_playlist", "delete_project", "delete_tag", "delete_video",
    "digest_source", "discard", "ensure_tag", "expire_uploads", "export_contacts", "fetch_of", "fetch_source",
    "file_name_in", "find_upload_token", "get_call_to_action", "get_caption", "get_contact", "get_folder",
    "get_playlist", "get_project", "get_tag", "get_upload", "get_video", "give_up_fetch", "issue_upload_token",
    "known_keys", "list_calls_to_action", "list_captions", "list_contacts", "list_folders", "list_playlists",
    "list_projects", "list_tags", "list_upload_parts", "list_versions", "list_videos", "mark_complete",
    "mark_failed", "mark_inspected", "mark_playable", "mark_progress", "mark_received", "new_output_id",
    "open_export", "output_document", "output_prefix", "outputs_of", "picture_for_work", "player_extras",
    "poster_failed", "poster_made", "promise_output", "protect_completed", "protect_project", "published_playlist",
    "published_video", "receive_from_url", "receive_video", "record_contact", "record_duration", "record_frames",
    "record_media_info", "record_output", "rename_tag", "replace_calls_to_action", "replace_media",
    "retire_presentations", "revoke_tickets", "role_of", "search_projects", "search_videos", "set_chapters",
    "sign_upload_part", "source_failed", "source_for_work", "source_of", "start_replacement", "start_update",
    "start_upload", "switch_media", "take_census", "ticket_terms", "title_from", "use_upload_token",
    "video_for_work", "video_prefix",
]  # fmt: skip
