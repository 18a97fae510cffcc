"""Adilo's objects. Its document lost the fields of answers: these are its requests' fields and what clients read."""

from framehouse.dialects.adilo.schemas.contacts import Contact, ContactsDownload
from framehouse.dialects.adilo.schemas.files import (
    Download,
    File,
    PartUrl,
    PartUrlQuery,
    UpdateStart,
    Upload,
    UploadComplete,
    UploadPart,
    UploadStart,
)
from framehouse.dialects.adilo.schemas.folders import Folder, FolderCreate, FolderUpdate
from framehouse.dialects.adilo.schemas.projects import Project, ProjectCreate, ProjectDeleted, ProjectUpdate
from framehouse.dialects.adilo.schemas.subtitles import (
    FileMeta,
    LanguageQuery,
    OptionalLanguageQuery,
    Subtitle,
    SubtitleRequest,
)
from framehouse.dialects.adilo.schemas.users import User, UserCreate, UserUpdate
from framehouse.dialects.adilo.schemas.values import (
    COUNT_MAX,
    Deleted,
    Envelope,
    Lenient,
    ListEnvelope,
    Meta,
    Positions,
)

__all__ = [
    "COUNT_MAX",
    "Contact",
    "ContactsDownload",
    "Deleted",
    "Download",
    "Envelope",
    "File",
    "FileMeta",
    "Folder",
    "FolderCreate",
    "FolderUpdate",
    "LanguageQuery",
    "Lenient",
    "ListEnvelope",
    "Meta",
    "OptionalLanguageQuery",
    "PartUrl",
    "PartUrlQuery",
    "Positions",
    "Project",
    "ProjectCreate",
    "ProjectDeleted",
    "ProjectUpdate",
    "Subtitle",
    "SubtitleRequest",
    "UpdateStart",
    "Upload",
    "UploadComplete",
    "UploadPart",
    "UploadStart",
    "User",
    "UserCreate",
    "UserUpdate",
]
