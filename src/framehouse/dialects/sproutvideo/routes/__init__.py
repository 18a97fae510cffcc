"""SproutVideo's requests: each authorises, translates, calls one use case and translates its answer back."""

from fastapi import APIRouter

from framehouse.dialects.sproutvideo.routes import (
    account,
    calls_to_action,
    folders,
    grants,
    logins,
    own,
    playlists,
    stats,
    subtitles,
    tags,
    uploads,
    videos,
)

router = APIRouter()
for room in (
    videos, uploads, playlists, logins, grants, account, tags, folders, subtitles, calls_to_action, own, stats,
):  # fmt: skip
    router.include_router(room.router)
