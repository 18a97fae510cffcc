"""Projects."""

from pydantic import Field

from framehouse.dialects.adilo.schemas.values import Lenient
from framehouse.dialects.gateway import Output


class ProjectCreate(Lenient):
    also = {"name": "title"}  # noqa: RUF012  (a ClassVar of the base class)

    title: str = Field(min_length=1, max_length=1000, pattern=r"\S", description="Title of the project.")
    description: str | None = Field(None, description="Description of the project.")
    locked: bool | None = Field(None, description="Whether the project is locked; false by default.")
    drm: bool | None = Field(None, description="Whether files of the project get DRM protection; false by default.")
    private: bool | None = Field(None, description="Whether files of the project are private; false by default.")
    password: str | None = Field(None, max_length=1000, description="Password of a locked project.")


class ProjectUpdate(Lenient):
    also = {"name": "title"}  # noqa: RUF012  (a ClassVar of the base class)

    title: str | None = Field(None, min_length=1, max_length=1000, pattern=r"\S", description="Title of the project.")
    description: str | None = Field(None, description="Description of the project.")
    locked: bool | None = Field(None, description="Whether viewers of its files are asked for the project's password.")
    drm: bool | None = Field(None, description="Whether its files are encrypted; those it has are when it begins.")
    private: bool | None = Field(None, description="Whether only the team may watch its files.")
    password: str | None = Field(None, max_length=1000, description="Password of a locked project; empty removes it.")


class Project(Output):
    id: str
    project_id: str
    title: str
    name: str
    description: str | None
    locked: bool
    drm: bool
    private: bool
    created_at: str


class ProjectDeleted(Output):
    id: str
    files: int = Field(description="How many files were deleted with it.")
