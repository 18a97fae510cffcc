"""The people of a team, with what each may do where they sign in."""

from fastapi import APIRouter

from framehouse.dialects.adilo import schemas, translate
from framehouse.dialects.adilo.routes.envelope import listed, said, window
from framehouse.dialects.gateway import Call, Caller, takes
from framehouse.identity import UNCHANGED, Role, UserChanges

router = APIRouter(tags=["Users"])


@router.post(
    "/users",
    summary="Create a user",
    description="Somebody of the current team, who may do what `permissions` lists and nothing else. The e-mail "
    "address is what one signs in with, unique in the whole installation; the password has 10 characters or more.",
    openapi_extra=takes(body=schemas.UserCreate, required=True),
)
async def create_user(call: Caller) -> schemas.Envelope[schemas.User]:
    _may_manage(call)
    given = await call.body(schemas.UserCreate)
    user = await call.context.identity.create_user(
        call.owner.tenant_id,
        given.email,
        given.name,
        given.password,
        Role.EDITOR,
        translate.permissions(given.permissions),
    )
    return said("The user was created", translate.user(user))


@router.get(
    "/users",
    summary="List users",
    description="The people of the current team, the oldest first. A page past the end is empty.",
    openapi_extra=takes(query=schemas.Positions),
)
async def list_users(call: Caller) -> schemas.ListEnvelope[schemas.User]:
    part = window(call)
    found, total = await call.context.identity.page_of_users(call.owner.tenant_id, offset=part.offset, limit=part.limit)
    return listed("The users were fetched", [translate.user(user) for user in found], total)


@router.get("/users/{user_id}", summary="Get a user", description="By its id; 403 for any other team's id.")
async def get_user(user_id: str, call: Caller) -> schemas.Envelope[schemas.User]:
    user = await call.context.identity.user(call.owner.tenant_id, translate.user_id(user_id))
    return said("The user was fetched", translate.user(user))


@router.put(
    "/users/{user_id}",
    summary="Update a user",
    description="What is not sent stays. `permissions` replaces the whole list; a new password signs the user out.",
    openapi_extra=takes(body=schemas.UserUpdate),
)
async def update_user(user_id: str, call: Caller) -> schemas.Envelope[schemas.User]:
    _may_manage(call)
    given = await call.body(schemas.UserUpdate)
    changes = UserChanges(
        name=given.name if given.name is not None else UNCHANGED,
        email=given.email if given.email is not None else UNCHANGED,
        password=given.password if given.password is not None else UNCHANGED,
        permissions=translate.permissions(given.permissions) if given.permissions is not None else UNCHANGED,
    )
    user = await call.context.identity.change_user(call.owner.tenant_id, translate.user_id(user_id), changes)
    return said("The user was updated", translate.user(user))


@router.delete(
    "/users/{user_id}",
    summary="Delete a user",
    description="Signed out at once. The team's last administrator cannot be deleted.",
)
async def delete_user(user_id: str, call: Caller) -> schemas.Envelope[schemas.User]:
    _may_manage(call)
    user = await call.context.identity.delete_user(call.owner.tenant_id, translate.user_id(user_id))
    return said("The user was deleted", translate.user(user))


def _may_manage(call: Call) -> None:
    """Whoever makes people decides what they may do: that is an administrator's."""
    call.principal.require(Role.ADMIN)
