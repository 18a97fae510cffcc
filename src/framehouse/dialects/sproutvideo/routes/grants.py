"""Access grants: which login may watch which video."""

from collections.abc import Sequence

from fastapi import APIRouter

from framehouse import library, playback
from framehouse.dialects.gateway import Call, Caller, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.lists import around, window
from framehouse.kernel import InvalidInput, LoginId, NotFound, VideoId
from framehouse.playback import NewGrant

router = APIRouter(tags=["Access grants"])


@router.get(
    "/access_grants",
    summary="List your access grants",
    description="The account's access grants a page at a time, the newest first.",
    openapi_extra=takes(query=schemas.GrantListQuery),
)
async def list_grants(call: Caller) -> schemas.AccessGrantList:
    given = call.query(schemas.GrantListQuery)
    wanted = window(given)
    page = await playback.list_grants(
        call.library,
        call.owner,
        offset=wanted.offset,
        limit=wanted.limit,
        login_id=translate.ids.login_id(given.login_id) if given.login_id else None,
        video_id=translate.ids.video_id(given.video_id) if given.video_id else None,
    )
    grants = [translate.grant(grant) for grant in page.items]
    return schemas.AccessGrantList(**around(call, given, page.total), access_grants=grants)


@router.get(
    "/access_grants/{id}",
    summary="Get a single access grant",
    description="With the number of plays that were counted.",
    responses=refusals(DOCUMENTED, 404),
)
async def get_grant(id: str, call: Caller) -> schemas.AccessGrant:  # noqa: A002  (the parameter's documented name)
    return translate.grant(await playback.get_grant(call.library, call.owner, translate.ids.grant_id(id)))


@router.post(
    "/access_grants",
    summary="Create a new access grant",
    description="Lets a login watch a login-protected video. A login may have several grants for one video; one that "
    "allows is enough.",
    openapi_extra=takes(body=schemas.GrantCreate, required=True),
    responses=refusals(DOCUMENTED, 404, _404="There is no such login or video."),
)
async def create_grant(call: Caller) -> schemas.AccessGrant:
    call.may_change()
    new = translate.new_grant(await call.body(schemas.GrantCreate))
    return translate.grant(await playback.create_grant(call.library, call.owner, new))


@router.post(
    "/access_grants/bulk",
    summary="Create many access grants",
    description="A JSON array of what single access grants take; answers them in the same order. When one cannot be "
    "made none is, and `errors` says which by their places, the first being 0: `0.login_id`.",
    openapi_extra=takes(items=schemas.GrantCreate),
)
async def create_grants(call: Caller) -> list[schemas.AccessGrant]:
    call.may_change()
    news = [translate.new_grant(given) for given in await call.items(schemas.GrantCreate, "access_grants")]
    try:
        grants = await playback.create_grants(call.library, call.owner, news)
    except (NotFound, InvalidInput) as error:
        fields = await _wrong(call, news) or error.fields
        raise InvalidInput(f"none was made: {error.message}", fields=fields) from error
    return [translate.grant(grant) for grant in grants]


@router.put(
    "/access_grants/{id}",
    summary="Edit an access grant",
    description="Changes the fields that are sent and no others; null clears a date. Plays that were counted stay.",
    openapi_extra=takes(body=schemas.GrantEdit),
    responses=refusals(DOCUMENTED, 404),
)
async def edit_grant(id: str, call: Caller) -> schemas.AccessGrant:  # noqa: A002  (as above)
    call.may_change()
    changes = translate.grant_changes(await call.body(schemas.GrantEdit))
    grant_id = translate.ids.grant_id(id)
    return translate.grant(await playback.change_grant(call.library, call.owner, grant_id, changes))


@router.delete(
    "/access_grants/{id}",
    summary="Delete an access grant",
    description="Who is watching by it stops. The last data of the grant is answered.",
    responses=refusals(DOCUMENTED, 404),
)
async def delete_grant(id: str, call: Caller) -> schemas.AccessGrant:  # noqa: A002  (as above)
    call.may_change()
    return translate.grant(await playback.delete_grant(call.library, call.owner, translate.ids.grant_id(id)))


async def _wrong(call: Call, news: Sequence[NewGrant]) -> dict[str, str]:
    """What is wrong with each of the grants that could not be made; asked only after they could not."""
    unknown = await _unknown(call, {new.login_id for new in news}, {new.video_id for new in news})
    fields: dict[str, str] = {}
    for place, new in enumerate(news):
        if new.login_id in unknown[0]:
            fields[f"{place}.login_id"] = "is unknown"
        if new.video_id in unknown[1]:
            fields[f"{place}.video_id"] = "is unknown"
        if new.starts_at is not None and new.ends_at is not None and new.starts_at >= new.ends_at:
            fields[f"{place}.access_ends_at"] = "is not after the start"
    return fields


async def _unknown(call: Call, logins: set[LoginId], videos: set[VideoId]) -> tuple[set[LoginId], set[VideoId]]:
    for login_id in list(logins):
        try:
            await call.context.identity.login(call.principal.tenant_id, login_id)
            logins.remove(login_id)
        except NotFound:
            continue
    for video_id in list(videos):
        try:
            await library.get_video(call.library, call.owner, video_id)
            videos.remove(video_id)
        except NotFound:
            continue
    return logins, videos
