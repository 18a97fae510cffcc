"""Users and their permissions."""

from collections.abc import Sequence

from framehouse.dialects.adilo import schemas
from framehouse.identity import Permission, Role, User
from framehouse.kernel import InvalidInput, to_integer

# The document's spellings, in its order; ours are names of the same things.
_SPELLED_OTHERWISE = {
    Permission.REQUEST_SNAPS: "Request Snaps (Shared Snaps)",
    Permission.GLOBAL_VIDEO_SETTINGS: "Global video settings",
    Permission.VIEW_INTEGRATIONS: "View Intergrations",
    Permission.ADD_INTEGRATIONS: "Add Intergrations",
    Permission.DELETE_INTEGRATIONS: "Delete Intergrations",
}
PERMISSIONS = {each: _SPELLED_OTHERWISE.get(each, each.value.replace("_", " ").title()) for each in Permission}
_PERMISSION_OF = {name.casefold(): each for each, name in PERMISSIONS.items()}


def permissions(names: Sequence[str]) -> tuple[Permission, ...]:
    """In any case. InvalidInput that names the first one that is none."""
    found: list[Permission] = []
    for name in names:
        permission = _PERMISSION_OF.get(" ".join(name.split()).casefold())
        if permission is None:
            known = ", ".join(PERMISSIONS.values())
            raise InvalidInput(
                f"{name[:100]!r} is no permission; there are {known}", fields={"permissions": "is unknown"}
            )
        found.append(permission)
    return tuple(found)


def user(found: User) -> schemas.User:
    """Who has no list may do what an administrator or the role may: every permission is theirs."""
    held = found.permissions if found.permissions is not None and found.role is not Role.ADMIN else tuple(Permission)
    return schemas.User(
        id=to_integer(found.id),
        user_id=to_integer(found.id),
        name=found.name,
        email=found.email,
        permissions=[PERMISSIONS[permission] for permission in held],
        created_at=found.created_at.strftime("%Y-%m-%d %H:%M:%S"),
    )
