"""Logins: the names and passwords of viewers."""

from fastapi import APIRouter

from framehouse import playback
from framehouse.dialects.gateway import Call, Caller, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.lists import around, window
from framehouse.identity import Login

router = APIRouter(tags=["Logins"])


@router.get(
    "/logins",
    summary="List your logins",
    description="The account's logins a page at a time, the newest first.",
    openapi_extra=takes(query=schemas.ListQuery),
)
async def list_logins(call: Caller) -> schemas.LoginList:
    given = call.query(schemas.ListQuery)
    wanted = window(given)
    identity, tenant_id = call.context.identity, call.principal.tenant_id
    found, total = await identity.logins(tenant_id, offset=wanted.offset, limit=wanted.limit)
    return schemas.LoginList(**around(call, given, total), logins=await _answers(call, *found))


@router.get(
    "/logins/{id}",
    summary="Get a single login",
    description="With the ids of its access grants; passwords are never answered.",
    responses=refusals(DOCUMENTED, 404),
)
async def get_login(id: str, call: Caller) -> schemas.Login:  # noqa: A002  (the parameter's documented name)
    login = await call.context.identity.login(call.principal.tenant_id, translate.ids.login_id(id))
    return (await _answers(call, login))[0]


@router.post(
    "/logins",
    summary="Create a new login",
    description="It opens nothing until it has an access grant.",
    openapi_extra=takes(body=schemas.LoginCreate, required=True),
    responses=refusals(DOCUMENTED, 409, _409="There is a login of this e-mail address."),
)
async def create_login(call: Caller) -> schemas.Login:
    call.may_change()
    given = await call.body(schemas.LoginCreate)
    login = await call.context.identity.create_login(call.principal.tenant_id, given.email, given.password)
    return (await _answers(call, login))[0]


@router.put(
    "/logins/{id}",
    summary="Edit a login",
    description="Sets a new password, which is required. Who is signed in with the old one is out.",
    openapi_extra=takes(body=schemas.LoginEdit, required=True),
    responses=refusals(DOCUMENTED, 404),
)
async def edit_login(id: str, call: Caller) -> schemas.Login:  # noqa: A002  (as above)
    call.may_change()
    given = await call.body(schemas.LoginEdit)
    login_id = translate.ids.login_id(id)
    login = await call.context.identity.set_login_password(call.principal.tenant_id, login_id, given.password)
    return (await _answers(call, login))[0]


@router.delete(
    "/logins/{id}",
    summary="Delete a login",
    description="With its access grants. The last data of the login is answered.",
    responses=refusals(DOCUMENTED, 404),
)
async def delete_login(id: str, call: Caller) -> schemas.Login:  # noqa: A002  (as above)
    call.may_change()
    tenant_id, login_id = call.principal.tenant_id, translate.ids.login_id(id)
    last = await _answers(call, await call.context.identity.login(tenant_id, login_id))
    await call.context.identity.delete_login(tenant_id, login_id)
    return last[0]


async def _answers(call: Call, *logins: Login) -> list[schemas.Login]:
    grants = await playback.grant_ids_of_logins(call.library, call.owner, [login.id for login in logins])
    return [translate.login(login, grants.get(login.id, [])) for login in logins]
