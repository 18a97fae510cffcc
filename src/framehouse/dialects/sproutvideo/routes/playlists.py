"""Playlists."""

from fastapi import APIRouter

from framehouse import library
from framehouse.dialects.gateway import Call, Caller, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.lists import around, window
from framehouse.library import Playlist

router = APIRouter(tags=["Playlists"])


@router.get(
    "/playlists",
    summary="List your playlists",
    description="The account's playlists a page at a time, the newest first.",
    openapi_extra=takes(query=schemas.ListQuery),
)
async def list_playlists(call: Caller) -> schemas.PlaylistList:
    given = call.query(schemas.ListQuery)
    wanted = window(given)
    page = await library.list_playlists(call.library, call.owner, offset=wanted.offset, limit=wanted.limit)
    playlists = [_answer(call, playlist) for playlist in page.items]
    return schemas.PlaylistList(**around(call, given, page.total), playlists=playlists)


@router.get(
    "/playlists/{id}",
    summary="Get a single playlist",
    description="With the ids of its videos in their order.",
    responses=refusals(DOCUMENTED, 404),
)
async def get_playlist(id: str, call: Caller) -> schemas.Playlist:  # noqa: A002  (the parameter's documented name)
    return _answer(call, await library.get_playlist(call.library, call.owner, translate.ids.playlist_id(id)))


@router.post(
    "/playlists",
    summary="Create a new playlist",
    description="Private unless `privacy` says otherwise. Its embed plays the videos one after the other.",
    openapi_extra=takes(body=schemas.PlaylistCreate, required=True),
    responses=refusals(DOCUMENTED, 404, _404="There is no such video."),
)
async def create_playlist(call: Caller) -> schemas.Playlist:
    call.may_change()
    new = translate.new_playlist(await call.body(schemas.PlaylistCreate))
    return _answer(call, await library.create_playlist(call.library, call.owner, new))


@router.put(
    "/playlists/{id}",
    summary="Edit a playlist",
    description="Changes the fields that are sent and no others. `videos` replaces all videos and their order; an "
    "empty array clears them.",
    openapi_extra=takes(body=schemas.PlaylistEdit),
    responses=refusals(DOCUMENTED, 404, _404="There is no such playlist or video."),
)
async def edit_playlist(id: str, call: Caller) -> schemas.Playlist:  # noqa: A002  (as above)
    call.may_change()
    changes = translate.playlist_changes(await call.body(schemas.PlaylistEdit))
    playlist_id = translate.ids.playlist_id(id)
    return _answer(call, await library.change_playlist(call.library, call.owner, playlist_id, changes))


@router.delete(
    "/playlists/{id}",
    summary="Delete a playlist",
    description="Its videos stay. The last data of the playlist is answered.",
    responses=refusals(DOCUMENTED, 404),
)
async def delete_playlist(id: str, call: Caller) -> schemas.Playlist:  # noqa: A002  (as above)
    call.may_change()
    return _answer(call, await library.delete_playlist(call.library, call.owner, translate.ids.playlist_id(id)))


def _answer(call: Call, playlist: Playlist) -> schemas.Playlist:
    return translate.playlist(call.context, call.links, playlist)
