"""Paths that viewers and their players open, below the installation's base URL; the edge serves every one of them.

Dialects put a base URL before them. Who may have which is the caller's business.
"""

from urllib.parse import quote

from framehouse.kernel import PlaylistId, VideoId, to_base64url, to_hex
from framehouse.library import OutputId, Video
from framehouse.playback.signatures import AssetKind, AssetSigner, embed_token

HLS_NAME = "master.m3u8"
DASH_NAME = "manifest.mpd"


def embed_path(video: Video) -> str:
    return f"/embed/{to_hex(video.id)}/{embed_token(video)}"


def watch_path(video_id: VideoId) -> str:
    return f"/watch/{to_base64url(video_id)}"


def playlist_embed_path(playlist_id: PlaylistId, embed_token: str) -> str:
    return f"/playlist/{to_hex(playlist_id)}/{embed_token}"


def playlist_page_path(playlist_id: PlaylistId) -> str:
    return f"/watch/playlist/{to_base64url(playlist_id)}"


def media_path(ticket: str, video_id: VideoId, output_id: OutputId, name: str) -> str:
    """`name` is the rest of the path: a manifest's name, or `v1/init.mp4`."""
    return f"/media/{ticket}/{to_hex(video_id)}/{to_hex(output_id)}/{name}"


def asset_path(signer: AssetSigner, video: Video, kind: AssetKind, name: str) -> str:
    """`name` with its suffix: `0.jpg`, `storyboard.vtt`, `en.vtt`, `720p.mp4`."""
    return f"/assets/{to_hex(video.id)}/{signer.signature(video, kind)}/{kind.value}/{quote(name, safe='')}"
