"""Between Adilo's words and the library's."""

from framehouse.dialects.adilo.translate.files import check_key, downloads, file, file_name, new_video, upload_key
from framehouse.dialects.adilo.translate.ids import file_id, folder_id, project_id, upload_id, user_id
from framehouse.dialects.adilo.translate.projects import project, project_changes
from framehouse.dialects.adilo.translate.users import PERMISSIONS, permissions, user

__all__ = [
    "PERMISSIONS",
    "check_key",
    "downloads",
    "file",
    "file_id",
    "file_name",
    "folder_id",
    "new_video",
    "permissions",
    "project",
    "project_changes",
    "project_id",
    "upload_id",
    "upload_key",
    "user",
    "user_id",
]
