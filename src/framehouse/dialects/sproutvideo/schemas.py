"""SproutVideo's objects as its document names them, with the newer fields that have a value here."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from framehouse.dialects.gateway import PAGE_MAX, IdList, Input, NameList, Output

PER_PAGE_DEFAULT = 25
PER_PAGE_MAX = 100


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Lower = BeforeValidator(_lower)
PrivacyLevel = Annotated[int, Field(ge=0, le=3)]
State = Literal["inspecting", "processing", "deployed", "failed"]


class VideoListQuery(Input):
    page: int = Field(1, ge=1, le=PAGE_MAX, description="Page, from 1.")
    per_page: int = Field(
        PER_PAGE_DEFAULT, ge=1, description=f"Videos a page; more than {PER_PAGE_MAX} count as {PER_PAGE_MAX}."
    )
    tag_id: str | None = Field(None, description="Only videos with this tag.")
    tag_name: str | None = Field(None, description="Only videos with the tag of this name.")
    privacy: PrivacyLevel | None = Field(None, description="Only videos of this privacy level.")
    state: Annotated[State, Lower] | None = Field(None, description="Only videos in this state.")
    folder_id: str | None = Field(None, description="Only videos in this folder.")
    playlist_id: str | None = Field(None, description="Only videos of this playlist.")
    order_by: Annotated[Literal["created_at", "updated_at", "title", "duration"], Lower] = Field(
        "created_at", description="Sorted by."
    )
    order_dir: Annotated[Literal["asc", "desc"], Lower] = Field("desc", description="Direction of the order.")


class _VideoFields(Input):
    title: str | None = Field(None, max_length=1000, description="Title; by default the file's name.")
    description: str | None = Field(None, description="Description.")
    privacy: PrivacyLevel | None = Field(
        None, description="0 private, 1 password, 2 public, 3 login; by default the account's."
    )
    password: str | None = Field(None, max_length=1000, description="Password of privacy level 1.")
    prefers_embed_password: bool | None = Field(None, description="Whether embeds ask for the password too.")
    tags: IdList | None = Field(None, description="Ids of tags; those that are not the account's are left out.")
    tag_names: NameList | None = Field(None, description="Names of tags; missing ones are made.")


class VideoUpload(_VideoFields):
    notification_url: str | None = Field(
        None, max_length=2000, pattern=r"^(https?://.+)?$", description="Gets the video by POST when it is processed."
    )
    folder_id: str | None = Field(None, description="Folder to put the video into.")


class VideoEdit(_VideoFields):
    also = {"selected_poster_frame_number": "posterframe_number"}  # noqa: RUF012  (a ClassVar of the base class)

    posterframe_number: int | None = Field(None, ge=0, le=3, description="Which of the poster frames 0 to 3 to use.")


class VideoAssetUrls(Output):
    sd_video_url: str | None = Field(description="The SD version, once it exists.")
    hd_video_url: str | None = Field(description="The HD version, once it exists.")
    source_video_url: str | None = Field(description="The file as it was uploaded.")
    by_240p: str | None = Field(serialization_alias="240p")
    by_360p: str | None = Field(serialization_alias="360p")
    by_480p: str | None = Field(serialization_alias="480p")
    by_720p: str | None = Field(serialization_alias="720p")
    by_1080p: str | None = Field(serialization_alias="1080p")
    by_2k: str | None = Field(serialization_alias="2k")
    by_4k: str | None = Field(serialization_alias="4k")
    by_8k: str | None = Field(serialization_alias="8k")
    source: str | None


class VideoAssets(Output):
    thumbnails: list[str]
    poster_frames: list[str]
    videos: VideoAssetUrls


class Video(Output):
    id: str
    title: str
    description: str | None
    width: int | None = Field(description="Width of the uploaded video in pixels.")
    height: int | None = Field(description="Height of the uploaded video in pixels.")
    duration: int | None = Field(description="In whole seconds.")
    privacy: int
    password: str | None
    prefers_embed_password: bool
    security_token: str
    state: State
    state_reason: str | None = Field(description="Why it failed, in words.")
    progress: int = Field(description="Percent of the processing.")
    plays: int
    tags: list[str]
    folder_id: str | None
    embed_code: str
    requires_signed_embeds: bool
    selected_poster_frame_number: int
    source_video_file_size: int = Field(description="In bytes.")
    sd_video_file_size: int = Field(description="In bytes; 0 until there is an SD version.")
    hd_video_file_size: int = Field(description="In bytes; 0 until there is an HD version.")
    created_at: str
    updated_at: str
    assets: VideoAssets


class VideoList(Output):
    total: int
    next_page: str | None
    previous_page: str | None
    videos: list[Video]
