"""Projects."""

from framehouse.dialects.adilo import schemas
from framehouse.kernel import to_base64url
from framehouse.library import Project


def project(found: Project) -> schemas.Project:
    return schemas.Project(
        id=to_base64url(found.id),
        title=found.title,
        name=found.title,
        description=found.description or None,
        locked=found.locked,
        drm=found.protected,
        private=found.private,
        created_at=found.created_at.strftime("%Y-%m-%d %H:%M:%S"),
    )
