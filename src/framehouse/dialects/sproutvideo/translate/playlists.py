"""Playlists."""

from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Links
from framehouse.dialects.sproutvideo import schemas
from framehouse.dialects.sproutvideo.translate import ids
from framehouse.dialects.sproutvideo.translate.values import PRIVACY_LEVELS, frame, timestamp
from framehouse.kernel import VideoId, to_hex
from framehouse.library import UNCHANGED, NewPlaylist, Playlist, PlaylistChanges, Privacy
from framehouse.playback import playlist_embed_path

WIDTH, HEIGHT = 918, 360  # as in the document's examples


def new_playlist(given: schemas.PlaylistCreate) -> NewPlaylist:
    return NewPlaylist(
        title=given.title.strip(),
        privacy=PRIVACY_LEVELS[given.privacy] if given.privacy is not None else Privacy.PRIVATE,
        password=given.password or None,
        video_ids=_video_ids(given.videos or []),
    )


def playlist_changes(given: schemas.PlaylistEdit) -> PlaylistChanges:
    """Only what was sent; null and blank clear a password, an empty array the videos."""
    return PlaylistChanges(
        title=given.title.strip() if given.title is not None else UNCHANGED,
        privacy=PRIVACY_LEVELS[given.privacy] if given.privacy is not None else UNCHANGED,
        password=(given.password or None) if "password" in given.model_fields_set else UNCHANGED,
        video_ids=_video_ids(given.videos) if given.videos is not None else UNCHANGED,
    )


def playlist(context: DialectContext, links: Links, found: Playlist) -> schemas.Playlist:
    """The password is an empty text where there is none, as in every example of the document."""
    sealed = found.password_sealed
    return schemas.Playlist(
        id=to_hex(found.id),
        security_token=found.embed_token,
        privacy=PRIVACY_LEVELS.index(found.privacy),
        password=context.library.secrets.decrypt(sealed) if sealed else "",
        title=found.title,
        videos=[to_hex(video_id) for video_id in found.video_ids],
        embed_code=frame(links, "playlist", playlist_embed_path(found.id, found.embed_token), WIDTH, HEIGHT),
        created_at=timestamp(found.created_at),
        updated_at=timestamp(found.updated_at),
    )


def _video_ids(texts: list[str]) -> tuple[VideoId, ...]:
    return tuple(ids.video_id(text) for text in texts)
