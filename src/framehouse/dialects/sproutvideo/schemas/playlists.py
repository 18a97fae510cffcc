"""Playlists."""

from typing import Annotated

from pydantic import Field

from framehouse.dialects.gateway import IdList, Input, Output
from framehouse.dialects.sproutvideo.schemas.values import Listed

PlaylistPrivacy = Annotated[int, Field(ge=0, le=2)]


class _PlaylistFields(Input):
    privacy: PlaylistPrivacy | None = Field(None, description="0 private, 1 password, 2 public; 0 by default.")
    password: str | None = Field(None, max_length=1000, description="Password of privacy level 1.")
    videos: IdList | None = Field(None, description="Ids of its videos in the order they are shown in.")


class PlaylistCreate(_PlaylistFields):
    title: str = Field(min_length=1, max_length=1000, pattern=r"\S", description="Title.")


class PlaylistEdit(_PlaylistFields):
    title: str | None = Field(None, min_length=1, max_length=1000, pattern=r"\S", description="Title.")


class Playlist(Output):
    id: str
    security_token: str
    privacy: int
    password: str = Field(description="Empty where there is none.")
    title: str
    videos: list[str]
    embed_code: str
    created_at: str
    updated_at: str


class PlaylistList(Listed):
    playlists: list[Playlist]
