"""Folders of projects."""

from pydantic import Field

from framehouse.dialects.adilo.schemas.values import Lenient
from framehouse.dialects.gateway import Output


class FolderCreate(Lenient):
    also = {"projectId": "project_id", "parentId": "parent_id"}  # noqa: RUF012  (a ClassVar of the base class)

    name: str = Field(min_length=1, max_length=1000, pattern=r"\S", description="Name of the folder.")
    project_id: str = Field(description="Project to create it in.")
    parent_id: str | None = Field(
        None, description="Folder of the project to create it in; none for the project's root."
    )


class FolderUpdate(Lenient):
    also = {"projectId": "project_id", "parentId": "parent_id"}  # noqa: RUF012  (as above)

    name: str | None = Field(None, min_length=1, max_length=1000, pattern=r"\S", description="Name of the folder.")
    project_id: str | None = Field(None, description="Moves it into another project, with all that lies in it.")
    parent_id: str | None = Field(None, description="Moves it into another folder; empty moves it to the root.")


class Folder(Output):
    id: str
    folder_id: str
    name: str
    project_id: str | None
    parent_id: str | None
    created_at: str = Field(description='"YYYY-MM-DD HH:MM:SS" in UTC.')
