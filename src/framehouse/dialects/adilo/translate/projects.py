"""Projects."""

from framehouse.dialects.adilo import schemas
from framehouse.kernel import to_base64url
from framehouse.library import UNCHANGED, Project, ProjectChanges


def project(found: Project) -> schemas.Project:
    return schemas.Project(
        id=to_base64url(found.id),
        project_id=to_base64url(found.id),
        title=found.title,
        name=found.title,
        description=found.description or None,
        locked=found.locked,
        drm=found.protected,
        private=found.private,
        created_at=found.created_at.strftime("%Y-%m-%d %H:%M:%S"),
    )


def project_changes(given: schemas.ProjectUpdate) -> ProjectChanges:
    """What is not sent stays."""
    return ProjectChanges(
        title=given.title if given.title is not None else UNCHANGED,
        description=given.description if given.description is not None else UNCHANGED,
        locked=given.locked if given.locked is not None else UNCHANGED,
        password=given.password if given.password is not None else UNCHANGED,
        protected=given.drm if given.drm is not None else UNCHANGED,
        private=given.private if given.private is not None else UNCHANGED,
    )
