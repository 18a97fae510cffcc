"""Statistics: what was shown, played and watched, by whom, where and on what. Defined in docs/reference/metrics.md."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from framehouse import audience, library
from framehouse.audience import Label, PlaySession, SessionFilter
from framehouse.dialects.gateway import Call, Caller, refusals, takes
from framehouse.dialects.sproutvideo import schemas, translate
from framehouse.dialects.sproutvideo.errors import DOCUMENTED
from framehouse.dialects.sproutvideo.routes.lists import around, window
from framehouse.dialects.sproutvideo.translate import stats
from framehouse.kernel import VideoId
from framehouse.library import VideoQuery

router = APIRouter(tags=["Analytics"])
Row = dict[str, Any]
VideoPath = Annotated[str, Path(description="The video's id.")]
SESSION_PARAMETERS = frozenset(schemas.SessionQuery.model_fields)
_FAMILIES = (
    ("domains", "domain", Label.DOMAIN, "Domains of the pages around the player"),
    ("video_types", "video_type", Label.DEFINITION, "High or standard definition, as it began to play"),
    ("playback_types", "playback_type", Label.PLAYBACK_TYPE, "What played it"),
    ("device_types", "device_type", Label.DEVICE_TYPE, "Kinds of devices"),
)
_DATED = "With `start_date` or `end_date` the answer is an array of days (UTC), all that the range has."


async def _own_video(call: Call, given: str) -> library.Video:
    return await library.get_video(call.library, call.owner, translate.ids.video_id(given))


async def _counts(call: Call, video_id: VideoId | None) -> Row | list[Row]:
    given = call.query(schemas.DatesQuery)
    scope = stats.scope(call.owner.tenant_id, given, call.context.clock.now().date(), video_id)
    context = call.context.audience
    if scope.from_ms is None and scope.to_ms is None:
        return stats.counts(await audience.counts(context, scope))
    days = await audience.counts_by_day(context, scope)
    return [{"date": day.isoformat(), **stats.counts(found)} for day, found in days]


@router.get(
    "/stats/counts",
    summary="Play counts",
    description=_DATED,
    openapi_extra=takes(query=schemas.DatesQuery),
    response_model=schemas.PlayCounts | list[schemas.PlayCountsByDate],
)
async def counts(call: Caller) -> Row | list[Row]:
    return await _counts(call, None)


@router.get(
    "/stats/counts/{video_id}",
    summary="Play counts of a video",
    description=_DATED,
    openapi_extra=takes(query=schemas.DatesQuery),
    response_model=schemas.PlayCounts | list[schemas.PlayCountsByDate],
    responses=refusals(DOCUMENTED, 404),
)
async def counts_of_video(video_id: VideoPath, call: Caller) -> Row | list[Row]:
    return await _counts(call, (await _own_video(call, video_id)).id)


async def _labelled(
    call: Call, family: str, name: str, label: Label, video_id: VideoId | None, country: str | None = None
) -> list[Row]:
    today = call.context.clock.now().date()
    scope = stats.scope(call.owner.tenant_id, call.query(schemas.DatesQuery), today, video_id)
    context = call.context.audience
    if scope.from_ms is None and scope.to_ms is None:
        return stats.labelled(name, label, await audience.plays_by(context, scope, label, country))
    days = await audience.plays_by_day(context, scope, label, country)
    return [{"date": day.isoformat(), family: stats.labelled(name, label, found)} for day, found in days]


def _add_family(family: str, name: str, label: Label, what: str) -> None:
    async def overall(call: Caller) -> list[Row]:
        return await _labelled(call, family, name, label, None)

    async def of_video(video_id: VideoPath, call: Caller) -> list[Row]:
        return await _labelled(call, family, name, label, (await _own_video(call, video_id)).id)

    said: Row = {"description": f"{what}. {_DATED}", "openapi_extra": takes(query=schemas.DatesQuery)}
    title = family.replace("_", " ").capitalize()
    router.add_api_route(f"/stats/{family}", overall, summary=title, operation_id=f"stats_{family}", **said)
    router.add_api_route(
        f"/stats/{family}/{{video_id}}", of_video, summary=f"{title} of a video",
        operation_id=f"stats_{family}_video", responses=refusals(DOCUMENTED, 404), **said,
    )  # fmt: skip


for _family in _FAMILIES:
    _add_family(*_family)


async def _geo(call: Call, video_id: VideoId | None) -> list[Row]:
    country = call.query(schemas.GeoQuery).country
    if country is None:
        return await _labelled(call, "geo", "country", Label.COUNTRY, video_id)
    return await _labelled(call, "geo", "city", Label.CITY, video_id, country.upper())


@router.get(
    "/stats/geo",
    summary="Countries, or cities of one",
    description=f"`country` asks for the cities of one. {_DATED}",
    openapi_extra=takes(query=schemas.GeoQuery),
)
async def geo(call: Caller) -> list[Row]:
    return await _geo(call, None)


@router.get(
    "/stats/geo/{video_id}",
    summary="Countries or cities of a video",
    description=f"`country` asks for the cities of one. {_DATED}",
    openapi_extra=takes(query=schemas.GeoQuery),
    responses=refusals(DOCUMENTED, 404),
)
async def geo_of_video(video_id: VideoPath, call: Caller) -> list[Row]:
    return await _geo(call, (await _own_video(call, video_id)).id)


@router.get("/stats/engagement", summary="Engagement", description="How much was watched of all videos, of all time.")
async def engagement(call: Caller) -> schemas.EngagementTotal:
    watched_ms = await audience.watched_ms(call.context.audience, audience.Scope(call.owner.tenant_id))
    return schemas.EngagementTotal(seconds_watched=round(watched_ms / 1000))


@router.get(
    "/stats/engagement/sessions",
    summary="Playback sessions",
    description="The newest first. `vemail` and `uid` are what the embed's address said of the viewer.",
    openapi_extra=takes(query=schemas.SessionQuery),
)
async def sessions(call: Caller) -> schemas.SessionList:
    around_them, rows = await _sessions(call, None)
    return schemas.SessionList.model_validate({**around_them, "sessions": rows})


@router.get(
    "/stats/engagement/{video_id}",
    summary="Engagement of a video",
    description="With one of the parameters of playback sessions, these are answered: the document has both here.",
    openapi_extra=takes(query=schemas.SessionQuery),
    response_model=schemas.Engagement | schemas.VideoSessionList,
    responses=refusals(DOCUMENTED, 404),
)
async def engagement_of_video(video_id: VideoPath, call: Caller) -> schemas.Engagement | schemas.VideoSessionList:
    if SESSION_PARAMETERS.intersection(call.request.query_params):
        return await sessions_of_video(video_id, call)
    video = await _own_video(call, video_id)
    scope = audience.Scope(call.owner.tenant_id)
    found = await audience.engagement(call.context.audience, scope, video.id, video.duration_ms)
    return stats.engagement(found)


@router.get(
    "/stats/engagement/{video_id}/sessions",
    summary="Playback sessions of a video",
    description="The newest first.",
    openapi_extra=takes(query=schemas.SessionQuery),
    responses=refusals(DOCUMENTED, 404),
)
async def sessions_of_video(video_id: VideoPath, call: Caller) -> schemas.VideoSessionList:
    around_them, rows = await _sessions(call, await _own_video(call, video_id))
    for row in rows:
        del row["video_id"]
    return schemas.VideoSessionList.model_validate({**around_them, "sessions": rows})


async def _sessions(call: Call, video: library.Video | None) -> tuple[Row, list[Row]]:
    given = call.query(schemas.SessionQuery)
    today = call.context.clock.now().date()
    scope = stats.scope(call.owner.tenant_id, given, today, video.id if video else None)
    wanted, context = window(given), call.context.audience
    who = SessionFilter(email=given.vemail, uid=given.uid)
    found, total = await audience.play_sessions(context, scope, who, wanted.offset, wanted.limit)
    watched = await audience.watched_sessions(context, scope, found, await _durations(call, found))
    return around(call, given, total), [stats.session(one) for one in watched]


async def _durations(call: Call, found: list[PlaySession]) -> dict[VideoId, int]:
    """Of those videos that are still there."""
    ids = list({session.video_id for session in found})
    page = await library.list_videos(call.library, call.owner, VideoQuery(ids=ids, limit=max(1, len(ids))))
    return {video.id: video.duration_ms for video in page.items if video.duration_ms is not None}
