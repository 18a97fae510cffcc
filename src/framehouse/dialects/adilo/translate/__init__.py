"""Between Adilo's words and the library's."""

from framehouse.dialects.adilo.translate.contacts import contact
from framehouse.dialects.adilo.translate.files import check_key, downloads, file, file_name, new_video, upload_key
from framehouse.dialects.adilo.translate.folders import folder, folder_changes
from framehouse.dialects.adilo.translate.ids import contact_id, file_id, folder_id, project_id, upload_id, user_id
from framehouse.dialects.adilo.translate.projects import project, project_changes
from framehouse.dialects.adilo.translate.subtitles import (
    best_subtitle,
    missing,
    subtitle,
    translation_in,
    with_subtitles,
    work,
)
from framehouse.dialects.adilo.translate.users import PERMISSIONS, permissions, user

__all__ = [
    "PERMISSIONS",
    "best_subtitle",
    "check_key",
    "contact",
    "contact_id",
    "downloads",
    "file",
    "file_id",
    "file_name",
    "folder",
    "folder_changes",
    "folder_id",
    "missing",
    "new_video",
    "permissions",
    "project",
    "project_changes",
    "project_id",
    "subtitle",
    "translation_in",
    "upload_id",
    "upload_key",
    "user",
    "user_id",
    "with_subtitles",
    "work",
]
