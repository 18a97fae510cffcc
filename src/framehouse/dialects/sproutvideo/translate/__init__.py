"""Between SproutVideo's words and the rooms'. No decisions: what may be, the rooms say."""

from framehouse.dialects.sproutvideo.translate import ids
from framehouse.dialects.sproutvideo.translate.account import account, account_changes
from framehouse.dialects.sproutvideo.translate.attached import (
    call_to_action,
    call_to_action_changes,
    new_call_to_action,
    subtitle,
)
from framehouse.dialects.sproutvideo.translate.own import access, access_question, delivery
from framehouse.dialects.sproutvideo.translate.playlists import new_playlist, playlist, playlist_changes
from framehouse.dialects.sproutvideo.translate.shelves import folder, folder_changes, parent, tag
from framehouse.dialects.sproutvideo.translate.video_changes import changes, new_video, query
from framehouse.dialects.sproutvideo.translate.videos import video
from framehouse.dialects.sproutvideo.translate.viewers import grant, grant_changes, login, new_grant

__all__ = [
    "access",
    "access_question",
    "account",
    "account_changes",
    "call_to_action",
    "call_to_action_changes",
    "changes",
    "delivery",
    "folder",
    "folder_changes",
    "grant",
    "grant_changes",
    "ids",
    "login",
    "new_call_to_action",
    "new_grant",
    "new_playlist",
    "new_video",
    "parent",
    "playlist",
    "playlist_changes",
    "query",
    "subtitle",
    "tag",
    "video",
]
