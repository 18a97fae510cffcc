"""Files, uploads and downloads."""

from pydantic import Field

from framehouse.dialects.adilo.schemas.values import Lenient
from framehouse.dialects.gateway import Output

SIZE_MAX_BYTES = 2**53 - 1  # exact in JSON numbers


class UploadStart(Lenient):
    also = {"projectId": "project_id", "folderId": "folder_id", "mimeType": "mime_type"}  # noqa: RUF012  (as above)

    filename: str = Field(min_length=1, max_length=1000, description="Name of the file.")
    filesize: float = Field(
        ge=1, le=SIZE_MAX_BYTES, multiple_of=1, allow_inf_nan=False, description="Size of the file in bytes."
    )
    duration_seconds: float = Field(
        ge=0, allow_inf_nan=False, description="Duration in seconds, as the client knows it."
    )
    duration_string: str = Field(max_length=100, description='The same as "hh:mm:ss".')
    mime_type: str = Field(min_length=1, max_length=255, description="MIME type of the file.")
    project_id: str = Field(description="Project to put the file into.")
    drm_protection: bool = Field(description="Whether the file gets DRM protection.")
    title: str | None = Field(None, max_length=1000, description="Title; by default the file's name.")
    folder_id: str | None = Field(None, description="Folder of the project to put the file into.")


class UpdateStart(Lenient):
    also = {"mimeType": "mime_type"}  # noqa: RUF012  (as above)

    filename: str = Field(min_length=1, max_length=1000, description="Name of the new file.")
    filesize: float = Field(
        ge=1, le=SIZE_MAX_BYTES, multiple_of=1, allow_inf_nan=False, description="Size of the new file in bytes."
    )
    duration_seconds: float = Field(
        ge=0, allow_inf_nan=False, description="Duration in seconds, as the client knows it."
    )
    duration_string: str = Field(max_length=100, description='The same as "hh:mm:ss".')
    mime_type: str = Field(min_length=1, max_length=255, description="MIME type of the new file.")
    drm_protection: bool = Field(description="Whether the file gets DRM protection; in a project with DRM it does.")
    clear_statistics: bool | None = Field(
        None, description="Whether the file's statistics begin anew with the new media; false by default."
    )


class PartUrlQuery(Lenient):
    key: str = Field(description="The upload's key.")


class UploadPart(Lenient):
    PartNumber: int = Field(ge=1, le=10_000, description="The number the part was uploaded under.")
    ETag: str = Field(min_length=1, max_length=200, description="The ETag that storing the part answered.")


class UploadComplete(Lenient):
    also = {"upload_id": "uploadId"}  # noqa: RUF012  (as above)

    key: str = Field(description="The upload's key.")
    uploadId: str = Field(description="The upload's id.")  # noqa: N815  (the vendor's name)
    parts: list[UploadPart] = Field(min_length=1, max_length=10_000, description="The parts in ascending order.")


class Upload(Output):
    uploadId: str  # noqa: N815  (the vendor's name)
    key: str


class PartUrl(Output):
    method: str
    url: str


class File(Output):
    id: str
    file_id: str
    fileId: str  # noqa: N815  (an alias that clients read)
    name: str
    title: str
    description: str | None
    type: str = Field(description="`video` or `audio`.")
    mime_type: str
    filename: str
    filesize: int = Field(description="In bytes.")
    duration_seconds: int | None
    duration_formatted: str | None = Field(description='"hh:mm:ss".')
    width: int | None
    height: int | None
    project_id: str | None
    folder_id: str | None
    drm_protection: bool
    private: bool
    status: str = Field(description="`received`, `processing`, `complete` or `failed`.")
    status_reason: str | None = Field(description="Why it failed, in words.")
    progress: int = Field(description="Percent of the processing.")
    statistics_since: str = Field(description="What was watched from then on counts; in UTC, as `upload_date`.")
    upload_date: str = Field(description='"YYYY-MM-DD HH:MM:SS" in UTC.')
    thumbnail: str
    embed_url: str
    watch_url: str


class Download(Output):
    quality: str = Field(description='"720p" and so on, or "original".')
    url: str
    size: int = Field(description="In bytes.")
    width: int | None
    height: int | None
