"""The video: the documented fields, the newer ones, and one of Framehouse's own (`state_reason`)."""

from typing import Annotated, Literal

from pydantic import Field

from framehouse.dialects.gateway import IdList, Input, NameList, Output
from framehouse.dialects.sproutvideo.schemas.values import (
    Hosts,
    Listed,
    ListQuery,
    Lower,
    PrivacyLevel,
    Url,
    UrlOrBlank,
)

State = Literal["inspecting", "processing", "deployed", "failed"]


class VideoListQuery(ListQuery):
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


class VideoFields(Input):
    """What an upload and an edit may say alike."""

    title: str | None = Field(None, max_length=1000, description="Title; by default the file's name.")
    description: str | None = Field(None, description="Description.")
    privacy: PrivacyLevel | None = Field(
        None, description="0 private, 1 password, 2 public, 3 login; by default the account's."
    )
    password: str | None = Field(None, max_length=1000, description="Password of privacy level 1.")
    prefers_embed_password: bool | None = Field(None, description="Whether embeds ask for the password too.")
    tags: IdList | None = Field(None, description="Ids of tags; those that are not the account's are left out.")
    tag_names: NameList | None = Field(None, description="Names of tags; missing ones are made.")
    folder_id: str | None = Field(None, description="Folder of the video; blank for the root.")
    notification_url: UrlOrBlank | None = Field(
        None, description="Gets the video by POST when it is deployed or failed, beside the account's."
    )
    embedded_url: UrlOrBlank | None = Field(None, description="Page that the video is embedded in.")
    requires_signed_embeds: bool | None = Field(None, description="Whether embeds play with a signature only.")
    download_sd: bool | None = Field(None, description="Whether viewers may download the SD version.")
    download_hd: bool | None = Field(None, description="Whether viewers may download the HD version.")
    download_source: bool | None = Field(None, description="Whether viewers may download the uploaded file.")
    allowed_domains: Hosts | None = Field(
        None, description="Domains whose pages may embed the video: an array, or one text with commas; none for all."
    )
    allowed_ips: Hosts | None = Field(
        None, description="Addresses and CIDR blocks that may watch: as `allowed_domains`; none for all."
    )
    player_social_sharing: bool | None = Field(None, description="Whether the player offers links for sharing.")
    player_embed_sharing: bool | None = Field(None, description="Whether the player offers its embed code.")
    require_email: bool | None = Field(None, description="Whether viewers leave an e-mail address first.")
    require_name: bool | None = Field(None, description="Whether viewers leave their name first.")
    hide_on_site: bool | None = Field(None, description="Whether search engines are asked to leave its page out.")


class VideoUpload(VideoFields):
    source_video_url: Url | None = Field(None, description="Where the file is fetched from, instead of sending it.")
    token: str | None = Field(None, max_length=500, description="Upload token, instead of a key; before the file.")


class VideoEdit(VideoFields):
    also = {"selected_poster_frame_number": "posterframe_number"}  # noqa: RUF012  (a ClassVar of the base class)

    posterframe_number: int | None = Field(
        None, ge=0, le=4, description="Which poster frame to use: 0 to 3, or 4 for the last that was sent."
    )


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
    state_reason: str | None = Field(description="Why it failed, in words; Framehouse's own.")
    progress: int = Field(description="Percent of the processing.")
    plays: int
    tags: list[str]
    folder_id: str | None
    embed_code: str
    embedded_url: str | None
    requires_signed_embeds: bool
    selected_poster_frame_number: int
    source_video_file_size: int = Field(description="In bytes.")
    sd_video_file_size: int = Field(description="In bytes; 0 until there is an SD version.")
    hd_video_file_size: int = Field(description="In bytes; 0 until there is an HD version.")
    checksum: str | None = Field(description="MD5 of the uploaded file, where it came in one piece.")
    download_sd: bool | None = Field(description="null where the account's setting counts.")
    download_hd: bool | None = Field(description="null where the account's setting counts.")
    download_source: bool | None = Field(description="null where the account's setting counts.")
    allowed_domains: str | None = Field(description="With commas; null for all.")
    allowed_ips: str | None = Field(description="With commas; null for all.")
    player_social_sharing: bool
    player_embed_sharing: bool
    require_email: bool
    require_name: bool
    hide_on_site: bool
    created_at: str
    updated_at: str
    assets: VideoAssets


class VideoList(Listed):
    videos: list[Video]
