"""Ids in SproutVideo's spelling.

What is no id becomes 0, which nothing has: the rooms answer it as any other unknown id.
"""

from framehouse.kernel import FolderId, GrantId, LoginId, PlaylistId, VideoId, from_hex
from framehouse.library import CallToActionId, CaptionId, TagId


def video_id(text: str) -> VideoId:
    return VideoId(_number(text))


def tag_id(text: str) -> TagId:
    return TagId(_number(text))


def folder_id(text: str) -> FolderId:
    return FolderId(_number(text))


def playlist_id(text: str) -> PlaylistId:
    return PlaylistId(_number(text))


def login_id(text: str) -> LoginId:
    return LoginId(_number(text))


def grant_id(text: str) -> GrantId:
    return GrantId(_number(text))


def subtitle_id(text: str) -> CaptionId:
    return CaptionId(_number(text))


def call_to_action_id(text: str) -> CallToActionId:
    return CallToActionId(_number(text))


def _number(text: str) -> int:
    return from_hex(text) or 0
