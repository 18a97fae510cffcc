"""The account."""

from fastapi import APIRouter

from framehouse.dialects.gateway import Caller, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.identity import Role

router = APIRouter(tags=["Account"])


@router.get("/account", summary="Get your account", description="What it says of itself, and its defaults for videos.")
async def get_account(call: Caller) -> schemas.Account:
    return translate.account(await call.context.identity.get_tenant(call.principal.tenant_id))


@router.put(
    "/account",
    summary="Edit your account",
    description="Changes the fields that are sent and no others; needs an administrator's key. `privacy` counts for "
    "videos to come, downloads and `notification_url` for all that say nothing else.",
    openapi_extra=takes(body=schemas.AccountEdit),
)
async def edit_account(call: Caller) -> schemas.Account:
    call.principal.require(Role.ADMIN)
    given = await call.body(schemas.AccountEdit)
    identity, tenant_id = call.context.identity, call.principal.tenant_id
    tenant = await identity.get_tenant(tenant_id)
    changes = translate.account_changes(given, tenant.profile)
    return translate.account(await identity.update_tenant(tenant_id, changes))
