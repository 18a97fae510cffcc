"""Tags and folders."""

from pydantic import Field

from framehouse.dialects.gateway import Input, Output
from framehouse.dialects.sproutvideo.schemas.values import Listed, ListQuery


class TagName(Input):
    name: str = Field(min_length=1, max_length=255, pattern=r"\S", description="Name; the account has each once.")


class Tag(Output):
    id: str
    name: str
    created_at: str
    updated_at: str


class TagList(Listed):
    tags: list[Tag]


class FolderListQuery(ListQuery):
    parent_id: str | None = Field(None, description="Folder whose folders are listed; without it those of the root.")


class FolderCreate(Input):
    name: str = Field(min_length=1, max_length=1000, pattern=r"\S", description="Name.")
    parent_id: str | None = Field(None, description="Folder to put it into; blank for the root.")


class FolderEdit(Input):
    name: str | None = Field(None, min_length=1, max_length=1000, pattern=r"\S", description="Name.")
    parent_id: str | None = Field(None, description="Folder to move it into; null or blank for the root.")


class FolderDelete(Input):
    delete_all: bool = Field(False, description="Whether everything in it goes too; otherwise it moves to the root.")


class Folder(Output):
    id: str
    name: str
    parent_id: str | None = Field(description="null in the root.")
    created_at: str
    updated_at: str


class FolderList(Listed):
    folders: list[Folder]
